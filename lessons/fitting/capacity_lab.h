// SPDX-License-Identifier: GPL-3.0-or-later
// A model fits points too well, too badly, or well; beside it one in which a single thing differs.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

const ExperimentSpec& capacityLab();

}  // namespace viva
