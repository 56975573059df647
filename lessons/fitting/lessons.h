// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A model fits points too well, too badly, or well; beside it one in which a single thing differs.
const ExperimentSpec& capacityLab();
/// The test error against the width of a model: down, up to a peak, and down again.
const ExperimentSpec& doubleDescent();

}  // namespace viva
