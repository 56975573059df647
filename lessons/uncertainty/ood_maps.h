// SPDX-License-Identifier: GPL-3.0-or-later
// A classifier learns in the plane, and six scores say where they would not trust it.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& oodMaps();

}  // namespace viva
