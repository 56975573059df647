// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// `cell-race`: an RNN, a GRU, an LSTM and a peephole cell learn one task from the same sequences.
const ExperimentSpec& cellRace();

}  // namespace viva
