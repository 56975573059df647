// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of one net learn the same batches by different losses.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& lossRace();

}  // namespace viva
