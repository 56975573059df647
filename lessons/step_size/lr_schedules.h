// SPDX-License-Identifier: GPL-3.0-or-later
// Schedules of the rate on a real net: a race, a range test, and what full-batch descent does to
// the sharpness.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& lrSchedules();

}  // namespace viva
