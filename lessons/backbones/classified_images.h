// SPDX-License-Identifier: GPL-3.0-or-later
// The images that the nets of this folder learn to tell apart.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>

#include "lessons/backbones/small_networks.h"
#include "lessons/core/file_or_folder.h"
#include "lessons/core/parameter.h"

namespace viva {

struct Split;

enum class ImageSource { Digits, Shapes, File };

inline const auto kImages = choice<ImageSource>("dataset", {{ImageSource::Digits, "digits"},
                                                            {ImageSource::Shapes, "shapes"},
                                                            {ImageSource::File, "file"}})
                                .grouped("data");
inline const auto kImagesFile =
    fileOrFolder("image_file").grouped("data").onlyWhen(kImages, {ImageSource::File});
inline const auto kImageLabels =
    file("label_file").grouped("data").onlyWhen(kImages, {ImageSource::File});
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
/// Of drawn images, and of the user's own, which are in colour.
inline constexpr std::int64_t kImageSide = 12, kOwnSide = 16;

/// What is wrong with the choice of images, if anything is: no file, or a batch that is larger than
/// the training images.
std::optional<Message> problemWithImages(const Parameters& parameters);
/// What a net of those images is shown and asked; of the user's own, at most.
ImageTask taskOf(const Parameters& parameters);

/// Images [samples, channels, side, side], float32, from 0 to 1. Throws what ownImages and
/// stratifiedSplit throw, and RequestError where a file has too few images for the batch.
Split classifiedImages(const Parameters& parameters, std::uint64_t seed,
                       const std::stop_token& stop = {});
ImageTask taskOf(const Split& images);
/// What was read from the user's files; nothing where images are drawn.
std::optional<Message> readingOf(const Parameters& parameters, const Split& images);

}  // namespace viva
