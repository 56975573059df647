// SPDX-License-Identifier: GPL-3.0-or-later
// What `distribution-match` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/information/information.h"

namespace viva {

enum class LogarithmBase { Nats, Bits };

inline constexpr ParameterName<Distribution> kTargetP{"p"};
inline constexpr ParameterName<Distribution> kModelQ{"q"};
inline constexpr ParameterName<Distribution> kBetween{"via"};
inline constexpr ParameterName<Objective> kMatchObjective{"objective"};
inline constexpr ParameterName<double> kMatchRate{"optimizer.lr"};
inline constexpr ParameterName<LogarithmBase> kMatchBase{"base"};

/// Weights that sum to one within 1e-6, so that they sum to one exactly.
Probabilities probabilitiesOf(const Distribution& distribution);

std::vector<ParameterSpec> matchParameters();
std::vector<RecordSpec> matchRecords(const Parameters& parameters);
std::optional<Message> matchProblem(const Parameters& parameters);
std::vector<ViewSpec> matchViews();
std::vector<Preset> matchPresets();

}  // namespace viva
