// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Fourteen nets, operation by operation: parameters, multiply-adds, bytes, and what each operation
/// takes on this machine beside what its roofline predicts.
const ExperimentSpec& backboneExplorer();
/// Six kinds of blocks with equal budgets learn from the same batches.
const ExperimentSpec& backboneRace();
/// A deep stack of convolutions beside a shallow one, and beside itself with shortcuts.
const ExperimentSpec& degradation();

/// A small net and its twin without one of AlexNet's tricks, on the same batches.
const ExperimentSpec& alexnetTricks();

/// A deep net that begins with a shallow one's weights, and one from scratch; one that sees images
/// at one scale, and one that sees them at many.
const ExperimentSpec& vggWarmStart();

}  // namespace viva
