// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// One task by function calling, by MCP and by A2A, over the real wire to other processes of Viva;
/// wrong messages, task states, a tool that is killed. Nothing learns.
const ExperimentSpec& protocolTrace();
/// A small transformer learns to write tool calls as JSON; decoded freely, and held to the schema.
const ExperimentSpec& functionCalling();

}  // namespace viva
