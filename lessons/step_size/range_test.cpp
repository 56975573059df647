// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/range_test.h"

#include <algorithm>
#include <cmath>

namespace viva {

void RangeHistory::add(double rate, double loss) {
  constexpr double kMemory = 0.95;
  const double before = smoothed.empty() ? loss : smoothed.back();
  rates.push_back(rate);
  losses.push_back(loss);
  smoothed.push_back(kMemory * before + (1 - kMemory) * loss);
}

std::size_t RangeHistory::lowest() const {
  const auto at = std::min_element(smoothed.begin(), smoothed.end(), [](double a, double b) {
    return std::isfinite(a) && !(a >= b);
  });
  return static_cast<std::size_t>(at - smoothed.begin());
}

double RangeHistory::suggested() const { return smoothed.empty() ? 0 : rates[lowest()] / 10; }

bool RangeHistory::blewUp() const {
  return !smoothed.empty() && !(smoothed.back() <= 4 * smoothed[lowest()]);
}

}  // namespace viva
