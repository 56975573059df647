// SPDX-License-Identifier: GPL-3.0-or-later
// Losses of one number and their slopes: of a residual r = prediction - target, and of a margin
// m = y z of a logit z with y = -1 or 1.
#pragma once

#include <string>
#include <vector>

namespace viva {

enum class RegressionLoss { Squared, Absolute, Huber };
/// 0.5 r^2; |r|; 0.5 r^2 up to `delta` and a straight line beyond.
double regressionLoss(RegressionLoss loss, double residual, double delta);
/// 0 at the corner of |r|.
double regressionSlope(RegressionLoss loss, double residual, double delta);

enum class MarginLoss { Squared, CrossEntropy, Focal, Hinge, Smoothed };
struct MarginShape {
  double gamma = 2;        ///< of the focal loss
  double smoothing = 0.1;  ///< e: the target is 1 - e/2 and e/2
};
/// Squared: 0.5 (1 - s)^2 with s = sigmoid(m); cross-entropy: -log s; focal: -(1 - s)^gamma log s;
/// hinge: max(0, 1 - m).
double marginLoss(MarginLoss loss, double margin, const MarginShape& shape);
double marginSlope(MarginLoss loss, double margin, const MarginShape& shape);

/// The losses under the names that curves and records have.
template <typename Loss>
struct NamedLoss {
  std::string name;
  Loss loss;
};
inline const std::vector<NamedLoss<RegressionLoss>> kRegressionLosses{
    {"squared", RegressionLoss::Squared},
    {"absolute", RegressionLoss::Absolute},
    {"huber", RegressionLoss::Huber}};
inline const std::vector<NamedLoss<MarginLoss>> kMarginLosses{
    {"squared", MarginLoss::Squared},
    {"cross-entropy", MarginLoss::CrossEntropy},
    {"focal", MarginLoss::Focal},
    {"hinge", MarginLoss::Hinge},
    {"smoothed", MarginLoss::Smoothed}};

}  // namespace viva
