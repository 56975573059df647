// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A program that interviews ask for, a line a step, beside LibTorch's answer.
const ExperimentSpec& interviewPrograms();

}  // namespace viva
