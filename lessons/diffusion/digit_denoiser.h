// SPDX-License-Identifier: GPL-3.0-or-later
// The net that learns to take noise off small images.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/nn/flat_weights.h"

namespace viva {

/// pixels - width, then residual blocks x + second(SiLU(first(x) + known(c))), then width - pixels.
/// c is SiLU of a linear layer of the time, in 16 sines and 16 cosines, and of the class, one-hot.
class DigitDenoiser {
 public:
  struct Shape {
    std::int64_t pixels = 256, width = 384, blocks = 3, classes = 10;
    std::int64_t steps = 200;  ///< T
  };
  DigitDenoiser(const Shape& shape, at::Generator generator, torch::Device device);

  /// [batch, pixels] for images [batch, pixels] at times [batch], int64, of classes
  /// [batch, classes]: one-hot, a row of zeros for no class.
  torch::Tensor forward(const torch::Tensor& images, const torch::Tensor& times,
                        const torch::Tensor& classes) const;
  /// The same with all at one time.
  torch::Tensor answer(const torch::Tensor& images, std::int64_t time,
                       const torch::Tensor& classes) const;

  FlatWeights& weights() { return weights_; }
  const FlatWeights& weights() const { return weights_; }
  const Shape& shape() const { return shape_; }

 private:
  Shape shape_;
  torch::Tensor features_;  ///< [T + 1, 32]
  FlatWeights weights_;
};

}  // namespace viva
