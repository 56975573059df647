// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/number_scale.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

constexpr int kPositions = 400;
constexpr double kDecadesAboveZero = 6;

double toThreeDigits(double value) { return numberFrom(withDigits(value, 3)).value_or(value); }

}  // namespace

NumberScale::NumberScale(const ParameterSpec& spec)
    : low_(spec.minimum),
      high_(spec.maximum),
      step_(spec.step),
      logarithmic_(spec.scale == Scale::Logarithmic),
      whole_(spec.kind() == ParameterKind::Integer) {
  if (!(high_ - low_ < 1e15) || high_ <= low_) return;
  if (whole_ && step_ == 0) step_ = 1;
  const double steps = step_ > 0 && !logarithmic_ ? (high_ - low_) / step_ : kPositions;
  positions_ = static_cast<int>(std::clamp(std::round(steps), 1.0, 10000.0));
}

int NumberScale::positionOf(double value) const {
  double fraction = (value - low_) / (high_ - low_);
  if (logarithmic_ && low_ > 0)
    fraction = value <= low_ ? 0 : std::log(value / low_) / std::log(high_ / low_);
  else if (logarithmic_)
    fraction = value <= 0
                   ? 0
                   : std::max(1.0 / positions_, 1 + std::log10(value / high_) / kDecadesAboveZero);
  return static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * positions_));
}

double NumberScale::valueAt(int position) const {
  if (position <= 0) return low_;
  if (position >= positions_) return high_;
  const double fraction = static_cast<double>(position) / positions_;
  double value;
  if (logarithmic_)
    value = toThreeDigits(low_ > 0 ? low_ * std::pow(high_ / low_, fraction)
                                   : high_ * std::pow(10, (fraction - 1) * kDecadesAboveZero));
  else if (step_ > 0)
    value = low_ + std::round(fraction * (high_ - low_) / step_) * step_;
  else
    value = low_ + fraction * (high_ - low_);
  // Steps of 0.1 shall give 0.3, not 0.30000000000000004.
  if (!whole_ && !logarithmic_)
    value = numberFrom(formatNumber(std::round(value * 1e9) / 1e9)).value_or(value);
  if (whole_) value = std::round(value);
  return std::clamp(value, low_, high_);
}

}  // namespace viva
