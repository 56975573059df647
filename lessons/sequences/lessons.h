// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A recurrent cell learns a task that needs memory, and a probe sequence shows what its gates do.
/// Training runs on the library's kernels, in float32.
const ExperimentSpec& lstmGates();
/// An RNN, a GRU, an LSTM and a peephole cell learn one task from the same sequences.
const ExperimentSpec& cellRace();

}  // namespace viva
