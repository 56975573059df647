// SPDX-License-Identifier: GPL-3.0-or-later
// A recurrent net whose gradient grows with every step back, with and without clipping.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& recurrentExplosion();

}  // namespace viva
