// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/bump_fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

/// log of share * N(x; mean, sigma^2). What does not depend on x is computed once: a divergence is
/// the sum over 400 or 2,000 places.
class LogNormal {
 public:
  LogNormal(double mean, double sigma, double share = 1)
      : mean_(mean),
        sigma_(sigma),
        constant_(std::log(share) - std::log(sigma) - 0.5 * std::log(2 * std::numbers::pi)) {}

  double operator()(double x) const {
    const double z = (x - mean_) / sigma_;
    return constant_ - 0.5 * z * z;
  }

 private:
  double mean_, sigma_, constant_;
};

/// log(left + right), also where both are too small for a double.
class LogBumps {
 public:
  explicit LogBumps(const TwoBumps& p)
      : left_(-p.distance / 2, p.sigma, 1 - p.weight), right_(p.distance / 2, p.sigma, p.weight) {}

  double operator()(double x) const {
    const double left = left_(x), right = right_(x);
    return std::max(left, right) + std::log1p(std::exp(-std::abs(left - right)));
  }

 private:
  LogNormal left_, right_;
};

/// `term(x)` gives the integrand of the value and of both slopes.
template <typename Term>
BumpFit integrated(double low, double high, int points, Term term) {
  const double width = (high - low) / (points - 1);
  BumpFit sum;
  for (int i = 0; i < points; ++i) {
    const BumpFit at = term(low + i * width);
    const double weight = i == 0 || i == points - 1 ? width / 2 : width;
    sum.value += weight * at.value;
    sum.mean_slope += weight * at.mean_slope;
    sum.log_sigma_slope += weight * at.log_sigma_slope;
  }
  return sum;
}

}  // namespace

double TwoBumps::logDensity(double x) const { return LogBumps(*this)(x); }
double TwoBumps::density(double x) const { return std::exp(logDensity(x)); }
double TwoBumps::mean() const { return (weight - 0.5) * distance; }
double TwoBumps::variance() const {
  return sigma * sigma + weight * (1 - weight) * distance * distance;
}

double OneBump::sigma() const { return std::exp(log_sigma); }
double OneBump::logDensity(double x) const { return LogNormal(mean, sigma())(x); }
double OneBump::density(double x) const { return std::exp(logDensity(x)); }

BumpFit forwardFit(const TwoBumps& p, const OneBump& q) {
  const double reach = p.distance / 2 + 10 * p.sigma, sigma = q.sigma();
  const LogBumps logP(p);
  const LogNormal logQ(q.mean, sigma);
  return integrated(-reach, reach, 401, [&](double x) {
    const double log_p = logP(x), share = std::exp(log_p), z = (x - q.mean) / sigma;
    return BumpFit{share * (log_p - logQ(x)), -share * z / sigma, -share * (z * z - 1)};
  });
}

BumpFit reverseFit(const TwoBumps& p, const OneBump& q) {
  const double sigma = q.sigma();
  const LogBumps logP(p);
  const LogNormal logQ(q.mean, sigma);
  // Between the bumps log p has an edge, a tenth of their width across.
  return integrated(q.mean - 10 * sigma, q.mean + 10 * sigma, 2001, [&](double x) {
    const double log_q = logQ(x), share = std::exp(log_q), z = (x - q.mean) / sigma;
    const double apart = log_q - logP(x);
    return BumpFit{share * apart, share * z / sigma * apart, share * (z * z - 1) * apart};
  });
}

}  // namespace viva
