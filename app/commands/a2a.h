// SPDX-License-Identifier: GPL-3.0-or-later
// `viva a2a`
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/words.h"

namespace viva {

/// Serves the Agent2Agent protocol on a port of this machine until Ctrl-C, or, where the standard
/// input is a pipe, until it ends; runs are made on the calling thread, the main one, which draws.
/// Says where it listens in one line on standard output. Throws RunError for a port that is taken.
int a2aCommand(const A2aRequest& request, const Words& words);

}  // namespace viva
