// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lessons/nn/torch_draws.h"

#include <torch/serialize.h>
#include <torch/utils.h>

namespace viva::tests {

double draw() { return torch::rand({1}, torch::kFloat64).item<double>(); }
int threadsInPlace() { return at::get_num_threads(); }

std::vector<char> pickledByLibTorch() {
  c10::Dict<std::string, at::Tensor> dictionary;
  dictionary.insert("w", torch::ones({2}));
  return torch::pickle_save(dictionary);
}

}  // namespace viva::tests
