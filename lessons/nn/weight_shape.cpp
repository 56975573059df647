// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/weight_shape.h"

#include <torch/types.h>

#include <cmath>

namespace viva {
namespace {

std::int64_t elements(const WeightShape& weight) { return c10::multiply_integers(weight.shape); }

}  // namespace

std::int64_t parameterCount(const std::vector<WeightShape>& shapes) {
  std::int64_t count = 0;
  for (const auto& weight : shapes) count += elements(weight);
  return count;
}

torch::Tensor initialWeights(const std::vector<WeightShape>& shapes, at::Generator generator) {
  std::vector<torch::Tensor> parts;
  for (const auto& weight : shapes) {
    if (weight.fan_in == 0) {
      parts.push_back(torch::randn({elements(weight)}, generator));
    } else {
      const double bound = 1 / std::sqrt(static_cast<double>(weight.fan_in));
      parts.push_back((torch::rand({elements(weight)}, generator) * 2 - 1) * bound);
    }
  }
  return torch::cat(parts);
}

std::vector<torch::Tensor> weightViews(const std::vector<WeightShape>& shapes,
                                       const torch::Tensor& flat) {
  std::vector<torch::Tensor> views;
  std::int64_t offset = 0;
  for (const auto& weight : shapes) {
    std::vector<std::int64_t> shape = weight.shape;
    shape.insert(shape.begin(), flat.size(0));
    views.push_back(flat.narrow(1, offset, elements(weight)).view(shape));
    offset += elements(weight);
  }
  return views;
}

}  // namespace viva
