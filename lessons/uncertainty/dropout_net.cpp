// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/dropout_net.h"

#include <torch/types.h>

namespace viva {

DropoutMasks drawnMasks(std::int64_t copies, std::int64_t hidden, std::int64_t samples, double rate,
                        at::Generator generator, torch::Device device) {
  const auto kept = torch::empty({2, copies, hidden, samples})
                        .bernoulli_(1 - rate, generator)
                        .div_(1 - rate)
                        .to(device);
  return {kept[0], kept[1]};
}

NetOutputs dropoutForward(const std::vector<torch::Tensor>& weights, const torch::Tensor& inputs,
                          const DropoutMasks* masks) {
  const auto layer = [&](std::size_t i, const torch::Tensor& x) {
    return torch::baddbmm(weights[i + 1].unsqueeze(-1), weights[i].expand({x.size(0), -1, -1}), x);
  };
  auto first = layer(0, inputs.t().expand({weights[0].size(0), -1, -1})).relu();
  if (masks) first = first * masks->first;
  auto second = layer(2, first).relu();
  if (masks) second = second * masks->second;
  return {layer(4, second), second};
}

}  // namespace viva
