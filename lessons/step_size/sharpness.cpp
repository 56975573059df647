// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/sharpness.h"

#include <torch/autograd.h>
#include <torch/utils.h>

namespace viva {
namespace {

torch::Tensor inner(const std::vector<torch::Tensor>& a, const std::vector<torch::Tensor>& b) {
  torch::Tensor sum = (a[0] * b[0]).sum();
  for (std::size_t i = 1; i < a.size(); ++i) sum = sum + (a[i] * b[i]).sum();
  return sum;
}

}  // namespace

Sharpness::Sharpness(const std::vector<torch::Tensor>& weights, at::Generator generator) {
  for (const auto& weight : weights)
    direction_.push_back(torch::randn(weight.sizes(), generator).to(weight.device()));
}

double Sharpness::measure(const std::function<torch::Tensor()>& loss,
                          const std::vector<torch::Tensor>& weights, int iterations) {
  const auto gradients = torch::autograd::grad({loss()}, weights, {}, true, /*create_graph=*/true);
  double eigenvalue = 0;
  for (int i = 0; i < iterations; ++i) {
    const auto product =
        torch::autograd::grad({inner(gradients, direction_)}, weights, {}, /*retain_graph=*/true);
    const torch::NoGradGuard no_grad;
    eigenvalue = (inner(product, direction_) / inner(direction_, direction_)).item<double>();
    const auto length = inner(product, product).sqrt();
    for (std::size_t p = 0; p < product.size(); ++p) direction_[p] = product[p] / length;
  }
  return eigenvalue;
}

}  // namespace viva
