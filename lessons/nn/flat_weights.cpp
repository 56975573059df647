// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/flat_weights.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <utility>

#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {

FlatWeights::FlatWeights(std::vector<WeightShape> shapes, const torch::Tensor& initial)
    : shapes_(std::move(shapes)),
      flat_(initial),
      gradients_(torch::zeros_like(flat_)),
      ones_(torch::ones({flat_.size(0)}, flat_.options())) {
  keepFreedMemory();
  for (const auto& view : weightViews(shapes_, flat_))
    leaves_.push_back(view.detach().requires_grad_());
}

std::vector<torch::Tensor> FlatWeights::single() const {
  std::vector<torch::Tensor> weights;
  for (const auto& leaf : leaves_) weights.push_back(leaf.squeeze(0));
  return weights;
}

std::vector<torch::Tensor> FlatWeights::differentiate(const torch::Tensor& losses,
                                                      const std::vector<torch::Tensor>& observed) {
  auto inputs = leaves_;
  inputs.insert(inputs.end(), observed.begin(), observed.end());
  // The gradient of the sum of all losses, which is what ones ask for, holds each copy's own.
  auto parts = torch::autograd::grad({losses}, inputs, {ones_}, /*retain_graph=*/c10::nullopt,
                                     /*create_graph=*/false, /*allow_unused=*/true);
  const torch::NoGradGuard no_grad;
  const auto own = parts.begin() + static_cast<std::ptrdiff_t>(leaves_.size());
  std::vector<torch::Tensor> of_observed(own, parts.end());
  parts.erase(own, parts.end());
  for (std::size_t i = 0; i < parts.size(); ++i)
    parts[i] =
        (parts[i].defined() ? parts[i] : torch::zeros_like(leaves_[i])).reshape({copies(), -1});
  torch::cat_out(gradients_, parts, 1);
  return of_observed;
}

torch::Tensor FlatWeights::clip(double max_norm) {
  const torch::NoGradGuard no_grad;
  const auto norms = gradients_.norm(2, 1);
  if (max_norm > 0) gradients_.mul_((max_norm / (norms + 1e-6)).clamp_max(1).unsqueeze(1));
  return norms;
}

void FlatWeights::update(const UpdateRule& rule) {
  const torch::NoGradGuard no_grad;
  if (!row_) row_ = freshRow(flat_, gradients_);
  viva::update(rule, *row_);
}

void FlatWeights::save(WeightSink& sink, const std::string& prefix, std::int64_t copy) const {
  for (std::size_t i = 0; i < shapes_.size(); ++i)
    sink.add(namedArray(prefix + shapes_[i].name, leaves_[i][copy]));
}

}  // namespace viva
