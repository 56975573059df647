// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Copies of one net learn the same batches by different losses.
const ExperimentSpec& lossRace();
/// The losses as curves, and lines that they fit to points drawn by hand.
const ExperimentSpec& lossShapes();

}  // namespace viva
