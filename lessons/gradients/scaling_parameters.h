// SPDX-License-Identifier: GPL-3.0-or-later
// What `loss-scaling` can be told, and what it says can be shown.
#pragma once

#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

enum class Scaling { None, Static, Dynamic };
enum class ClipWhen { Never, BeforeUnscaling, AfterUnscaling };

inline constexpr ParameterName<Scaling> kScaling{"scaling"};
inline constexpr ParameterName<double> kInitialScale{"init_scale"};
inline constexpr ParameterName<double> kGrowthFactor{"growth_factor"};
inline constexpr ParameterName<double> kBackoffFactor{"backoff_factor"};
inline constexpr ParameterName<std::int64_t> kGrowthInterval{"growth_interval"};
inline constexpr ParameterName<ClipWhen> kScalingClip{"clip"};
inline constexpr ParameterName<double> kScalingMaxNorm{"max_norm"};
inline constexpr ParameterName<double> kLossFactor{"loss_factor"};
inline constexpr ParameterName<double> kScalingRate{"lr"};
inline constexpr ParameterName<std::int64_t> kScalingBatchSize{"batch_size"};
inline constexpr ParameterName<std::int64_t> kScalingHidden{"hidden"};

std::vector<ParameterSpec> scalingParameters();
std::vector<RecordSpec> scalingRecords(const Parameters& parameters);
std::vector<ViewSpec> scalingViews();
std::vector<Preset> scalingPresets();

}  // namespace viva
