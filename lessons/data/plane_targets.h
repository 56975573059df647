// SPDX-License-Identifier: GPL-3.0-or-later
// Distributions over the plane for generators to learn; all lie within about -1.2 to 1.2.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/data/plane_target_kind.h"

namespace viva {

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
