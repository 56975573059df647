// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A net that was pre-trained on four tasks is given a fifth; ten ways of fine-tuning learn it side
/// by side.
const ExperimentSpec& peftRace();

}  // namespace viva
