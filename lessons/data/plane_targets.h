// SPDX-License-Identifier: GPL-3.0-or-later
// Distributions over the plane for generators to learn; all lie within about -1.2 to 1.2.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace viva {

/// Ring: 8 Gaussians on a circle of radius 1. Grid: 5 x 5 Gaussians from -1 to 1, a quarter of the
/// size in which VEEGAN and PacGAN (arXiv 1705.07761, 1712.04086) use it. Drawn: one around
/// each of the given points. The others have no modes.
enum class PlaneTargetKind { Ring, Grid, Moons, SwissRoll, Line, Drawn };

struct PlanePoint {
  double x = 0, y = 0;
  bool operator==(const PlanePoint&) const = default;
};

/// An endless source of samples of one distribution.
class PlaneTarget {
 public:
  /// `sigma`: the standard deviation of every mode, or of the noise across a curve. `drawn`: the
  /// points that Drawn is made of, at least one; the others ignore it.
  PlaneTarget(PlaneTargetKind kind, double sigma, const std::vector<PlanePoint>& drawn = {});

  /// [count, 2], float32.
  torch::Tensor sample(std::int64_t count, at::Generator generator) const;
  /// The centres [modes, 2], float32; [0, 2] for a target without modes.
  const torch::Tensor& modes() const { return modes_; }
  double sigma() const { return sigma_; }

 private:
  PlaneTargetKind kind_;
  double sigma_;
  torch::Tensor modes_, drawn_;
};

}  // namespace viva
