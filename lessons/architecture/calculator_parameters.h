// SPDX-License-Identifier: GPL-3.0-or-later
// What `layer-calculator` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

inline constexpr ParameterName<Text> kStack{"stack"};
inline constexpr ParameterName<Text> kAgainst{"against"};
inline constexpr ParameterName<Text> kStackInput{"input"};

std::vector<ParameterSpec> calculatorParameters();
std::vector<RecordSpec> calculatorRecords(const Parameters& parameters);
std::optional<Message> calculatorProblem(const Parameters& parameters);
std::vector<ViewSpec> calculatorViews();
std::vector<Preset> calculatorPresets();

}  // namespace viva
