// SPDX-License-Identifier: GPL-3.0-or-later
// The images of `vit-vs-cnn`, [images, channels, 16, 16] in float32, and what is done to them.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/vit/vit_vs_cnn.h"

namespace viva {

/// The training images, and as `validation` those that nobody learns from. Any beginning of the
/// training images has of every class its share. Throws FileError for a file that cannot be used,
/// and Stopped.
Split contestImages(const Parameters& parameters, const RunContext& context);

/// What was read from the user's files; nothing where images are drawn.
std::optional<Message> contestReading(const Parameters& parameters, const Split& images);

/// Images of kGlyphClasses signs of two or three strokes each that a generator made up: the same
/// kind of ink as digits, and no digit among them.
Split glyphImages(std::int64_t images, double noise, at::Generator generator);

/// Noise of deviation `noise` on which two of eight marks of 4x4 pixels, +-1 each, stand: one in
/// the left quarter of the image, one in the right. Label 1: they are equal (half of the images).
Dataset relationImages(std::int64_t images, MarkPlaces places, double noise,
                       at::Generator generator);

/// The patches of images [n, channels, side, side], row by row, each with its channels one after
/// another, which are the numbers that a convolution of that kernel multiplies: [n, (side /
/// patch)^2, channels * patch^2].
torch::Tensor patchesOf(const torch::Tensor& images, std::int64_t patch);
/// The images whose patches, row by row, are those of `images` in the `order` [patches].
torch::Tensor rearranged(const torch::Tensor& images, std::int64_t patch,
                         const torch::Tensor& order);
/// Image i moved by `pixels` to the right, left, down or up, as i mod 4 says; zeros come in.
torch::Tensor movedEachWay(const torch::Tensor& images, std::int64_t pixels);

}  // namespace viva
