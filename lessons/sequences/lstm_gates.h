// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// `lstm-gates`: a recurrent cell learns a task that needs memory, and a probe sequence shows what
/// its gates do. Training runs on the library's kernels, in float32.
const ExperimentSpec& lstmGates();

}  // namespace viva
