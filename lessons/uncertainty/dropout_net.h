// SPDX-License-Identifier: GPL-3.0-or-later
// The forward pass of a stacked mlp (inputs-hidden-hidden-classes, ReLU) with dropout on both
// hidden layers.
#pragma once

#include <torch/types.h>

#include <vector>

namespace viva {

struct DropoutMasks {
  torch::Tensor first, second;  ///< [copies, hidden, samples or 1]: 0 or 1 / (1 - rate)
};
/// Inverted dropout: what is kept is scaled up. One mask for all samples with `samples` 1, which
/// makes each copy a net of its own with some units missing.
DropoutMasks drawnMasks(std::int64_t copies, std::int64_t hidden, std::int64_t samples, double rate,
                        at::Generator generator, torch::Device device);

struct NetOutputs {
  torch::Tensor logits;    ///< [copies, classes, samples]
  torch::Tensor features;  ///< of the last hidden layer: [copies, hidden, samples]
};
/// `weights` as in `mlp`, inputs [samples, features]. Without masks nothing is dropped. The weights
/// of one copy with the masks of several answer for several.
NetOutputs dropoutForward(const std::vector<torch::Tensor>& weights, const torch::Tensor& inputs,
                          const DropoutMasks* masks = nullptr);

}  // namespace viva
