// SPDX-License-Identifier: GPL-3.0-or-later
// Five balls with five rates in one valley.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& lrValley();

}  // namespace viva
