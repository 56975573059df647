// SPDX-License-Identifier: GPL-3.0-or-later
// A small convnet for pictures whose vectors shall not depend on the others in their batch: 3x3
// convolutions without bias, each behind it normalised in groups of channels, then ReLU.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/nn/weight_shape.h"

namespace viva {

/// torch.nn.Sequential of Conv2d 3x3 with padding 1, GroupNorm, ReLU, one triple a stride.
struct NormedConvolutions {
  std::vector<std::int64_t> channels;  ///< one more than strides: those of the pictures first
  std::vector<std::int64_t> strides;
  std::int64_t groups = 4;

  /// Three weights a convolution, `<prefix>0.weight`, `<prefix>1.weight`, `<prefix>1.bias`, ...
  std::vector<WeightShape> weights(const std::string& prefix) const;
  /// Norms begin as the identity: `views` are those weights, [copies, *shape] each.
  void startNorms(const std::vector<torch::Tensor>& views) const;
  /// [pictures, last channels, height, width] of pictures [pictures, channels, ...]; `weights` are
  /// the first of a net, [*shape] each.
  torch::Tensor features(torch::Tensor pictures, const std::vector<torch::Tensor>& weights) const;
};

}  // namespace viva
