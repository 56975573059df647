// SPDX-License-Identifier: GPL-3.0-or-later
// Other processes of Viva that a run talks to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/child_process.h"

namespace viva {

/// The path of the `viva` that belongs to this process: itself, the one beside it, or that of the
/// folder `bin` beside its own. Throws RunError where there is none, and in a process that
/// startedViva has started: a run that starts Viva does not run in there.
std::string vivaProgram();

/// `viva mcp`, `viva a2a --port 0`. It ends when its standard input is closed, so also when this
/// process is killed. Throws RunError.
std::unique_ptr<ChildProcess> startedViva(std::vector<std::string> arguments);

}  // namespace viva
