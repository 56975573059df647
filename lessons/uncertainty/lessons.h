// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A classifier learns in the plane, and seven scores say where they would not trust it.
const ExperimentSpec& oodMaps();
/// A classifier of digits is shown letters, noise and inverted digits.
const ExperimentSpec& oodImages();

}  // namespace viva
