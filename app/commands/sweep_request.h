// SPDX-License-Identifier: GPL-3.0-or-later
// Between what was asked for and the sweep that it means.
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/requests.h"

namespace viva {

/// Throws RequestError for what no sweep can be made of.
Sweep sweepOf(const SweepRequest& request, const ExperimentSpec& spec, const Runtime& runtime);

/// The same, but that it does not yet know what is in the user's files, which may take long to
/// read.
Sweep sweepWithoutInputs(const SweepRequest& request, const ExperimentSpec& spec,
                         const Runtime& runtime);
/// Parameters and paths of the user's files that any cell reads.
std::vector<std::pair<std::string, std::string>> filesOf(const Sweep& sweep);
/// What is in them now, where they can be read. Throws Stopped.
std::vector<InputFile> inputsAt(const std::vector<std::pair<std::string, std::string>>& files,
                                const std::stop_token& stop = {});

/// The arguments of `viva` that ask for the same, without the program's name.
std::vector<std::string> argumentsOf(const SweepRequest& request);

}  // namespace viva
