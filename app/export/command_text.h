// SPDX-License-Identifier: GPL-3.0-or-later
// The line of a terminal that computes the same run.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lessons/core/run_file.h"

namespace viva {

/// What differs from the preset, as `--set` writes it.
std::vector<std::pair<std::string, std::string>> settingsBeyondPreset(const Parameters& parameters,
                                                                      const std::string& preset,
                                                                      const ExperimentSpec& spec);

/// `viva run ...`, quoted as a shell takes it. A run of another length keeps its number of steps.
std::string commandOf(const RunFile& file, const ExperimentSpec& spec);

}  // namespace viva
