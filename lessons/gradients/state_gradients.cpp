// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/state_gradients.h"

#include <torch/autograd.h>
#include <torch/utils.h>

namespace viva {

torch::Tensor stateGradients(const torch::Tensor& loss, const std::vector<torch::Tensor>& states,
                             const std::vector<torch::Tensor>& leaves,
                             torch::Tensor leaf_gradients) {
  std::vector<torch::Tensor> wanted = states;
  wanted.insert(wanted.end(), leaves.begin(), leaves.end());
  const auto found = torch::autograd::grad({loss}, wanted);
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  for (std::size_t i = states.size(); i < found.size(); ++i) parts.push_back(found[i].flatten());
  torch::cat_out(leaf_gradients, parts);
  return torch::stack(at::ArrayRef(found).slice(0, states.size()));
}

}  // namespace viva
