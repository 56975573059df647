// SPDX-License-Identifier: GPL-3.0-or-later
// The convolutional nets that a vision transformer of the same size is compared with.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lessons/nn/flat_weights.h"
#include "lessons/vit/vit_vs_cnn.h"

namespace viva {

struct CnnPlan {
  std::int64_t side = 16, channels = 1, classes = 10;
  CnnHead head = CnnHead::Mean;
  bool has_norm = true;
};

/// 3x3 convolutions with padding, each followed by batch norm and ReLU, with max-pools of 2 between
/// them, then one linear layer. Mean: 16, 32 and 45 channels, the mean over all places; 18,358
/// weights for ten classes. Flatten: 16, 24, 28 and 32 channels, all places in a row, so that far
/// places can be told apart; 18,170 weights for two classes.
class ContestCnn {
 public:
  ContestCnn(const CnnPlan& plan, at::Generator generator, const std::string& device);

  /// Logits [images, classes]. Training: batch norm uses the batch's means and variances, and moves
  /// the running ones, which are used otherwise.
  torch::Tensor logits(const torch::Tensor& images, bool is_training) const;
  /// The same from LibTorch's own modules with these weights: the independent way.
  torch::Tensor logitsByModules(const torch::Tensor& images) const;

  FlatWeights& weights() { return weights_; }
  const FlatWeights& weights() const { return weights_; }
  std::int64_t parameters() const { return weights_.flat().numel(); }
  std::int64_t macs() const;

  /// All weights but those of the last layer, and the running means and variances.
  void takeBodyFrom(const ContestCnn& other);
  /// As the state dictionary of a torch.nn.Sequential names them: `0.weight`, `1.running_mean`.
  void save(WeightSink& sink, const std::string& prefix) const;
  /// All weights as one row, then the running means and variances: what takes up again.
  torch::Tensor kept() const;
  void resume(const torch::Tensor& kept);

 private:
  CnnPlan plan_;
  std::vector<std::int64_t> widths_;
  FlatWeights weights_;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> running_;  ///< a norm each
};

}  // namespace viva
