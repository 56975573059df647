// SPDX-License-Identifier: GPL-3.0-or-later
// The logits of q descend towards p under an entropy or a divergence.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& distributionMatch();

}  // namespace viva
