// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Fourteen nets, operation by operation: parameters, multiply-adds, bytes, and what each operation
/// takes on this machine beside what its roofline predicts.
const ExperimentSpec& backboneExplorer();

}  // namespace viva
