// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/principal_plane.h"

namespace viva {
namespace {

/// Gram-Schmidt on two rows.
torch::Tensor orthonormal(const torch::Tensor& rows) {
  const auto first = rows[0] / (rows[0].norm() + 1e-30);
  const auto rest = rows[1] - first.dot(rows[1]) * first;
  return torch::stack({first, rest / (rest.norm() + 1e-30)});
}

}  // namespace

torch::Tensor PrincipalPlane::project(const torch::Tensor& points) const {
  return (points - origin).matmul(directions.t());
}

torch::Tensor PrincipalPlane::lift(const torch::Tensor& places) const {
  return places.matmul(directions) + origin;
}

PrincipalPlane principalPlane(const torch::Tensor& points) {
  const std::int64_t features = points.size(1);
  if (features == 2) return {torch::zeros({2}, points.options()), torch::eye(2, points.options())};
  PrincipalPlane plane;
  plane.origin = points.mean(0);
  const auto index = torch::arange(1, features + 1, points.options());
  plane.directions = orthonormal(torch::stack({index.sin(), (index * 1.7).cos()}));
  const auto centred = points - plane.origin;
  constexpr int kTurns = 25;
  for (int i = 0; i < kTurns; ++i)
    plane.directions = orthonormal(plane.directions.matmul(centred.t()).matmul(centred));
  return plane;
}

}  // namespace viva
