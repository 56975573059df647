// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/stacked_net.h"

#include <torch/nn/functional/loss.h>

#include <cmath>
#include <utility>

namespace viva {
namespace {

/// weight [copies, out, in], bias [copies, out], x [copies or 1, in, batch].
torch::Tensor linear(const torch::Tensor& weight, const torch::Tensor& bias,
                     const torch::Tensor& x) {
  return torch::baddbmm(bias.unsqueeze(2), weight, x.expand({weight.size(0), -1, -1}));
}

/// weight [copies, out, in, 3, 3], bias [copies, out]. The copies are groups of channels:
/// x [batch, copies * in, height, width], or [batch, in, height, width] shared by all of them.
torch::Tensor convolution(const torch::Tensor& weight, const torch::Tensor& bias,
                          const torch::Tensor& x) {
  const std::int64_t groups = x.size(1) / weight.size(2);
  return torch::conv2d(x, weight.flatten(0, 1), bias.flatten(), /*stride=*/1, /*padding=*/1,
                       /*dilation=*/1, groups);
}

/// [copies, batch, width] for word numbers [batch, length].
torch::Tensor meanEmbedding(const torch::Tensor& table, const torch::Tensor& words) {
  const auto looked_up = table.index_select(1, words.flatten());  // [copies, batch*length, width]
  return looked_up.unflatten(1, words.sizes()).mean(2);
}

}  // namespace

Architecture mlp(std::int64_t inputs, std::int64_t hidden, std::int64_t classes) {
  Architecture net;
  net.weights = {{"0.weight", {hidden, inputs}, inputs},  {"0.bias", {hidden}, inputs},
                 {"2.weight", {hidden, hidden}, hidden},  {"2.bias", {hidden}, hidden},
                 {"4.weight", {classes, hidden}, hidden}, {"4.bias", {classes}, hidden}};
  net.forward = [](const std::vector<torch::Tensor>& w, const torch::Tensor& inputs) {
    // Samples are columns: with the classes in the last dimension, the softmax of 7 x 128 pairs
    // took 51 us instead of 3.
    const auto x = inputs.t().unsqueeze(0);
    const auto first = linear(w[0], w[1], x).relu();
    const auto second = linear(w[2], w[3], first).relu();
    return linear(w[4], w[5], second);
  };
  return net;
}

Architecture convnet(std::int64_t size, std::int64_t classes) {
  const std::int64_t features = 16 * (size / 4) * (size / 4);
  Architecture net;
  net.kind = Architecture::Kind::Convnet;
  net.weights = {{"0.weight", {8, 1, 3, 3}, 9},
                 {"0.bias", {8}, 9},
                 {"3.weight", {16, 8, 3, 3}, 72},
                 {"3.bias", {16}, 72},
                 {"7.weight", {classes, features}, features},
                 {"7.bias", {classes}, features}};
  net.forward = [](const std::vector<torch::Tensor>& w, const torch::Tensor& images) {
    const std::int64_t copies = w[0].size(0), batch = images.size(0);
    const auto first = torch::max_pool2d(convolution(w[0], w[1], images).relu(), 2);
    const auto second = torch::max_pool2d(convolution(w[2], w[3], first).relu(), 2);
    const auto features = second.reshape({batch, copies, -1}).permute({1, 2, 0});
    return linear(w[4], w[5], features);
  };
  return net;
}

Architecture embeddingBag(std::int64_t vocabulary, std::int64_t width, std::int64_t classes) {
  Architecture net;
  net.kind = Architecture::Kind::EmbeddingBag;
  net.weights = {{"0.weight", {vocabulary, width}, 0},
                 {"1.weight", {classes, width}, width},
                 {"1.bias", {classes}, width}};
  net.forward = [](const std::vector<torch::Tensor>& w, const torch::Tensor& words) {
    return linear(w[1], w[2], meanEmbedding(w[0], words).transpose(1, 2));
  };
  return net;
}

torch::Tensor Architecture::features(const std::vector<torch::Tensor>& w,
                                     const torch::Tensor& inputs) const {
  if (kind == Kind::EmbeddingBag) return meanEmbedding(w[0], inputs)[0];
  return inputs.flatten(1);
}

torch::Tensor Architecture::forwardFeatures(const std::vector<torch::Tensor>& w,
                                            const torch::Tensor& features) const {
  if (kind == Kind::EmbeddingBag) return linear(w[1], w[2], features.t().unsqueeze(0));
  if (kind == Kind::Convnet) {
    const auto size = static_cast<std::int64_t>(std::lround(std::sqrt(features.size(1))));
    return forward(w, features.view({-1, 1, size, size}));
  }
  return forward(w, features);
}

StackedNet::StackedNet(Architecture architecture, std::int64_t copies, const torch::Tensor& initial)
    : architecture_(std::move(architecture)),
      weights_(architecture_.weights, initial.unsqueeze(0).repeat({copies, 1})) {}

torch::Tensor StackedNet::forward(const torch::Tensor& inputs) const {
  return architecture_.forward(leaves(), inputs);
}

const torch::Tensor& StackedNet::gradients(const torch::Tensor& losses) {
  weights_.differentiate(losses);
  return weights_.gradients();
}

torch::Tensor crossEntropy(const torch::Tensor& logits, const torch::Tensor& labels) {
  return torch::nn::functional::cross_entropy(
             logits, labels.expand({logits.size(0), -1}),
             torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone))
      .mean(1);
}

torch::Tensor accuracy(const torch::Tensor& logits, const torch::Tensor& labels) {
  const auto of_label = logits.gather(1, labels.expand({logits.size(0), 1, -1})).squeeze(1);
  return (of_label >= logits.amax(1)).to(torch::kFloat).mean(1);
}

}  // namespace viva
