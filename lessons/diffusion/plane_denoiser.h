// SPDX-License-Identifier: GPL-3.0-or-later
// The small net that learns to take noise off points of the plane, in several copies at once.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "lessons/nn/flat_weights.h"

namespace viva {

/// t as a share of T in 8 sines and 8 cosines, of frequencies from pi to 30 pi: [T + 1, 16].
torch::Tensor timeFeatures(std::int64_t steps, std::int64_t frequencies = 8);

/// point, time and class - hidden - hidden - hidden - 2 with SiLU. The weights are named as in the
/// state dictionary of a torch.nn.Sequential. Copies start from the same weights.
class PlaneDenoiser {
 public:
  struct Shape {
    std::int64_t hidden = 64;
    std::int64_t steps = 100;  ///< T
    std::int64_t classes = 0;  ///< 0: it knows of none
    std::int64_t copies = 1;
  };
  PlaneDenoiser(const Shape& shape, at::Generator generator, torch::Device device);

  /// [copies, batch, 2] for points [copies, batch, 2] at times [batch], int64, the same for all
  /// copies. `classes` [batch, classes]: one-hot, a row of zeros for no class.
  torch::Tensor forward(const torch::Tensor& points, const torch::Tensor& times,
                        const torch::Tensor& classes = {}) const;
  /// Of one copy: [batch, 2] for points [batch, 2], all at one time.
  torch::Tensor answer(const torch::Tensor& points, std::int64_t time,
                       const torch::Tensor& classes = {}, std::int64_t copy = 0) const;

  FlatWeights& weights() { return weights_; }
  const FlatWeights& weights() const { return weights_; }
  const Shape& shape() const { return shape_; }

 private:
  Shape shape_;
  torch::Tensor features_;  ///< [T + 1, 16]
  FlatWeights weights_;
};

}  // namespace viva
