// SPDX-License-Identifier: GPL-3.0-or-later
// What a perfect net would answer: the data are a mixture of Gaussians, and noise keeps it one.
#pragma once

#include <torch/types.h>

#include "lessons/diffusion/denoising.h"
#include "lessons/diffusion/noise_path.h"

namespace viva {

/// Equal shares of Gaussians; with deviation 0 the points themselves, as of a training set.
struct PlaneMixture {
  torch::Tensor centres;  ///< [components, 2]
  double sigma = 0;
};

/// The means of data and noise given x_t: both [n, 2], float64. `x` [n, 2]. The noise is -s times
/// the gradient of log p_t (Tweedie's formula), where p_t is the mixture of Gaussians around a
/// times the centres, of variance a^2 sigma^2 + s^2.
Denoised exactParts(const PlaneMixture& mixture, const NoiseLevel& level, const torch::Tensor& x);
/// The same for levels that differ: a and s [n, 1].
Denoised exactParts(const PlaneMixture& mixture, const torch::Tensor& a, const torch::Tensor& s,
                    const torch::Tensor& x);
/// The gradient of log p_t: [n, 2], float64.
torch::Tensor exactScore(const PlaneMixture& mixture, const NoiseLevel& level,
                         const torch::Tensor& x);

}  // namespace viva
