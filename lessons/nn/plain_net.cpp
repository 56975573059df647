// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/plain_net.h"

#include <torch/nn.h>
#include <torch/utils.h>

namespace viva {

torch::nn::Sequential plainNet(const Architecture& architecture) {
  namespace nn = torch::nn;
  const auto& weights = architecture.weights;
  const auto linear = [&](std::size_t index) {
    return nn::Linear(weights[index].shape[1], weights[index].shape[0]);
  };
  const auto convolution = [&](std::size_t index) {
    const auto& shape = weights[index].shape;
    return nn::Conv2d(nn::Conv2dOptions(shape[1], shape[0], 3).padding(1));
  };
  switch (architecture.kind) {
    case Architecture::Kind::Mlp: {
      nn::Sequential net(linear(0), nn::ReLU(), linear(2), nn::ReLU(), linear(4));
      return net;
    }
    case Architecture::Kind::Convnet: {
      nn::Sequential net(convolution(0), nn::ReLU(), nn::MaxPool2d(2), convolution(2), nn::ReLU(),
                         nn::MaxPool2d(2), nn::Flatten(), linear(4));
      return net;
    }
    case Architecture::Kind::EmbeddingBag: {
      const auto& table = weights[0].shape;
      nn::Sequential net(
          nn::EmbeddingBag(nn::EmbeddingBagOptions(table[0], table[1]).mode(torch::kMean)),
          linear(1));
      return net;
    }
  }
  return nn::Sequential();
}

void setWeights(torch::nn::Sequential& net, const torch::Tensor& weights) {
  const torch::NoGradGuard no_grad;
  std::int64_t offset = 0;
  for (auto& parameter : net->parameters()) {
    parameter.copy_(weights.narrow(0, offset, parameter.numel()).view_as(parameter));
    offset += parameter.numel();
  }
}

}  // namespace viva
