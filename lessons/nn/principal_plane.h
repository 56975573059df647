// SPDX-License-Identifier: GPL-3.0-or-later
// The plane through a cloud of points in which it is widest.
#pragma once

#include <torch/types.h>

namespace viva {

/// Two orthogonal directions through the mean: the first two principal components (Pearson 1901),
/// or the plane itself for points that lie in one.
struct PrincipalPlane {
  torch::Tensor origin;      ///< [features]
  torch::Tensor directions;  ///< [2, features], orthonormal

  /// Where points [samples, features] fall on the plane: [samples, 2].
  torch::Tensor project(const torch::Tensor& points) const;
  /// The points [samples, features] at places of the plane [samples, 2].
  torch::Tensor lift(const torch::Tensor& places) const;
};

/// For points [samples, features], float32. Points with two features are not turned or shifted.
/// Deterministic: orthogonal iteration from a fixed start, so that the plane of slowly changing
/// points turns slowly.
PrincipalPlane principalPlane(const torch::Tensor& points);

}  // namespace viva
