// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/gradient_checks.h"

#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/nn/plain_net.h"

namespace viva {
namespace {

constexpr std::int64_t kSamples = 32;

/// The slope of the loss along one weight; none where a ReLU or a maximum switches so close that
/// two widths disagree.
std::optional<double> slope(const Architecture& net, const torch::Tensor& weights,
                            std::int64_t index, const torch::Tensor& inputs,
                            const torch::Tensor& labels) {
  const auto loss = [&](double shift) {
    auto moved = weights.clone();
    moved[0][index] += shift;
    return crossEntropy(net.forward(weightViews(net.weights, moved), inputs), labels)
        .item<double>();
  };
  const double width = 1e-5 * std::max(1.0, std::abs(weights[0][index].item<double>()));
  const double wide = (loss(width) - loss(-width)) / (2 * width);
  const double narrow = (loss(width / 4) - loss(-width / 4)) / (width / 2);
  if (!(std::abs(wide - narrow) <= 1e-6 + 1e-4 * std::abs(narrow))) return std::nullopt;
  return narrow;
}

}  // namespace

void checkGradients(const StackedNet& nets, std::int64_t step, const Dataset& data,
                    CheckSink& sink) {
  const std::int64_t copy = step % nets.copies();
  const std::int64_t samples = std::min(kSamples, data.samples());
  const std::int64_t first = step * samples % (data.samples() - samples + 1);
  const auto inputs = data.inputs.narrow(0, first, samples);
  const auto labels = data.labels.narrow(0, first, samples);

  const auto losses = crossEntropy(nets.forward(inputs), labels);
  if (!std::isfinite(losses[copy].item<double>())) return;
  const auto gradients = torch::autograd::grad({losses.sum()}, nets.leaves());
  double scale = 1e-3;
  for (const auto& gradient : gradients)
    scale = std::max(scale, gradient[copy].abs().max().item<double>());
  if (!std::isfinite(scale)) return;

  auto plain = plainNet(nets.architecture());
  plain->to(inputs.device());
  setWeights(plain, nets.weights()[copy]);
  auto loss = torch::nn::functional::cross_entropy(plain->forward(inputs), labels);
  const auto plain_gradients = torch::autograd::grad({loss}, plain->parameters());
  double apart = 0;
  for (std::size_t i = 0; i < gradients.size(); ++i)
    apart = std::max(apart, (gradients[i][copy] - plain_gradients[i]).abs().max().item<double>());
  sink.compare("separate-modules", apart / scale, 1e-4);

  const torch::NoGradGuard no_grad;
  const auto exact_inputs = inputs.is_floating_point() ? inputs.to(torch::kDouble) : inputs;
  const auto exact_weights = nets.weights().narrow(0, copy, 1).to(torch::kDouble);
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const auto gradient = gradients[i][copy].flatten();
    if ((i + static_cast<std::size_t>(step)) % 3 == 0) {
      const std::int64_t largest = gradient.abs().argmax().item<std::int64_t>();
      const auto measured =
          slope(nets.architecture(), exact_weights, offset + largest, exact_inputs, labels);
      if (measured)
        sink.compare("finite-differences",
                     std::abs(gradient[largest].item<double>() - *measured) / scale, 1e-3);
    }
    offset += gradient.numel();
  }
}

}  // namespace viva
