// SPDX-License-Identifier: GPL-3.0-or-later
// The test error against the width of a model: down, up to a peak, and down again.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& doubleDescent();

}  // namespace viva
