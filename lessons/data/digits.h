// SPDX-License-Identifier: GPL-3.0-or-later
// Handwritten-looking digits without a download: strokes, distorted at random.
#pragma once

#include "lessons/data/glyphs.h"

namespace viva {

inline constexpr std::int64_t kDigitSize = kGlyphSize;

/// Ten classes; see `handwritten`.
Dataset digits(std::int64_t samples, at::Generator generator, std::int64_t side = kDigitSize);

}  // namespace viva
