// SPDX-License-Identifier: GPL-3.0-or-later
// `--grid`: a parameter and the values that a sweep gives it.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

struct GridAxis {
  std::string parameter;
  std::vector<Value> values;  ///< in the order they were asked for, each once
  bool logarithmic = false;   ///< asked for as `:log`; a picture then has such an axis
  bool operator==(const GridAxis&) const = default;
};

/// The most values of one axis.
inline constexpr int kMostGridValues = 1000;

/// `NAME=FROM:TO:COUNT`, with `:log` equal factors apart, or `NAME=V1,V2,...`; values that hold
/// commas themselves (points, distributions) are parted by semicolons. The values of a range are
/// rounded to twelve digits, so that 0.1 to 0.3 in three holds 0.2 and not its neighbour. Throws
/// RequestError naming what was wrong and what is allowed.
GridAxis readGrid(const std::string& text, const ExperimentSpec& spec);

/// Whether the values are numbers, which a picture can place along an axis.
bool isNumeric(const GridAxis& axis);
/// Throws std::bad_variant_access for what is no number.
double numberOf(const Value& value);

}  // namespace viva
