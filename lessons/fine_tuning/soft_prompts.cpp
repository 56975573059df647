// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/soft_prompts.h"

#include <torch/utils.h>

#include "lessons/fine_tuning/low_rank.h"

namespace viva {
namespace {

/// Of numbers that start as keys and values.
constexpr double kDeepSpread = 0.3;

}  // namespace

std::vector<WeightShape> softPromptShapes(const Contender& contender, const TransformerShape& net) {
  const std::int64_t p = contender.prompt_length, d = net.width, deep = 2 * net.layers * d;
  switch (contender.method) {
    case PeftMethod::Prompt:
      return {{"prompt", {p, d}, 0}};
    case PeftMethod::Prefix:
      return {{"embedding.weight", {p, d}, 0},
              {"0.weight", {contender.prefix_hidden, d}, d},
              {"0.bias", {contender.prefix_hidden}, d},
              {"2.weight", {deep, contender.prefix_hidden}, contender.prefix_hidden},
              {"2.bias", {deep}, contender.prefix_hidden}};
    default:
      return {{"prefix", {net.layers, 2, p, d}, 0}};
  }
}

void startSoftPrompt(const Contender& contender, std::vector<torch::Tensor>& own,
                     const torch::Tensor& embeddings, at::Generator generator) {
  if (contender.method == PeftMethod::Prompt) {
    const auto rows = torch::randint(embeddings.size(0), {own[0].size(0)}, generator, torch::kLong);
    own[0].copy_(embeddings.index_select(0, rows.to(embeddings.device())));
    return;
  }
  if (contender.method == PeftMethod::PTuningV2) {
    own[0].copy_(torch::randn(own[0].sizes(), generator) * kDeepSpread);
    return;
  }
  own[0].copy_(torch::randn(own[0].sizes(), generator));
  for (std::size_t i = 1; i < own.size(); ++i)
    own[i].copy_(drawnWithin(own[i].sizes(), own[i < 3 ? 1 : 3].size(1), generator));
}

torch::Tensor deepPrompt(const Contender& contender, const std::vector<torch::Tensor>& own,
                         const TransformerShape& net) {
  if (contender.method == PeftMethod::PTuningV2) return own[0];
  const auto inner = torch::tanh(torch::linear(own[0], own[1], own[2]));
  return torch::linear(inner, own[3], own[4])
      .view({contender.prompt_length, net.layers, 2, net.width})
      .permute({1, 2, 0, 3});
}

std::int64_t keptNumbers(const Contender& contender, const TransformerShape& net) {
  const std::int64_t one = contender.prompt_length * net.width;
  return contender.method == PeftMethod::Prompt ? one : 2 * net.layers * one;
}

}  // namespace viva
