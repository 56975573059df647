// SPDX-License-Identifier: GPL-3.0-or-later
// What `optimizer-training` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/optimizers.h"

namespace viva {

enum class TrainingModel { Mlp, Convnet, Embedding };
enum class TrainingData { Moons, Circles, Spirals, Digits, SparseWords, File };

inline constexpr ParameterName<TrainingModel> kModel{"model"};
inline constexpr ParameterName<std::int64_t> kHidden{"hidden"};
inline constexpr ParameterName<TrainingData> kDataset{"dataset"};
inline constexpr ParameterName<File> kDataFile{"data_file"};
inline constexpr ParameterName<bool> kStandardize{"standardize"};
inline constexpr ParameterName<std::int64_t> kSamples{"samples"};
inline constexpr ParameterName<std::int64_t> kBatchSize{"batch_size"};
inline constexpr ParameterName<std::int64_t> kEvaluateEvery{"evaluate_every"};
inline constexpr ParameterName<double> kThreshold{"threshold"};
inline constexpr ParameterName<Optimizer> kShown{"shown"};

/// A fifth of the samples is kept for validation.
inline constexpr double kValidationShare = 0.2;

std::vector<ParameterSpec> trainingParameters();
/// Those that are switched on, in the order of kOptimizers.
std::vector<Optimizer> optimizersIn(const Parameters& parameters);
std::vector<RecordSpec> trainingRecords(const Parameters& parameters);
std::optional<Message> validateTraining(const Parameters& parameters);
std::vector<ViewSpec> trainingViews();
std::vector<Preset> trainingPresets();

}  // namespace viva
