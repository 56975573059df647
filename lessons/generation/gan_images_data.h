// SPDX-License-Identifier: GPL-3.0-or-later
// The images that `gan-images` learns.
#pragma once

#include <optional>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"

namespace viva {

enum class GanImagesData { Digits, Shapes, File };

inline constexpr Parameter<GanImagesData> kImagesData{"data"};
inline constexpr Parameter<File> kImageFile{"image_file"};
inline constexpr Parameter<File> kLabelFile{"label_file"};
inline constexpr Parameter<bool> kConditional{"conditional"};
inline constexpr Parameter<std::int64_t> kImageSamples{"samples"};
inline constexpr Parameter<std::int64_t> kImageNoise{"noise_dim"};
inline constexpr Parameter<std::int64_t> kImageWidth{"width"};
inline constexpr Parameter<std::int64_t> kImageBatch{"batch_size"};
inline constexpr Parameter<std::int64_t> kImageEvaluateEvery{"evaluate_every"};
inline constexpr Parameter<std::int64_t> kShownClass{"shown_class"};
inline constexpr Parameter<Point> kWalk{"walk"};

inline constexpr std::int64_t kImageSize = 12;
inline constexpr std::int64_t kMostImages = 20000;  ///< of a file: the first ones

std::vector<ParameterSpec> ganImagesParameters();
std::vector<RecordSpec> ganImagesRecords(const Parameters& parameters);
std::optional<Message> validateGanImages(const Parameters& parameters);
std::vector<ViewSpec> ganImagesViews();
std::vector<Preset> ganImagesPresets();

/// Inputs [samples, 1, 12, 12] from -1 (no ink) to 1. Images of a file are averaged down. Without
/// labels there is one class. Throws FileError for a file that cannot be used.
Dataset ganImagesData(const Parameters& parameters, at::Generator generator);

}  // namespace viva
