// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a run still has the settings that its preset's claim is about.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// The names of the parameters that `preset` sets and that have another value in `now`: with these
/// the claim is not tested, whatever the verdict's predicate says. Empty for an unknown preset.
std::vector<std::string> changedFromPreset(const ExperimentSpec& spec, std::string_view preset,
                                           const Parameters& now);

}  // namespace viva
