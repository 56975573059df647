// SPDX-License-Identifier: GPL-3.0-or-later
// A picture drawn by hand, as pixels and in a short form.
#pragma once

#include <vector>

#include "lessons/core/parameter.h"

namespace viva {

/// The diameter of the pen, as a part of the side of the square: that of the built-in digits.
inline constexpr double kPenWidth = 0.11;

/// What the net sees: [side, side], row by row from the top, 0 for paper to 1 for ink. The pen is
/// round, kPenWidth wide, and its edge fades over 0.72 pixels. The same bits on every machine with
/// the same arithmetic; a stroke of one point is a dot. Empty when `side` is not positive.
std::vector<float> rasterised(const Drawing& drawing, int side);

/// A stroke as it is kept: coordinates rounded to three decimals and cut to the unit square, points
/// closer than 0.0015 to the line between those that stay left out (Douglas and Peucker 1973).
Drawing::Stroke thinned(const Drawing::Stroke& stroke);

}  // namespace viva
