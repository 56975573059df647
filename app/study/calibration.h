// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/study/study.h"

namespace viva {

/// Each prediction counts in the bin nearest to its confidence; what lies below 50 % counts there
/// too, with what was said in the bin's mean.
Calibration calibrationOf(const std::vector<Prediction>& predictions);

}  // namespace viva
