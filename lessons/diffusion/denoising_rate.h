// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace viva {

/// The learning rate of update number `step`, from 0: up to `rate` in a straight line over the
/// first 50, times half a cosine that comes down to a fiftieth at `steps` and stays there.
inline double denoisingRate(double rate, std::int64_t step, std::int64_t steps) {
  constexpr double kWarmUp = 50, kLastShare = 0.02;
  const double up = std::min(1.0, static_cast<double>(step + 1) / kWarmUp);
  const double along = std::min(1.0, static_cast<double>(step) / static_cast<double>(steps));
  const double down = 0.5 * (1 + std::cos(std::numbers::pi * along));
  return rate * up * (kLastShare + (1 - kLastShare) * down);
}

}  // namespace viva
