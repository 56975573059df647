// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/surfaces.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace viva {
namespace {

using std::cos;
constexpr double kTurn = 2 * std::numbers::pi;

double squared(double number) { return number * number; }
double cubed(double number) { return number * number * number; }
torch::Tensor squared(const torch::Tensor& tensor) { return tensor.pow(2); }
torch::Tensor cubed(const torch::Tensor& tensor) { return tensor.pow(3); }

// Each formula once, for plain numbers and for tensors that autograd follows.

template <typename T>
T ravine(const T& x, const T& y, double kappa) {
  return 0.5 * (squared(x) + kappa * squared(y));
}

template <typename T>
T rosenbrock(const T& x, const T& y) {
  return squared(1 - x) + 100 * squared(y - squared(x));
}

// One statement a term: C++ leaves open which side of a sum is computed first, and autograd adds up
// the six contributions to the slope along x in the order in which they arose.
template <typename T>
T beale(const T& x, const T& y) {
  T residual = 1.5 - x;
  residual = residual + x * y;
  T sum = squared(residual);
  residual = 2.25 - x;
  residual = residual + x * squared(y);
  sum = sum + squared(residual);
  residual = 2.625 - x;
  residual = residual + x * cubed(y);
  return sum + squared(residual);
}

template <typename T>
T himmelblau(const T& x, const T& y) {
  return squared(squared(x) + y - 11) + squared(x + squared(y) - 7);
}

template <typename T>
T booth(const T& x, const T& y) {
  return squared(x + 2 * y - 7) + squared(2 * x + y - 5);
}

template <typename T>
T saddle(const T& x, const T& y) {
  return squared(x) - squared(y);
}

template <typename T>
T rastrigin(const T& x, const T& y) {
  return 20 + squared(x) - 10 * cos(kTurn * x) + squared(y) - 10 * cos(kTurn * y);
}

template <typename T>
T twoValleys(const T& x, const T& y) {
  return squared(squared(x) - 1) + 0.3 * x + 0.5 * squared(y);
}

template <typename T>
T height(SurfaceKind kind, double kappa, const T& x, const T& y) {
  switch (kind) {
    case SurfaceKind::Ravine:
      return ravine(x, y, kappa);
    case SurfaceKind::Rosenbrock:
      return rosenbrock(x, y);
    case SurfaceKind::Beale:
      return beale(x, y);
    case SurfaceKind::Himmelblau:
      return himmelblau(x, y);
    case SurfaceKind::Booth:
      return booth(x, y);
    case SurfaceKind::Saddle:
      return saddle(x, y);
    case SurfaceKind::Rastrigin:
      return rastrigin(x, y);
    case SurfaceKind::TwoValleys:
      return twoValleys(x, y);
  }
  return x;
}

/// The root of 4 x (x^2 - 1) + 0.3 next to `x`: a valley of two-valleys or the ridge between.
double twoValleysFlatPoint(double x) {
  for (int i = 0; i < 20; ++i) x -= (4 * x * (x * x - 1) + 0.3) / (12 * x * x - 4);
  return x;
}

}  // namespace

Parameter<SurfaceKind> surfaceParameter() {
  return choice<SurfaceKind>("surface", {{SurfaceKind::Ravine, "ravine"},
                                         {SurfaceKind::Rosenbrock, "rosenbrock"},
                                         {SurfaceKind::Beale, "beale"},
                                         {SurfaceKind::Himmelblau, "himmelblau"},
                                         {SurfaceKind::Booth, "booth"},
                                         {SurfaceKind::Saddle, "saddle"},
                                         {SurfaceKind::Rastrigin, "rastrigin"},
                                         {SurfaceKind::TwoValleys, "two-valleys"}})
      .grouped("surface");
}

torch::Tensor Surface::value(const torch::Tensor& x, const torch::Tensor& y) const {
  return height(kind_, kappa_, x, y);
}

double Surface::value(Point at) const { return height(kind_, kappa_, at.x, at.y); }

