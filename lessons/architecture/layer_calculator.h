// SPDX-License-Identifier: GPL-3.0-or-later
// Counts a net layer by layer, by formula and by module, and times every layer.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& layerCalculator();

}  // namespace viva
