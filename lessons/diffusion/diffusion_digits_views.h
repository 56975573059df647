// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `diffusion-digits` and a check of its net.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/diffusion/digit_denoiser.h"

namespace viva {

/// Images [rows * columns, 256] from -1 to 1, a row a class, ink dark on white as on paper.
ImagesData classImages(const torch::Tensor& images, std::int64_t columns);
/// The same digits at some times on their way out of the noise, a row a time.
ImagesData denoisingImages(const std::vector<torch::Tensor>& moments,
                           const std::vector<std::int64_t>& times);
/// A row for each of the weights that are judged.
ImagesData weightImages(const std::vector<torch::Tensor>& by_weight);
ImagesData realDigits(const Dataset& data);

/// `modules`: the net against the library's own modules with its weights.
void checkDigitDenoiser(const DigitDenoiser& net, const torch::Tensor& images,
                        const torch::Tensor& classes, CheckSink& sink);

}  // namespace viva
