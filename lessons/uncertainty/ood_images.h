// SPDX-License-Identifier: GPL-3.0-or-later
// A classifier of digits is shown letters, noise and inverted digits.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& oodImages();

}  // namespace viva
