// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_scores.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>

namespace viva {
namespace {

/// A sample whose units are all silent keeps its zeros.
torch::Tensor ofLengthOne(const torch::Tensor& features) {
  return features / features.norm(2, {1}, true).clamp_min(1e-12);
}

}  // namespace

torch::Tensor maxSoftmax(const torch::Tensor& logits) { return torch::softmax(logits, 1).amax(1); }

torch::Tensor negativeEnergy(const torch::Tensor& logits, double temperature) {
  return temperature * torch::logsumexp(logits / temperature, 1);
}

torch::Tensor odin(const std::function<torch::Tensor(const torch::Tensor&)>& logits,
                   const torch::Tensor& inputs, double temperature, double epsilon) {
  torch::Tensor moved = inputs;
  if (epsilon > 0) {
    const torch::AutoGradMode with_gradients(true);
    const auto x = inputs.detach().clone().requires_grad_();
    const auto log_largest = torch::log_softmax(logits(x) / temperature, 1).amax(1);
    moved = inputs + epsilon * torch::autograd::grad({log_largest.sum()}, {x})[0].sign();
  }
  const torch::NoGradGuard no_grad;
  return maxSoftmax(logits(moved) / temperature);
}

torch::Tensor ClassGaussians::distances(const torch::Tensor& features) const {
  const auto apart = features.unsqueeze(1) - means.unsqueeze(0);
  return (torch::matmul(apart, precision) * apart).sum(2);
}

torch::Tensor ClassGaussians::score(const torch::Tensor& features) const {
  return -distances(features).amin(1);
}

NearestFeatures nearestFeatures(const torch::Tensor& features) { return {ofLengthOne(features)}; }

torch::Tensor NearestFeatures::score(const torch::Tensor& features, std::int64_t k) const {
  const auto place = std::clamp<std::int64_t>(k, 1, directions.size(0));
  const auto asked = ofLengthOne(features);
  // Of vectors of length 1 the k-th nearest has the k-th largest product. Its distance is taken
  // from the difference: of sqrt(2 - 2 ab) rounding would leave three digits near 0.01.
  const auto nearest =
      std::get<1>(torch::matmul(asked, directions.t()).topk(place, 1)).select(1, place - 1);
  return -(asked - directions.index_select(0, nearest)).norm(2, {1});
}

ClassGaussians classGaussians(const torch::Tensor& features, const torch::Tensor& labels,
                              std::int64_t classes) {
  std::vector<torch::Tensor> means;
  auto centred = features.clone();
  for (std::int64_t c = 0; c < classes; ++c) {
    const auto mine = labels == c;
    means.push_back(features.index({mine}).mean(0));
    centred.index_put_({mine}, features.index({mine}) - means.back());
  }
  auto covariance = torch::matmul(centred.t(), centred) / features.size(0);
  const auto ridge = 1e-3 * covariance.diagonal().mean().clamp_min(1e-6);
  covariance += ridge * torch::eye(features.size(1), features.options());
  return {torch::stack(means), std::get<0>(torch::linalg_inv_ex(covariance))};
}

}  // namespace viva
