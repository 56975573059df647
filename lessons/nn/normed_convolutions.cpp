// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/normed_convolutions.h"

#include <torch/types.h>

namespace viva {

std::vector<WeightShape> NormedConvolutions::weights(const std::string& prefix) const {
  std::vector<WeightShape> shapes;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    const std::int64_t in = channels[i], out = channels[i + 1];
    const auto named = [&](std::size_t module, const char* name) {
      return prefix + std::to_string(3 * i + module) + name;
    };
    shapes.push_back({named(0, ".weight"), {out, in, 3, 3}, 9 * in});
    shapes.push_back({named(1, ".weight"), {out}, 1});
    shapes.push_back({named(1, ".bias"), {out}, 1});
  }
  return shapes;
}

void NormedConvolutions::startNorms(const std::vector<torch::Tensor>& views) const {
  for (std::size_t i = 0; i < strides.size(); ++i) {
    views[3 * i + 1].fill_(1);
    views[3 * i + 2].zero_();
  }
}

torch::Tensor NormedConvolutions::features(torch::Tensor pictures,
                                           const std::vector<torch::Tensor>& weights) const {
  for (std::size_t i = 0; i < strides.size(); ++i) {
    pictures = torch::conv2d(pictures, weights[3 * i], {}, strides[i], /*padding=*/1);
    pictures = torch::group_norm(pictures, groups, weights[3 * i + 1], weights[3 * i + 2]).relu();
  }
  return pictures;
}

}  // namespace viva
