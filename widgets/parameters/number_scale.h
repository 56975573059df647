// SPDX-License-Identifier: GPL-3.0-or-later
// Where a number stands on a slider.
#pragma once

#include "lessons/core/parameter.h"

namespace viva {

/// Maps the range of a Real or Integer parameter onto slider positions 0 to `positions()`. A
/// logarithmic range that begins at zero has zero at position 0 and then six decades up to its
/// maximum.
class NumberScale {
 public:
  explicit NumberScale(const ParameterSpec& spec);

  /// False where the range is open: then there is no slider, only the exact entry.
  bool isBounded() const { return positions_ > 0; }
  int positions() const { return positions_; }
  int positionOf(double value) const;
  /// Rounded to the parameter's step, or to three digits, so that a slider gives handy numbers.
  double valueAt(int position) const;

 private:
  double low_, high_, step_;
  bool logarithmic_, whole_;
  int positions_ = 0;
};

}  // namespace viva
