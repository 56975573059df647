// SPDX-License-Identifier: GPL-3.0-or-later
// How long something took on this machine, with the spread; for views, never for records.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "lessons/core/frame.h"

namespace viva {

class MeasuredTimes {
 public:
  static constexpr std::size_t kMostTimes = 64;

  template <typename Work>
  auto measure(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    auto result = std::forward<Work>(work)();
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - start;
    if (times_.size() == kMostTimes) times_.erase(times_.begin());
    times_.push_back(taken.count());
    return result;
  }

  bool empty() const { return times_.empty(); }
  /// Microseconds that a share of the last ones did not exceed.
  double quantile(double share) const {
    std::vector<double> sorted = times_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  }
  double median() const { return quantile(0.5); }
  /// The lower quartile, the median and the upper quartile; nothing where nothing was measured.
  std::vector<TableData::Cell> cells() const {
    if (empty()) return {std::monostate{}, std::monostate{}, std::monostate{}};
    return {quantile(0.25), median(), quantile(0.75)};
  }

 private:
  std::vector<double> times_;
};

}  // namespace viva
