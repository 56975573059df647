// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A small transformer learns a task on short sequences, and what its heads look at is followed
/// down to each number. Training is in float32.
const ExperimentSpec& attentionLab();
/// The five position encodings learn one task from the same short sequences and are tested on long
/// ones.
const ExperimentSpec& positionRace();
/// Attention on small matrices, a stage a step, in float64.
const ExperimentSpec& attentionNumbers();

}  // namespace viva
