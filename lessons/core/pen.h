// SPDX-License-Identifier: GPL-3.0-or-later
// The round pen that writes the built-in digits and what a hand draws.
#pragma once

#include <algorithm>
#include <cmath>

namespace viva {

struct StrokePlace {
  float x, y;  ///< in a square from -1 to 1, y downwards as in an image
};

/// The distance of a place from a straight piece of a stroke.
inline float distanceToPiece(StrokePlace p, StrokePlace a, StrokePlace b) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float length = dx * dx + dy * dy;
  const float along =
      length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0.0f;
  return std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

/// The centre of a pixel of an image of `side` x `side` pixels.
inline StrokePlace pixelCentre(int row, int column, int side) {
  const auto pixels = static_cast<float>(side);
  return {(2 * column + 1.0f) / pixels - 1, (2 * row + 1.0f) / pixels - 1};
}

/// The ink, 0 to 1, that a pen of radius `pen` leaves at a place on the way from `a` to `b`; it
/// fades over `softness` beyond its edge.
inline float inkAt(StrokePlace p, StrokePlace a, StrokePlace b, float pen, float softness) {
  return std::clamp(1 - (distanceToPiece(p, a, b) - pen) / softness, 0.0f, 1.0f);
}

}  // namespace viva
