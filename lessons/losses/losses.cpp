// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/losses/losses.h"

#include <algorithm>
#include <cmath>

namespace viva {
namespace {

double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}
/// log(1 + exp(x)) without overflow.
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

}  // namespace

double regressionLoss(RegressionLoss loss, double residual, double delta) {
  const double size = std::abs(residual);
  switch (loss) {
    case RegressionLoss::Squared:
      return 0.5 * residual * residual;
    case RegressionLoss::Absolute:
      return size;
    case RegressionLoss::Huber:
      return size <= delta ? 0.5 * residual * residual : delta * (size - 0.5 * delta);
  }
  return 0;
}

double regressionSlope(RegressionLoss loss, double residual, double delta) {
  const double sign = residual > 0 ? 1 : residual < 0 ? -1 : 0;
  switch (loss) {
    case RegressionLoss::Squared:
      return residual;
    case RegressionLoss::Absolute:
      return sign;
    case RegressionLoss::Huber:
      return std::abs(residual) <= delta ? residual : delta * sign;
  }
  return 0;
}

double marginLoss(MarginLoss loss, double margin, const MarginShape& shape) {
  const double right = sigmoid(margin), wrong = sigmoid(-margin);
  switch (loss) {
    case MarginLoss::Squared:
      return 0.5 * wrong * wrong;
    case MarginLoss::CrossEntropy:
      return softplus(-margin);
    case MarginLoss::Focal:
      return std::pow(wrong, shape.gamma) * softplus(-margin);
    case MarginLoss::Hinge:
      return std::max(0.0, 1 - margin);
    case MarginLoss::Smoothed:
      return (1 - shape.smoothing / 2) * softplus(-margin) + shape.smoothing / 2 * softplus(margin);
  }
  return right;
}

double marginSlope(MarginLoss loss, double margin, const MarginShape& shape) {
  const double right = sigmoid(margin), wrong = sigmoid(-margin);
  switch (loss) {
    case MarginLoss::Squared:
      return -wrong * right * wrong;
    case MarginLoss::CrossEntropy:
      return -wrong;
    case MarginLoss::Focal:
      return -std::pow(wrong, shape.gamma) * (shape.gamma * right * softplus(-margin) + wrong);
    case MarginLoss::Hinge:
      return margin < 1 ? -1 : 0;
    case MarginLoss::Smoothed:
      return right - (1 - shape.smoothing / 2);
  }
  return 0;
}

}  // namespace viva
