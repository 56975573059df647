// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/attention_reach.h"

#include <torch/utils.h>

#include <vector>

namespace viva {
namespace {

/// Rows and columns of the patches, [tokens] each.
std::pair<torch::Tensor, torch::Tensor> placesOf(std::int64_t across) {
  const auto tokens = torch::arange(across * across, torch::kLong);
  return {torch::div(tokens, across, "floor"), tokens.remainder(across)};
}

/// The weights of attention, a layer each: [images, heads, tokens, tokens].
std::vector<torch::Tensor> attentionOf(const VisionTransformer& net, const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  std::vector<BlockTrace> traces;
  Reading reading;
  reading.traces = &traces;
  net.logits(images, reading);
  std::vector<torch::Tensor> weights;
  for (const BlockTrace& trace : traces) weights.push_back(trace.self.weights[0]);
  return weights;
}

}  // namespace

torch::Tensor patchDistances(const VitPlan& plan) {
  const auto [rows, columns] = placesOf(plan.across());
  const auto down = (rows.unsqueeze(1) - rows).to(torch::kFloat),
             aside = (columns.unsqueeze(1) - columns).to(torch::kFloat);
  return (down.square() + aside.square()).sqrt() * static_cast<double>(plan.patch);
}

torch::Tensor attentionDistances(const VisionTransformer& net, const torch::Tensor& images) {
  const auto distances = patchDistances(net.plan()).to(images.device());
  std::vector<torch::Tensor> layers;
  for (const auto& weights : attentionOf(net, images))
    layers.push_back((weights * distances).sum(3).mean(2).mean(0));
  return torch::stack(layers);
}

double uniformDistance(const VitPlan& plan) { return patchDistances(plan).mean().item<double>(); }

torch::Tensor attentionRollout(const VisionTransformer& net, const torch::Tensor& images) {
  const auto identity = torch::eye(net.plan().tokens(), images.options());
  torch::Tensor product;
  for (const auto& weights : attentionOf(net, images)) {
    const auto mixed = (weights.mean(1) + identity) / 2;
    product = product.defined() ? mixed.matmul(product) : mixed;
  }
  return product.mean(1);
}

torch::Tensor positionCosines(const VisionTransformer& net) {
  const auto table = net.net().positionTable(0);
  const std::int64_t tokens = net.plan().tokens();
  if (!table.defined()) return torch::zeros({tokens, tokens});
  const auto unit = table / table.norm(2, {1}, true).clamp_min(1e-12);
  return unit.matmul(unit.t()).to(torch::kCPU);
}

double gridOf(const torch::Tensor& cosines, std::int64_t across) {
  const auto [rows, columns] = placesOf(across);
  const auto steps = (rows.unsqueeze(1) - rows).abs() + (columns.unsqueeze(1) - columns).abs();
  const auto near = steps == 1, far = steps >= across;
  if (!far.any().item<bool>()) return 0;
  const auto mean = [&](const torch::Tensor& of) {
    return cosines.masked_select(of).mean().item<double>();
  };
  return mean(near) - mean(far);
}

}  // namespace viva
