// SPDX-License-Identifier: GPL-3.0-or-later
// Between what was asked for and the sweep that it means.
#pragma once

#include <string>
#include <vector>

#include "app/commands/requests.h"

namespace viva {

/// Throws RequestError for what no sweep can be made of.
Sweep sweepOf(const SweepRequest& request, const ExperimentSpec& spec, const Runtime& runtime);

/// The arguments of `viva` that ask for the same, without the program's name.
std::vector<std::string> argumentsOf(const SweepRequest& request);

}  // namespace viva
