// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Five balls in a valley of one variable, each with its own rate.
const ExperimentSpec& lrValley();
/// Schedules of the rate on a real net: a race, a range test, and what full-batch descent does to
/// the sharpness.
const ExperimentSpec& lrSchedules();

}  // namespace viva
