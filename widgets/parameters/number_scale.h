// SPDX-License-Identifier: GPL-3.0-or-later
// Where a number stands on a slider.
#pragma once

#include "lessons/core/parameter.h"

namespace viva {

/// Maps the range of a Real or Integer parameter onto slider positions 0 to `positions()`. A
/// logarithmic range that begins at zero has zero at position 0 and then six decades up to its
/// maximum. No value has more digits than tell it apart from its neighbours.
class NumberScale {
 public:
  static constexpr int kMostPixels = 400;  ///< a finer slider could not be read

  /// For a slider whose handle travels over so many pixels. A parameter with a step has a position
  /// a step, any other at most one a pixel.
  explicit NumberScale(const ParameterSpec& spec, int pixels = kMostPixels);

  /// False where the range is open: then there is no slider, only the exact entry.
  bool isBounded() const { return positions_ > 0; }
  int positions() const { return positions_; }
  int positionOf(double value) const;
  /// The handiest number near a position: rounded to the parameter's step, otherwise to the fewest
  /// digits that neighbouring positions can be told apart by.
  double valueAt(int position) const { return rounded(position, 1); }
  /// The same for neighbouring pixels, which may be several steps apart.
  double draggedTo(int position) const;

 private:
  double rounded(int position, double reach) const;
  double exactAt(double position) const;

  double low_, high_, step_;
  bool logarithmic_, whole_;
  int positions_ = 0, pixels_;
};

}  // namespace viva
