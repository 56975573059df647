// SPDX-License-Identifier: GPL-3.0-or-later
// Losses and their slopes as curves, and three lines that are fitted to points drawn by hand.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& lossShapes();

}  // namespace viva
