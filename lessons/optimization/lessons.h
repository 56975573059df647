// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Up to seven optimizers race down one of eight surfaces.
const ExperimentSpec& optimizerRace();
/// One optimizer on one surface, each step taken apart.
const ExperimentSpec& optimizerAnatomy();
/// Up to seven optimizers train identical copies of a net on identical batches, in float32.
const ExperimentSpec& optimizerTraining();

}  // namespace viva
