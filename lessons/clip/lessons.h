// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Pictures of shapes and their captions meet in one space; alone, or beside nets that differ in
/// the batch, the temperature, the captions or whether words have an order.
const ExperimentSpec& contrastivePairs();

}  // namespace viva
