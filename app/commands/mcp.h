// SPDX-License-Identifier: GPL-3.0-or-later
// `viva mcp`
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/words.h"

namespace viva {

/// Serves the Model Context Protocol on standard input and output until the input ends or nobody
/// reads the output; runs are made on the calling thread, the main one, which draws.
int mcpCommand(const McpRequest& request, const Words& words);

}  // namespace viva
