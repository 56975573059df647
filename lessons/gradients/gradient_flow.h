// SPDX-License-Identifier: GPL-3.0-or-later
// Two deep nets learn from the same batches; at every update one sees how much of the gradient
// reaches each of their layers.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& gradientFlow();

}  // namespace viva
