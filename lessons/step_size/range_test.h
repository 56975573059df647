// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace viva {

/// What a range test has seen.
struct RangeHistory {
  std::vector<double> rates, losses, smoothed;
  /// A tenth of the rate at which the smoothed loss is lowest; 0 before there is any.
  double suggested() const;
  std::size_t lowest() const;  ///< index
  /// The smoothed loss has climbed far above its lowest value.
  bool blewUp() const;
  void add(double rate, double loss);
};

}  // namespace viva
