// SPDX-License-Identifier: GPL-3.0-or-later
// Handwritten-looking digits without a download: strokes, distorted at random.
#pragma once

#include "lessons/data/dataset.h"

namespace viva {

inline constexpr std::int64_t kDigitSize = 12;

/// Ten classes, the same number of each (+-1). Inputs [samples, 1, 12, 12], float32, ink from 0
/// to 1. Every sample is turned, slanted, stretched and shifted, its strokes bent, its pen chosen.
Dataset digits(std::int64_t samples, at::Generator generator);

}  // namespace viva
