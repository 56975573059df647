// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/words.h"
#include "widgets/study/study.h"

namespace viva {

/// How often predictions were right, and how sure the learner was; empty without predictions.
QString calibrationText(const Calibration& calibration, const Words& words);

}  // namespace viva
