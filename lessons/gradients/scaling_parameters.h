// SPDX-License-Identifier: GPL-3.0-or-later
// What `loss-scaling` can be told, and what it says can be shown.
#pragma once

#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

enum class Scaling { None, Static, Dynamic };
enum class ClipWhen { Never, BeforeUnscaling, AfterUnscaling };

inline constexpr Parameter<Scaling> kScaling{"scaling"};
inline constexpr Parameter<double> kInitialScale{"init_scale"};
inline constexpr Parameter<double> kGrowthFactor{"growth_factor"};
inline constexpr Parameter<double> kBackoffFactor{"backoff_factor"};
inline constexpr Parameter<std::int64_t> kGrowthInterval{"growth_interval"};
inline constexpr Parameter<ClipWhen> kScalingClip{"clip"};
inline constexpr Parameter<double> kScalingMaxNorm{"max_norm"};
inline constexpr Parameter<double> kLossFactor{"loss_factor"};
inline constexpr Parameter<double> kScalingRate{"lr"};
inline constexpr Parameter<std::int64_t> kScalingBatchSize{"batch_size"};
inline constexpr Parameter<std::int64_t> kScalingHidden{"hidden"};

std::vector<ParameterSpec> scalingParameters();
std::vector<RecordSpec> scalingRecords(const Parameters& parameters);
std::vector<ViewSpec> scalingViews();
std::vector<Preset> scalingPresets();

}  // namespace viva
