// SPDX-License-Identifier: GPL-3.0-or-later
// The recogniser's net: what each frame sounds like, from eleven frames around it and more.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "lessons/nn/flat_weights.h"

namespace viva {

/// Three Conv1d of 48 channels and width 5 with ReLU, then a Conv1d of width 1 to the letters and
/// the blank; weights are named as in torch.nn.Sequential: `0.weight`, ..., `6.bias`.
class ToneNet {
 public:
  ToneNet(at::Generator generator, const std::string& device);

  /// log probabilities [words, time, letters + 1] of frames [words, time, bands].
  torch::Tensor operator()(const torch::Tensor& frames) const;
  FlatWeights& weights() { return weights_; }
  const FlatWeights& weights() const { return weights_; }

 private:
  FlatWeights weights_;
};

}  // namespace viva
