// SPDX-License-Identifier: GPL-3.0-or-later
// The images that the nets of this folder learn to tell apart.
#pragma once

#include <cstdint>
#include <optional>

#include "lessons/core/parameter.h"

namespace viva {

struct Split;
struct ImageTask;

enum class ImageSource { Digits, Shapes };

inline const auto kImages =
    choice<ImageSource>("dataset", {{ImageSource::Digits, "digits"}, {ImageSource::Shapes, "shapes"}})
        .grouped("data");
inline const auto kImageCount =
    integer("samples", 2000).range(200, 20000).logarithmic().grouped("data");
inline const auto kImageBatch =
    integer("batch_size", 64).range(8, 512).logarithmic().grouped("data");

/// The streams of randomness of a run, for generatorFor().
inline constexpr std::uint64_t kImageStream = 0, kWeightStream = 1, kImageBatchStream = 2,
                               kAugmentationStream = 3;

/// A fifth is kept for validation.
inline constexpr double kImageValidationShare = 0.2;
/// Accuracies are those of so many validation images at most, and of as many training images.
inline constexpr std::int64_t kMostEvaluated = 400;
inline constexpr std::int64_t kImageSide = 12;

/// What is wrong with a batch that is larger than the training images, if it is.
std::optional<Message> problemWithBatch(const Parameters& parameters);

/// Images [samples, channels, side, side], float32, from 0 to 1.
Split classifiedImages(const Parameters& parameters, std::uint64_t seed);
/// What a net of those images is shown and asked.
ImageTask taskOf(const Split& images);

}  // namespace viva
