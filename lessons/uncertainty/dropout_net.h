// SPDX-License-Identifier: GPL-3.0-or-later
// The forward pass of a stacked mlp (2-hidden-hidden-classes, ReLU) with dropout on both hidden
// layers.
#pragma once

#include <torch/types.h>

#include <vector>

namespace viva {

struct DropoutMasks {
  torch::Tensor first, second;  ///< [copies, hidden, 1 or batch]: 0 or 1 / (1 - p)
};
/// From a generator of its own, so that whoever looks draws nothing from the training.
DropoutMasks drawnMasks(std::int64_t copies, std::int64_t hidden, std::int64_t batch, double rate,
                        at::Generator generator, torch::Device device);

struct NetOutputs {
  torch::Tensor logits;    ///< [copies, classes, batch]
  torch::Tensor features;  ///< of the last hidden layer: [copies, hidden, batch]
};
/// Without masks nothing is dropped. Weights as in `mlp`.
NetOutputs dropoutForward(const std::vector<torch::Tensor>& weights, const torch::Tensor& inputs,
                          const DropoutMasks* masks);

}  // namespace viva
