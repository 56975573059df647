// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

/// From `from` to `to` along half a cosine; `part` from 0 to 1.
double halfCosine(double from, double to, double part) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * std::clamp(part, 0.0, 1.0)));
}

}  // namespace

double rateAt(Schedule schedule, const ScheduleShape& shape, std::int64_t step) {
  const auto t = static_cast<double>(step), horizon = static_cast<double>(shape.horizon);
  switch (schedule) {
    case Schedule::Constant:
      return shape.peak;
    case Schedule::StepDecay:
      return shape.peak * std::pow(shape.decay, std::floor(static_cast<double>(
                                                    std::min(step, shape.horizon) /
                                                    std::max<std::int64_t>(1, shape.decay_every))));
    case Schedule::Cosine:
      return halfCosine(shape.peak, 0, t / horizon);
    case Schedule::WarmUp: {
      const double rise = static_cast<double>(std::min(shape.warm_up, shape.horizon));
      if (t < rise) return shape.peak * (t + 1) / rise;
      return halfCosine(shape.peak, 0, (t - rise) / std::max(1.0, horizon - rise));
    }
    case Schedule::OneCycle: {
      // Leslie Smith's, with PyTorch's numbers: a rise over 30 % from a 25th, a fall to a
      // 250,000th.
      const double low = shape.peak / 25, top = std::max(1.0, 0.3 * horizon - 1);
      if (t <= top) return halfCosine(low, shape.peak, t / top);
      return halfCosine(shape.peak, low / 1e4, (t - top) / std::max(1.0, horizon - 1 - top));
    }
  }
  return shape.peak;
}

double rangeRateAt(double low, double high, std::int64_t horizon, std::int64_t step) {
  const double part =
      static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(1, horizon - 1));
  return low * std::pow(high / low, std::min(part, 1.0));
}

}  // namespace viva
