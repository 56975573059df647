// SPDX-License-Identifier: GPL-3.0-or-later
// Two bumps fitted by one Gaussian, once under forward and once under reverse KL.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& modeSeeking();

}  // namespace viva
