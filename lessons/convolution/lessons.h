// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A LeNet learns digits and reads the one that is drawn, beside two nets that see the same
/// batches.
const ExperimentSpec& digitReader();
/// Seven kinds of convolution by hand, a position of the output a step.
const ExperimentSpec& convolutionKinds();

}  // namespace viva
