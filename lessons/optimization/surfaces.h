// SPDX-License-Identifier: GPL-3.0-or-later
// The landscapes of the optimizers lesson: f(x, y), where its minima lie, and its gradient in
// closed form as an independent check of autograd.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/parameter.h"

namespace at {
class Tensor;  // torch::Tensor, without a second of Torch's headers in every file
}

namespace viva {

enum class SurfaceKind {
  Ravine,      ///< 0.5 (x^2 + kappa y^2)
  Rosenbrock,  ///< (1 - x)^2 + 100 (y - x^2)^2, Rosenbrock 1960
  Beale,       ///< three residuals 1.5 - x + xy, 2.25 - x + xy^2, 2.625 - x + xy^3, squared
  Himmelblau,  ///< (x^2 + y - 11)^2 + (x + y^2 - 7)^2, Himmelblau 1972
  Booth,       ///< (x + 2y - 7)^2 + (2x + y - 5)^2
  Saddle,      ///< x^2 - y^2
  Rastrigin,   ///< 20 + x^2 - 10 cos(2 pi x) + y^2 - 10 cos(2 pi y), Rastrigin 1974
  TwoValleys,  ///< (x^2 - 1)^2 + 0.3 x + 0.5 y^2
};

/// `surface`: one of them, the ravine unless told otherwise.
Parameter<SurfaceKind> surfaceParameter();

struct Rectangle {
  double x0, x1, y0, y1;
};

/// A landscape that may have moved `shift` to the right: f(x - shift, y).
class Surface {
 public:
  /// `kappa`: the curvature across the ravine relative to the one along it; others ignore it.
  explicit Surface(SurfaceKind kind, double kappa = 25) : kind_(kind), kappa_(kappa) {}

  SurfaceKind kind() const { return kind_; }

  /// Heights at x, y: three tensors of one shape, float64. Differentiable.
  at::Tensor value(const at::Tensor& x, const at::Tensor& y) const;
  double value(Point at) const;
  /// The derivative worked out on paper.
  Point gradient(Point at) const;

  /// The part of the plane that is usually shown.
  Rectangle domain() const;
  /// Where f is lowest; empty for the saddle, which has no lowest point.
  std::vector<Point> minima() const;
  /// Valleys that are not the lowest. Rastrigin has about one at every integer; those are not here.
  std::vector<Point> localMinima() const;
  /// Height of the lowest point; minus infinity for the saddle.
  double lowest() const;

  /// The largest eigenvalue of the Hessian, where it is the same everywhere: gradient descent is
  /// stable below two over it. None for surfaces that are not quadratic, or bend downwards.
  std::optional<double> largestCurvature() const;

  /// Whether there is a place to be caught in: a local valley, a saddle.
  bool hasTrap() const;
  /// Whether `now` has left the trap that `start` lies in: another valley of two-valleys or
  /// Rastrigin; lower than -1 on the saddle.
  bool hasEscaped(Point start, Point now) const;

 private:
  SurfaceKind kind_;
  double kappa_;
};

}  // namespace viva
