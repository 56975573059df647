// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A vision transformer and a convolutional net of equal size learn from the same images, few or
/// many; or several that differ in one thing.
const ExperimentSpec& vitVsCnn();

}  // namespace viva
