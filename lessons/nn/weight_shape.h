// SPDX-License-Identifier: GPL-3.0-or-later
// What the weights of a net are: a list of named shapes, one after another in a flat tensor.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

/// One named tensor of a net, named and shaped as in the state dictionary of the torch.nn modules.
struct WeightShape {
  std::string name;                 ///< `0.weight`
  std::vector<std::int64_t> shape;  ///< `[out, in]`
  /// PyTorch's default: uniform within +-1/sqrt(fan_in); 0 means standard normal (embeddings).
  std::int64_t fan_in = 0;
};

std::int64_t parameterCount(const std::vector<WeightShape>& shapes);
/// PyTorch's default initialisation of one copy: [parameters], float32.
torch::Tensor initialWeights(const std::vector<WeightShape>& shapes, at::Generator generator);
/// Views of a flat tensor [copies, parameters], one for each weight: [copies, *shape].
std::vector<torch::Tensor> weightViews(const std::vector<WeightShape>& shapes,
                                       const torch::Tensor& flat);

}  // namespace viva
