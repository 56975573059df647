// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/number_scale.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

constexpr int kFewestPixels = 20;
constexpr double kDecadesAboveZero = 6;

/// To a multiple of 10^exponent, and the double that is nearest to its decimal text.
double toPowerOfTen(double value, int exponent) {
  if (exponent > 0) {
    const double unit = std::pow(10, exponent);
    return std::round(value / unit) * unit;
  }
  return numberFrom(withDecimals(value, -exponent)).value_or(value);
}

}  // namespace

NumberScale::NumberScale(const ParameterSpec& spec, int pixels)
    : low_(spec.minimum),
      high_(spec.maximum),
      step_(spec.step),
      logarithmic_(spec.scale == Scale::Logarithmic),
      whole_(spec.kind() == ParameterKind::Integer),
      pixels_(std::clamp(pixels, kFewestPixels, kMostPixels)) {
  if (!(high_ - low_ < 1e15) || high_ <= low_) return;
  if (whole_ && step_ == 0) step_ = 1;
  const double steps = step_ > 0 && !logarithmic_ ? (high_ - low_) / step_ : pixels_;
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

double NumberScale::exactAt(double position) const {
  if (position <= 0) return low_;
  if (position >= positions_) return high_;
  const double fraction = position / positions_;
  if (!logarithmic_) return low_ + fraction * (high_ - low_);
  return low_ > 0 ? low_ * std::pow(high_ / low_, fraction)
                  : high_ * std::pow(10, (fraction - 1) * kDecadesAboveZero);
}

double NumberScale::draggedTo(int position) const {
  return rounded(position, std::max(1.0, static_cast<double>(positions_) / pixels_));
}

/// So that it differs from what is `reach` positions away on either side.
double NumberScale::rounded(int position, double reach) const {
  if (position <= 0) return low_;
  if (position >= positions_) return high_;
  double value = exactAt(position);
  const double gap = std::min(exactAt(position + reach) - value, value - exactAt(position - reach));
  const bool has_steps = step_ > 0 && !logarithmic_;
  // Two numbers that are a power of ten apart are never rounded to the same multiple of it.
  if (gap > 0 && (!has_steps || reach > 1))
    value = toPowerOfTen(value, static_cast<int>(std::floor(std::log10(gap * (1 + 1e-9)))));
  if (has_steps) {
    value = low_ + std::round((value - low_) / step_) * step_;
    // Steps of 0.1 shall give 0.3, not 0.30000000000000004.
    if (!whole_) value = numberFrom(formatNumber(std::round(value * 1e9) / 1e9)).value_or(value);
  }
  if (whole_) value = std::round(value);
  return std::clamp(value, low_, high_);
}

}  // namespace viva
