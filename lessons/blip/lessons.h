// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// One text net under three masks learns to tell captions apart, to judge them and to write them;
/// alone, or beside nets that read filtered pairs.
const ExperimentSpec& captionAndMatch();

}  // namespace viva
