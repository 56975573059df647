// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/valley.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace viva {
namespace {

/// The roots of z^2 - p z + q.
std::pair<std::complex<double>, std::complex<double>> rootsOf(double p, double q) {
  const std::complex<double> root = std::sqrt(std::complex<double>(p * p - 4 * q));
  return {(p + root) / 2.0, (p - root) / 2.0};
}

std::pair<std::complex<double>, std::complex<double>> characteristicRoots(ValleyMethod method,
                                                                          double curvature,
                                                                          double rate,
                                                                          double momentum) {
  const double factor = 1 - rate * curvature;
  switch (method) {
    case ValleyMethod::GradientDescent:
      return {factor, 0.0};
    case ValleyMethod::HeavyBall:
      return rootsOf(factor + momentum, momentum);
    case ValleyMethod::Nesterov:
      return rootsOf((1 + momentum) * factor, momentum * factor);
  }
  return {};
}

}  // namespace

double Valley::value(double x) const {
  if (function == ValleyFunction::TwoValleys) return (x * x - 1) * (x * x - 1) + 0.3 * x;
  return 0.5 * curvature * x * x;
}

double Valley::slope(double x) const {
  if (function == ValleyFunction::TwoValleys) return 4 * x * (x * x - 1) + 0.3;
  return curvature * x;
}

double Valley::minimum() const {
  if (function != ValleyFunction::TwoValleys) return 0;
  double x = -1;
  for (int i = 0; i < 20; ++i) x -= slope(x) / (12 * x * x - 4);  // Newton
  return x;
}

void Ball::step(const Valley& valley, ValleyMethod method, double rate, double momentum,
                double noise) {
  constexpr double kLost = 1e12;
  const double inertia = method == ValleyMethod::GradientDescent ? 0.0 : momentum * (x - previous);
  const double at = method == ValleyMethod::Nesterov ? x + inertia : x;
  const double next = x - rate * (valley.slope(at) + noise) + inertia;
  previous = x;
  // Infinite stays infinite: the difference of two infinities would be no number.
  if (!(std::abs(next) < kLost))
    x = previous = std::copysign(std::numeric_limits<double>::infinity(), x);
  else
    x = next;
}

double rateLimit(ValleyMethod method, double curvature, double momentum) {
  switch (method) {
    case ValleyMethod::GradientDescent:
      return 2 / curvature;
    case ValleyMethod::HeavyBall:
      return 2 * (1 + momentum) / curvature;
    case ValleyMethod::Nesterov:
      return (2 + 2 * momentum) / ((1 + 2 * momentum) * curvature);
  }
  return 0;
}

double shrinkage(ValleyMethod method, double curvature, double rate, double momentum) {
  const auto [first, second] = characteristicRoots(method, curvature, rate, momentum);
  return std::max(std::abs(first), std::abs(second));
}

Fate fateOf(ValleyMethod method, double curvature, double rate, double momentum) {
  constexpr double kRounding = 1e-12;
  const auto [first, second] = characteristicRoots(method, curvature, rate, momentum);
  const double factor = std::max(std::abs(first), std::abs(second));
  if (factor > 1 + kRounding) return Fate::Diverges;
  if (factor > 1 - kRounding) return Fate::Bounces;
  if (factor < kRounding) return Fate::AtOnce;
  const auto& slower = std::abs(first) >= std::abs(second) ? first : second;
  return slower.imag() == 0 && slower.real() > 0 ? Fate::Monotone : Fate::Oscillates;
}

double stationaryVariance(double curvature, double rate, double noise) {
  const double room = 2 - rate * curvature;
  return room > 0 ? rate * noise * noise / (curvature * room)
                  : std::numeric_limits<double>::infinity();
}

int stepsToReach(ValleyMethod method, double mu, double L, double rate, double momentum,
                 double tolerance) {
  const Valley flat{ValleyFunction::Quadratic, mu}, steep{ValleyFunction::Quadratic, L};
  Ball x{1, 1}, y{1, 1};
  int steps = 0;
  while (std::hypot(x.x, y.x) >= tolerance && steps < 100'000) {
    x.step(flat, method, rate, momentum);
    y.step(steep, method, rate, momentum);
    ++steps;
  }
  return steps;
}

}  // namespace viva
