// SPDX-License-Identifier: GPL-3.0-or-later
// The images that `gan-images` learns.
#pragma once

#include <optional>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"

namespace viva {

enum class GanImagesData { Digits, Shapes, File };

inline constexpr ParameterName<GanImagesData> kImagesData{"data"};
inline constexpr ParameterName<File> kImageFile{"image_file"};
inline constexpr ParameterName<File> kLabelFile{"label_file"};
inline constexpr ParameterName<bool> kConditional{"conditional"};
inline constexpr ParameterName<std::int64_t> kImageSamples{"samples"};
inline constexpr ParameterName<std::int64_t> kImageNoise{"noise_dim"};
inline constexpr ParameterName<std::int64_t> kImageWidth{"width"};
inline constexpr ParameterName<std::int64_t> kImageBatch{"batch_size"};
inline constexpr ParameterName<std::int64_t> kImageEvaluateEvery{"evaluate_every"};
inline constexpr ParameterName<std::int64_t> kShownClass{"shown_class"};
inline constexpr ParameterName<Point> kWalk{"walk"};

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