Point Surface::gradient(Point at) const {
  const auto [x, y] = at;
  switch (kind_) {
    case SurfaceKind::Ravine:
      return {x, kappa_ * y};
    case SurfaceKind::Rosenbrock:
      return {-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)};
    case SurfaceKind::Beale: {
      const double first = 1.5 - x + x * y;
      const double second = 2.25 - x + x * y * y;
      const double third = 2.625 - x + x * y * y * y;
      return {2 * first * (y - 1) + 2 * second * (y * y - 1) + 2 * third * (y * y * y - 1),
              2 * first * x + 4 * second * x * y + 6 * third * x * y * y};
    }
    case SurfaceKind::Himmelblau: {
      const double first = x * x + y - 11;
      const double second = x + y * y - 7;
      return {4 * x * first + 2 * second, 2 * first + 4 * y * second};
    }
    case SurfaceKind::Booth:
      return {10 * x + 8 * y - 34, 8 * x + 10 * y - 38};
    case SurfaceKind::Saddle:
      return {2 * x, -2 * y};
    case SurfaceKind::Rastrigin:
      return {2 * x + 10 * kTurn * std::sin(kTurn * x), 2 * y + 10 * kTurn * std::sin(kTurn * y)};
    case SurfaceKind::TwoValleys:
      return {4 * x * (x * x - 1) + 0.3, y};
  }
  return {};
}

Rectangle Surface::domain() const {
  switch (kind_) {
    case SurfaceKind::Rosenbrock:
      return {-2, 2, -1, 3};
    case SurfaceKind::Beale:
      return {-4.5, 4.5, -4.5, 4.5};
    case SurfaceKind::Himmelblau:
      return {-5, 5, -5, 5};
    case SurfaceKind::Booth:
      return {-10, 10, -10, 10};
    case SurfaceKind::Rastrigin:
      return {-5.12, 5.12, -5.12, 5.12};
    case SurfaceKind::Ravine:
    case SurfaceKind::Saddle:
    case SurfaceKind::TwoValleys:
      break;
  }
  return {-2, 2, -2, 2};
}

std::vector<Point> Surface::minima() const {
  switch (kind_) {
    case SurfaceKind::Ravine:
    case SurfaceKind::Rastrigin:
      return {{0, 0}};
    case SurfaceKind::Rosenbrock:
      return {{1, 1}};
    case SurfaceKind::Beale:
      return {{3, 0.5}};
    case SurfaceKind::Himmelblau:
      return {{3, 2},
              {-2.8051180869527448, 3.1313125182505730},
              {-3.7793102533777469, -3.2831859912861694},
              {3.5844283403304917, -1.8481265269644036}};
    case SurfaceKind::Booth:
      return {{1, 3}};
    case SurfaceKind::TwoValleys:
      return {{twoValleysFlatPoint(-1), 0}};
    case SurfaceKind::Saddle:
      break;
  }
  return {};
}

std::vector<Point> Surface::localMinima() const {
  if (kind_ != SurfaceKind::TwoValleys) return {};
  return {{twoValleysFlatPoint(1), 0}};
}

double Surface::lowest() const {
  const std::vector<Point> places = minima();
  return places.empty() ? -std::numeric_limits<double>::infinity() : value(places.front());
}

std::optional<double> Surface::largestCurvature() const {
  if (kind_ == SurfaceKind::Ravine) return std::max(1.0, kappa_);
  if (kind_ == SurfaceKind::Booth) return 18.0;  // of [[10, 8], [8, 10]]
  return std::nullopt;
}

bool Surface::hasTrap() const {
  return kind_ == SurfaceKind::Saddle || kind_ == SurfaceKind::Rastrigin ||
         kind_ == SurfaceKind::TwoValleys;
}

bool Surface::hasEscaped(Point start, Point now) const {
  if (kind_ == SurfaceKind::Saddle) return value(now) < -1;
  if (kind_ == SurfaceKind::Rastrigin)
    return std::round(start.x) != std::round(now.x) || std::round(start.y) != std::round(now.y);
  if (kind_ == SurfaceKind::TwoValleys) {
    static const double ridge = twoValleysFlatPoint(0);
    return (start.x > ridge) != (now.x > ridge);
  }
  return false;
}

}  // namespace viva
