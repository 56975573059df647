// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// `optimizer-training`: up to seven optimizers train identical copies of a net on identical
/// batches, in float32.
const ExperimentSpec& optimizerTraining();

}  // namespace viva
