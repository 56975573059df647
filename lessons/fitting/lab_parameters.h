// SPDX-License-Identifier: GPL-3.0-or-later
// What `capacity-lab` can be told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/fitting/lab_features.h"

namespace viva {

enum class LabDataset { Moons, Circles, Spirals, DrawnClasses, File, Sine, DrawnCurve };
enum class LabSolver { Descent, Exact };

inline constexpr std::int64_t kMostLabSamples = 500;  ///< of training

inline constexpr ParameterName<LabDataset> kLabDataset{"dataset"};
inline constexpr ParameterName<Points> kClassPoints{"class_points"};
inline constexpr ParameterName<Points> kCurvePoints{"curve_points"};
inline constexpr ParameterName<File> kLabFile{"data_file"};
inline constexpr ParameterName<std::int64_t> kTrainSize{"train_size"};
inline constexpr ParameterName<double> kLabNoise{"noise"};
inline constexpr ParameterName<double> kLabelNoise{"label_noise"};
inline constexpr ParameterName<double> kTestShift{"test_shift"};
inline constexpr ParameterName<LabFeatures> kLabFeatures{"features"};
inline constexpr ParameterName<std::int64_t> kDegree{"degree"};
inline constexpr ParameterName<std::int64_t> kLabDepth{"depth"};
inline constexpr ParameterName<std::int64_t> kLabWidth{"width"};
inline constexpr ParameterName<LabSolver> kLabSolver{"solver"};
inline constexpr ParameterName<double> kLabRate{"lr"};
inline constexpr ParameterName<std::int64_t> kLabEpochs{"epochs"};
inline constexpr ParameterName<double> kLabL1{"l1"};
inline constexpr ParameterName<double> kLabL2{"l2"};
inline constexpr ParameterName<double> kLabDropout{"dropout"};
inline constexpr ParameterName<double> kAugmentation{"augmentation"};
inline constexpr ParameterName<bool> kEarlyStopping{"early_stopping"};
inline constexpr ParameterName<std::int64_t> kPatience{"patience"};

bool isLabCurve(const Parameters& parameters);
/// Neither drawn by hand nor read from a file: there is a test set too.
bool isLabGenerated(const Parameters& parameters);

/// The parameter in which the other model differs, or none: `compare` names it, and `other.<name>`
/// is its value.
std::optional<std::string> labContrast(const Parameters& parameters);
/// What the other model is told.
Parameters otherLabParameters(const Parameters& parameters);

std::vector<ParameterSpec> labParameters();
std::vector<RecordSpec> labRecords(const Parameters& parameters);
std::optional<Message> labProblem(const Parameters& parameters);
std::vector<ViewSpec> labViews();
std::vector<Preset> labPresets();

}  // namespace viva
