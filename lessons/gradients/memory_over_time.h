// SPDX-License-Identifier: GPL-3.0-or-later
// Four memories learn to add two numbers that lie far back; how much of the gradient gets there.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& memoryOverTime();

}  // namespace viva
