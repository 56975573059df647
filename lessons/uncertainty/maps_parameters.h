// SPDX-License-Identifier: GPL-3.0-or-later
// What `ood-maps` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/uncertainty/ood_scores.h"

namespace viva {

enum class OodData { Blobs, Moons };

inline constexpr Parameter<OodData> kOodData{"dataset"};
inline constexpr Parameter<OodScore> kOodScore{"score"};
inline constexpr Parameter<double> kOodThreshold{"threshold"};
inline constexpr Parameter<double> kTargetRate{"target_tpr"};
inline constexpr Parameter<bool> kEvaluationMode{"evaluation_mode"};
inline constexpr Parameter<double> kOodTemperature{"temperature"};
inline constexpr Parameter<double> kOodEpsilon{"epsilon"};
inline constexpr Parameter<double> kOodDropout{"dropout"};
inline constexpr Parameter<double> kOodRate{"lr"};
inline constexpr Parameter<std::int64_t> kOodHidden{"hidden"};

std::vector<ParameterSpec> mapsParameters();
std::vector<RecordSpec> mapsRecords(const Parameters& parameters);
std::vector<ViewSpec> mapsViews();
std::vector<Preset> mapsPresets();

}  // namespace viva
