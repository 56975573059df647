// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/written_vit.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "lessons/vit/contest_images.h"

namespace viva {
namespace {

/// The weights by their names, in float64, on the CPU.
std::map<std::string, torch::Tensor> exactWeights(const VisionTransformer& net) {
  std::map<std::string, torch::Tensor> exact;
  const auto& shapes = net.weights().shapes();
  for (std::size_t i = 0; i < shapes.size(); ++i)
    exact[shapes[i].name] = net.weights().leaves()[i][0].detach().to(torch::kCPU, torch::kDouble);
  return exact;
}

torch::Tensor normed(const torch::Tensor& x, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
  const auto mean = x.mean(-1, true);
  const auto variance = (x - mean).square().mean(-1, true);
  return (x - mean) / (variance + 1e-5).sqrt() * weight + bias;
}

double apart(const torch::Tensor& ours, const torch::Tensor& other) {
  const auto size = other.abs().max().clamp_min(1);
  return ((ours.to(torch::kCPU, torch::kDouble) - other.to(torch::kCPU, torch::kDouble))
              .abs()
              .max() /
          size)
      .item<double>();
}

}  // namespace

torch::Tensor writtenLogits(const VisionTransformer& net, const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  auto w = exactWeights(net);
  const auto pixels = images.to(torch::kCPU, torch::kDouble);
  const std::int64_t patch = net.plan().patch, across = net.plan().across(),
                     heads = net.net().shape().heads, d = net.net().shape().width;
  std::vector<torch::Tensor> tokens;
  for (std::int64_t row = 0; row < across; ++row)
    for (std::int64_t column = 0; column < across; ++column) {
      const auto cut = pixels.narrow(2, row * patch, patch).narrow(3, column * patch, patch);
      tokens.push_back(cut.flatten(1).matmul(w["token.weight"].t()) + w["token.bias"]);
    }
  auto x = torch::stack(tokens, 1);  // [images, tokens, d]
  if (net.plan().has_positions) x = x + w["position.weight"];
  for (std::int64_t layer = 0; layer < net.net().shape().layers; ++layer) {
    const auto of = [&](const std::string& name) {
      return w["blocks." + std::to_string(layer) + "." + name];
    };
    const auto in = normed(x, of("norm1.weight"), of("norm1.bias"));
    const auto packed =
        in.matmul(of("self_attn.in_proj_weight").t()) + of("self_attn.in_proj_bias");
    std::vector<torch::Tensor> mixed;
    const std::int64_t width = d / heads;
    for (std::int64_t head = 0; head < heads; ++head) {
      const auto part = [&](std::int64_t which) {
        return packed.narrow(2, which * d + head * width, width);
      };
      const auto scores = part(0).matmul(part(1).transpose(1, 2)) / std::sqrt(width);
      mixed.push_back(scores.softmax(2).matmul(part(2)));
    }
    x = x + torch::cat(mixed, 2).matmul(of("self_attn.out_proj.weight").t()) +
        of("self_attn.out_proj.bias");
    const auto hidden =
        normed(x, of("norm2.weight"), of("norm2.bias")).matmul(of("linear1.weight").t()) +
        of("linear1.bias");
    // GELU as it is defined: x times the share of a normal distribution below x.
    const auto active = hidden * (1 + torch::erf(hidden / std::sqrt(2.0))) / 2;
    x = x + active.matmul(of("linear2.weight").t()) + of("linear2.bias");
  }
  // The mean first, the head behind it.
  return normed(x, w["norm.weight"], w["norm.bias"]).mean(1).matmul(w["head.weight"].t());
}

double differenceFromWritten(const VisionTransformer& net, const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  return apart(net.logits(images), writtenLogits(net, images));
}

double differenceFromConvolution(const VisionTransformer& net, const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const VitPlan& plan = net.plan();
  const auto& leaves = net.weights().leaves();
  const auto kernel = leaves[0][0].view({-1, plan.channels, plan.patch, plan.patch});
  const auto convolved = torch::conv2d(images, kernel, leaves[1][0], plan.patch);
  auto ours = net.net().embeddedVectors(patchesOf(images, plan.patch))[0];
  const auto position = net.net().positionTable(0);
  if (position.defined()) ours = ours - position;
  return apart(ours, convolved.flatten(2).transpose(1, 2));
}

}  // namespace viva
