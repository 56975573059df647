// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A net learns to call tools; then an agent solves 200 tasks with it, alone or beside others that
/// lack a part, meet a fault, or have a guard.
const ExperimentSpec& agentLoop();
/// Which tool next, learned by REINFORCE from the reward at the end, which may be the wrong one.
const ExperimentSpec& toolPolicy();

}  // namespace viva
