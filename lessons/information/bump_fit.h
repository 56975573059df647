// SPDX-License-Identifier: GPL-3.0-or-later
// Both divergences between a mixture of two Gaussians and one Gaussian, integrated on a grid.
#pragma once

#include <vector>

namespace viva {

struct TwoBumps {
  double distance = 6, sigma = 0.5, weight = 0.5;  ///< `weight` of the right one

  double density(double x) const;
  double logDensity(double x) const;
  double mean() const;
  double variance() const;
};

struct OneBump {
  double mean = 0, log_sigma = 0;
  double sigma() const;
  double density(double x) const;
  double logDensity(double x) const;
};

struct BumpFit {
  double value = 0;                            ///< the divergence in nats
  double mean_slope = 0, log_sigma_slope = 0;  ///< its gradient
};

/// By the trapezoidal rule on points that reach 10 standard deviations beyond everything.
BumpFit forwardFit(const TwoBumps& p, const OneBump& q);
BumpFit reverseFit(const TwoBumps& p, const OneBump& q);

}  // namespace viva
