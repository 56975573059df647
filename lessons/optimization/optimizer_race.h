// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// `optimizer-race`: up to seven optimizers go down one surface from one start, in float64.
const ExperimentSpec& optimizerRace();

}  // namespace viva
