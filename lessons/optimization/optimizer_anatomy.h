// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// `optimizer-anatomy`: one optimizer on one surface, each step taken apart.
const ExperimentSpec& optimizerAnatomy();

}  // namespace viva
