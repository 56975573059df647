// SPDX-License-Identifier: GPL-3.0-or-later
// A line, or a constant, fitted to points by descent on the mean of a loss.
#pragma once

#include <vector>

#include "lessons/core/parameter.h"
#include "lessons/losses/losses.h"

namespace viva {

struct LineFit {
  double slope = 0, offset = 0;  ///< y = slope x + offset

  double at(double x) const { return slope * x + offset; }
  /// One (sub)gradient step. `step`, from 0, makes the steps of |r| fall like 1 / sqrt: a
  /// subgradient does not shrink by itself. The slope is counted in tenths of x, so that a rate up
  /// to 1 is stable for |x| up to 10.
  void descend(RegressionLoss loss, const std::vector<Points::Labelled>& points, double delta,
               double rate, bool constant, std::int64_t step);
};

/// The mean loss of the points.
double meanLoss(const LineFit& fit, RegressionLoss loss,
                const std::vector<Points::Labelled>& points, double delta);
/// The median distance of the points from the line, up and down.
double medianResidual(const LineFit& fit, const std::vector<Points::Labelled>& points);
/// The line of least squares in closed form; of points above one another, or where a constant is
/// asked for, the mean.
LineFit leastSquares(const std::vector<Points::Labelled>& points, bool constant);
double medianOf(std::vector<double> values);

}  // namespace viva
