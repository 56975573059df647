// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/losses/line_fit.h"

#include <algorithm>
#include <cmath>

namespace viva {

void LineFit::descend(RegressionLoss loss, const std::vector<Points::Labelled>& points,
                      double delta, double rate, bool constant, std::int64_t step) {
  constexpr double kUnit = 10;
  double slope_gradient = 0, offset_gradient = 0;
  for (const auto& point : points) {
    const double pull = regressionSlope(loss, at(point.x) - point.y, delta);
    slope_gradient += pull * point.x / kUnit;
    offset_gradient += pull;
  }
  double length = rate / static_cast<double>(points.size());
  if (loss == RegressionLoss::Absolute) length /= std::sqrt(1 + static_cast<double>(step) / 20);
  offset -= length * offset_gradient;
  slope = constant ? 0 : slope - length * slope_gradient / kUnit;
}

double meanLoss(const LineFit& fit, RegressionLoss loss,
                const std::vector<Points::Labelled>& points, double delta) {
  double sum = 0;
  for (const auto& point : points) sum += regressionLoss(loss, fit.at(point.x) - point.y, delta);
  return sum / static_cast<double>(points.size());
}

double medianResidual(const LineFit& fit, const std::vector<Points::Labelled>& points) {
  std::vector<double> residuals;
  for (const auto& point : points) residuals.push_back(std::abs(fit.at(point.x) - point.y));
  return medianOf(std::move(residuals));
}

LineFit leastSquares(const std::vector<Points::Labelled>& points, bool constant) {
  if (points.empty()) return {};
  const auto count = static_cast<double>(points.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& point : points) {
    x += point.x / count;
    y += point.y / count;
  }
  for (const auto& point : points) {
    xx += (point.x - x) * (point.x - x);
    xy += (point.x - x) * (point.y - y);
  }
  if (constant || xx < 1e-12) return {0, y};
  return {xy / xx, y - xy / xx * x};
}

double medianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace viva
