// SPDX-License-Identifier: GPL-3.0-or-later
// A small one-stage detector: five convolutions with batch norm, then a 1x1 convolution that
// answers at every cell of a grid.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/flat_weights.h"

namespace viva {

/// Named as torch.nn.Sequential of five times Conv2d (3x3, without bias), BatchNorm2d, ReLU, with
/// 16, 24, 32, 48 and 48 channels, and Conv2d (1x1). 46,015 weights with one box a cell.
class DetectorNet {
 public:
  /// `grid` 6 or 12: three or two of the convolutions have stride 2. PyTorch's default
  /// initialisation, but for the biases of the head: that of a class is -log((1 - prior) / prior)
  /// (arXiv 1708.02002), the others are 0.
  DetectorNet(std::int64_t grid, std::int64_t boxes_a_cell, double prior, at::Generator generator,
              const std::string& device);

  /// [batch, places, 3 + 4] for images [batch, 3, 48, 48]: the logit of each shape, then the raw
  /// box. With the statistics of the batch, which the running ones follow.
  torch::Tensor learning(const torch::Tensor& images);
  /// The same with the running statistics.
  torch::Tensor answers(const torch::Tensor& images) const;

  FlatWeights& weights() { return weights_; }
  void save(WeightSink& sink, const std::string& prefix) const;

 private:
  torch::Tensor forward(const torch::Tensor& images, bool is_training) const;

  std::int64_t grid_, boxes_a_cell_;
  FlatWeights weights_;  ///< one copy
  /// Of each norm the mean, then the variance: [channels].
  std::vector<torch::Tensor> running_;
};

}  // namespace viva
