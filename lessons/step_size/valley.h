// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of one variable, the rules that descend them, and what theory says about the rate.
#pragma once

#include <complex>

namespace viva {

enum class ValleyFunction { Quadratic, TwoValleys, Noisy, Eigenvalues };
enum class ValleyMethod { GradientDescent, HeavyBall, Nesterov };

struct Valley {
  ValleyFunction function = ValleyFunction::Quadratic;
  double curvature = 10;  ///< of all but the two valleys

  double value(double x) const;
  double slope(double x) const;
  /// Of the lowest point.
  double minimum() const;
};

/// x' = x - a f'(x) + b (x - x_previous), or with the slope taken at y = x + b (x - x_previous).
struct Ball {
  double x = 0, previous = 0;
  void step(const Valley& valley, ValleyMethod method, double rate, double momentum,
            double noise = 0);
};

/// The rates below it converge on a quadratic of this curvature: 2/L, 2(1+b)/L for the heavy ball,
/// (2+2b)/((1+2b)L) for Nesterov's.
double rateLimit(ValleyMethod method, double curvature, double momentum);

/// By what the distance shrinks a step in the long run: the largest absolute root of the
/// characteristic polynomial of the recursion.
double shrinkage(ValleyMethod method, double curvature, double rate, double momentum);

/// What becomes of a ball on a quadratic.
enum class Fate { Monotone, AtOnce, Oscillates, Bounces, Diverges };
Fate fateOf(ValleyMethod method, double curvature, double rate, double momentum);

/// Of gradient descent with gradient noise of this standard deviation: a s^2 / (L (2 - a L)), in
/// the long run. Infinite beyond the limit.
double stationaryVariance(double curvature, double rate, double noise);

/// Steps until the distance from (1, 1) on 0.5 (mu x^2 + L y^2) falls below `tolerance`.
int stepsToReach(ValleyMethod method, double mu, double L, double rate, double momentum,
                 double tolerance);

}  // namespace viva
