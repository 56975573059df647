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

inline constexpr Parameter<LabDataset> kLabDataset{"dataset"};
inline constexpr Parameter<Points> kClassPoints{"class_points"};
inline constexpr Parameter<Points> kCurvePoints{"curve_points"};
inline constexpr Parameter<File> kLabFile{"data_file"};
inline constexpr Parameter<std::int64_t> kTrainSize{"train_size"};
inline constexpr Parameter<double> kLabNoise{"noise"};
inline constexpr Parameter<double> kLabelNoise{"label_noise"};
inline constexpr Parameter<double> kTestShift{"test_shift"};
inline constexpr Parameter<LabFeatures> kLabFeatures{"features"};
inline constexpr Parameter<std::int64_t> kDegree{"degree"};
inline constexpr Parameter<std::int64_t> kLabDepth{"depth"};
inline constexpr Parameter<std::int64_t> kLabWidth{"width"};
inline constexpr Parameter<LabSolver> kLabSolver{"solver"};
inline constexpr Parameter<double> kLabRate{"lr"};
inline constexpr Parameter<std::int64_t> kLabEpochs{"epochs"};
inline constexpr Parameter<double> kLabL1{"l1"};
inline constexpr Parameter<double> kLabL2{"l2"};
inline constexpr Parameter<double> kLabDropout{"dropout"};
inline constexpr Parameter<double> kAugmentation{"augmentation"};
inline constexpr Parameter<bool> kEarlyStopping{"early_stopping"};
inline constexpr Parameter<std::int64_t> kPatience{"patience"};

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
