// SPDX-License-Identifier: GPL-3.0-or-later
// Handwritten-looking signs from a few strokes each.
#pragma once

#include <vector>

#include "lessons/core/pen.h"
#include "lessons/data/dataset.h"

namespace viva {

inline constexpr std::int64_t kGlyphSize = 12;

using Stroke = std::vector<StrokePlace>;
using Glyph = std::vector<Stroke>;

/// Part of an ellipse; angles in quarter turns, from the right, downwards.
Stroke arc(float x, float y, float width, float height, float from, float to);

/// One class a glyph, the same number of each (+-1). Inputs [samples, 1, side, side], float32, ink
/// from 0 to 1. Every sample is turned, slanted, stretched and shifted, its strokes bent, its pen
/// chosen; the same generator gives the same signs in any size.
Dataset handwritten(const std::vector<Glyph>& glyphs, std::int64_t samples, at::Generator generator,
                    std::int64_t side = kGlyphSize);

}  // namespace viva
