// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// The names of the three to five parameters to play with first, in order of declaration: those
/// that the preset sets, filled up with what can be changed while the experiment runs. Without a
/// preset, the first five. Only what is relevant to the preset's values; fewer where there are no
/// more. Throws RequestError for an unknown preset.
std::vector<std::string> claimParameters(const ExperimentSpec& spec, std::string_view preset);

}  // namespace viva
