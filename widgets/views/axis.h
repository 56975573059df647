// SPDX-License-Identifier: GPL-3.0-or-later
// The visible range of an axis, its ticks and their labels.
#pragma once

#include <QString>
#include <vector>

namespace viva {

/// From `low` to `high` (low < high, both finite; both positive when logarithmic). Places along the
/// axis are numbers from 0 (at `low`) to 1.
struct AxisRange {
  double low = 0, high = 1;
  bool logarithmic = false;
  bool operator==(const AxisRange&) const = default;

  /// Not finite for what has no place (zero on a logarithmic axis).
  double place(double value) const;
  double value(double place) const;
  /// The part of the range between two places, which may lie outside of [0, 1].
  AxisRange part(double from, double to) const;
};

struct Tick {
  double place = 0;
  QString label;  ///< empty: a line without a label
  bool operator==(const Tick&) const = default;
};

/// A range that shows `low` to `high` and stays the same while the data grow a little, so that not
/// every new point moves the axis. Copes with empty (low > high), equal and huge bounds.
AxisRange roundedRange(double low, double high, bool logarithmic);
/// The same for an axis that starts at 0 and counts steps up to `last`.
AxisRange stepRange(double last);

/// About `wanted` labelled ticks; a logarithmic axis of less than a decade still gets labels.
std::vector<Tick> ticksOf(const AxisRange& range, int wanted);

/// `1.5`, `20k`, `3×10⁸`: the shortest readable form with enough digits to tell values that are
/// `resolution` apart.
QString tickLabel(double value, double resolution);
/// A number for the read-out: up to `digits` significant digits, and whole numbers whole.
QString readoutNumber(double value, int digits = 5);
QString superscript(int exponent);

}  // namespace viva
