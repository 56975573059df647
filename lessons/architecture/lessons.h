// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Counts a net layer by layer, by formula and by module, and times every layer.
const ExperimentSpec& layerCalculator();

}  // namespace viva
