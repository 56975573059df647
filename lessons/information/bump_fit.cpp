// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/bump_fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

double logNormal(double x, double mean, double sigma) {
  const double z = (x - mean) / sigma;
  return -0.5 * z * z - std::log(sigma) - 0.5 * std::log(2 * std::numbers::pi);
}

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

double TwoBumps::logDensity(double x) const {
  const double left = std::log1p(-weight) + logNormal(x, -distance / 2, sigma);
  const double right = std::log(weight) + logNormal(x, distance / 2, sigma);
  const double larger = std::max(left, right);
  return larger + std::log(std::exp(left - larger) + std::exp(right - larger));
}
double TwoBumps::density(double x) const { return std::exp(logDensity(x)); }
double TwoBumps::mean() const { return (weight - 0.5) * distance; }
double TwoBumps::variance() const {
  return sigma * sigma + weight * (1 - weight) * distance * distance;
}

double OneBump::sigma() const { return std::exp(log_sigma); }
double OneBump::logDensity(double x) const { return logNormal(x, mean, sigma()); }
double OneBump::density(double x) const { return std::exp(logDensity(x)); }

BumpFit forwardFit(const TwoBumps& p, const OneBump& q) {
  const double reach = p.distance / 2 + 10 * p.sigma, sigma = q.sigma();
  return integrated(-reach, reach, 401, [&](double x) {
    const double log_p = p.logDensity(x), share = std::exp(log_p), z = (x - q.mean) / sigma;
    return BumpFit{share * (log_p - q.logDensity(x)), -share * z / sigma, -share * (z * z - 1)};
  });
}

BumpFit reverseFit(const TwoBumps& p, const OneBump& q) {
  const double sigma = q.sigma();
  // Between the bumps log p has an edge, a tenth of their width across.
  return integrated(q.mean - 10 * sigma, q.mean + 10 * sigma, 2001, [&](double x) {
    const double log_q = q.logDensity(x), share = std::exp(log_q), z = (x - q.mean) / sigma;
    const double apart = log_q - p.logDensity(x);
    return BumpFit{share * apart, share * z / sigma * apart, share * (z * z - 1) * apart};
  });
}

}  // namespace viva
