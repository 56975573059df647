// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Two bumps fitted by one Gaussian, once under forward and once under reverse KL.
const ExperimentSpec& modeSeeking();

}  // namespace viva
