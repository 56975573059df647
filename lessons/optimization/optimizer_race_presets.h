// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// One for each claim of the notes that shows on a surface.
std::vector<Preset> racePresets();

}  // namespace viva
