// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/backward_factor.h"

#include <torch/utils.h>

#include <cmath>

#include "lessons/gradients/deep_net.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

/// The largest f' there is.
double steepest(Activation activation) {
  switch (activation) {
    case Activation::Sigmoid:
      return 0.25;
    case Activation::Gelu:
      return 1.1289;  // at z = sqrt(2)
    default:
      return 1;
  }
}

}  // namespace

std::vector<LayerStatistics> layerStatistics(const DeepNet& net, const Wiring& wiring,
                                             const Forward& forward) {
  const torch::NoGradGuard no_grad;
  const auto z = torch::stack(forward.pre_activations).flatten(1).to(torch::kDouble);
  const auto h = torch::stack(forward.activations).flatten(1).to(torch::kDouble);
  const auto slopes = derivative(wiring.activation, z);
  const auto means = numbersOf(h.mean(1));
  const auto deviations = numbersOf(h.std(1, /*unbiased=*/false));
  const auto roots = numbersOf(slopes.square().mean(1).sqrt());
  const auto saturated =
      numbersOf((slopes.abs() < 0.1 * steepest(wiring.activation)).to(torch::kDouble).mean(1));
  const auto first = numbersOf(net.first().square().mean().sqrt().unsqueeze(0));
  const auto others = numbersOf(net.hidden().flatten(1).to(torch::kDouble).square().mean(1).sqrt());
  std::vector<LayerStatistics> layers;
  for (std::size_t i = 0; i < means.size(); ++i)
    layers.push_back(
        {means[i], deviations[i], roots[i], saturated[i], i == 0 ? first[0] : others[i - 1]});
  return layers;
}

std::optional<std::vector<double>> predictedFlow(const Wiring& wiring,
                                                 const std::vector<LayerStatistics>& layers,
                                                 std::int64_t width) {
  if (wiring.norm != Normalisation::None) return std::nullopt;
  const std::size_t last = layers.size() - 1;
  const double root = std::sqrt(static_cast<double>(width));
  std::vector<double> flow(layers.size());
  // Of the layer's output, relative to the last layer's.
  double outgoing = 1;
  for (std::size_t i = last + 1; i-- > 0;) {
    flow[i] = outgoing * layers[i].derivative / layers[last].derivative;
    const double branch = layers[i].weight * root * layers[i].derivative;
    outgoing *= wiring.residual ? std::hypot(1, branch) : branch;
  }
  return flow;
}

Usable usableLayers(const std::vector<double>& norms) {
  // Norms of thousands of numbers: the numbers themselves are smaller, and float32 ends at 1e-38.
  constexpr double kSmallest = 1e-32, kLargest = 1e32;
  const auto fine = [&](double norm) { return norm > kSmallest && norm < kLargest; };
  Usable layers{norms.size(), norms.size()};
  for (std::size_t i = norms.size(); i-- > 0 && fine(norms[i]);) {
    if (layers.last == norms.size()) layers.last = i;
    layers.first = i;
  }
  if (layers.last == norms.size()) return {0, 0};
  return layers;
}

std::optional<double> meanFactor(const std::vector<double>& norms, Usable layers) {
  if (layers.steps() < 1) return std::nullopt;
  return std::pow(norms[layers.first] / norms[layers.last],
                  1 / static_cast<double>(layers.steps()));
}

}  // namespace viva
