// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/deep_net_checks.h"

#include <torch/autograd.h>
#include <torch/nn.h>
#include <torch/utils.h>

#include <cmath>

#include "lessons/gradients/backward_factor.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

namespace nn = torch::nn;

/// Norms of this size or less are sums of numbers that float32 rounds to few digits or none.
constexpr double kSmallest = 1e-30, kLargest = 1e30;

torch::Tensor lossOf(const torch::Tensor& logits, const torch::Tensor& labels) {
  return nn::functional::cross_entropy(logits, labels);
}

/// The same net out of modules, in float64.
struct ModuleNet {
  std::vector<nn::Linear> hidden;
  std::vector<nn::AnyModule> norms;
  nn::AnyModule activation;
  nn::Linear readout{nullptr};
  Wiring wiring;

  ModuleNet(const DeepNet& net, const Wiring& chosen) : wiring(chosen) {
    const torch::NoGradGuard no_grad;
    const auto [depth, width, inputs, classes] = net.size();
    const bool has_norm = wiring.norm != Normalisation::None;
    std::map<std::string, torch::Tensor> state;
    for (const auto& [name, tensor] : net.state(wiring)) state[name] = tensor.to(torch::kDouble);
    for (std::int64_t i = 0; i < depth; ++i) {
      const std::string number = std::to_string(i);
      nn::Linear linear(nn::LinearOptions(i == 0 ? inputs : width, width).bias(!has_norm));
      linear->to(torch::kDouble);
      linear->weight.set_data(state.at("hidden." + number + ".weight").clone());
      if (!has_norm) linear->bias.set_data(state.at("hidden." + number + ".bias").clone());
      hidden.push_back(linear);
      if (!has_norm) continue;
      const auto fill = [&](auto& norm) {
        norm->weight.set_data(state.at("norm." + number + ".weight").clone());
        norm->bias.set_data(state.at("norm." + number + ".bias").clone());
        norms.emplace_back(norm);
      };
      if (wiring.norm == Normalisation::Batch) {
        nn::BatchNorm1d norm(nn::BatchNorm1dOptions(width).track_running_stats(false));
        fill(norm);
      } else {
        nn::LayerNorm norm(nn::LayerNormOptions({width}));
        fill(norm);
      }
    }
    switch (wiring.activation) {
      case Activation::Sigmoid:
        activation = nn::AnyModule(nn::Sigmoid());
        break;
      case Activation::Tanh:
        activation = nn::AnyModule(nn::Tanh());
        break;
      case Activation::Relu:
        activation = nn::AnyModule(nn::ReLU());
        break;
      case Activation::LeakyRelu:
        activation = nn::AnyModule(nn::LeakyReLU());
        break;
      case Activation::Gelu:
        activation = nn::AnyModule(nn::GELU());
        break;
    }
    readout = nn::Linear(width, classes);
    readout->to(torch::kDouble);
    readout->weight.set_data(state.at("readout.weight").clone());
    readout->bias.set_data(state.at("readout.bias").clone());
  }

  /// What is compared, and what its rounding is relative to: layers first, then their weights.
  struct Norms {
    std::vector<double> gradients, scales;
    std::vector<torch::Tensor> pre_activations;
  };
  Norms normsOf(const torch::Tensor& inputs, const torch::Tensor& at_logits) {
    std::vector<torch::Tensor> before, after, received;
    torch::Tensor h = inputs.to(torch::kDouble);
    for (std::size_t i = 0; i < hidden.size(); ++i) {
      received.push_back(h);
      auto z = hidden[i]->forward(h);
      if (!norms.empty()) z = norms[i].forward(z);
      before.push_back(z);
      after.push_back(activation.forward(z));
      h = wiring.residual && i > 0 ? h + after.back() : after.back();
    }
    std::vector<torch::Tensor> wanted = before;
    for (auto& linear : hidden) wanted.push_back(linear->weight);
    wanted.insert(wanted.end(), after.begin(), after.end());
    const auto found =
        torch::autograd::grad({readout->forward(h)}, wanted, {at_logits.to(torch::kDouble)});
    const auto norm = [](const torch::Tensor& tensor) { return tensor.norm().item<double>(); };
    Norms answer;
    answer.pre_activations = before;
    const std::size_t depth = hidden.size();
    for (std::size_t i = 0; i < 2 * depth; ++i) {
      answer.gradients.push_back(norm(found[i]));
      // 1 - sigmoid(z) is exact to 1e-7 of 1, not of itself; a weight's gradient is a sum over
      // samples, exact to 1e-7 of its terms, not of what they leave.
      const std::size_t layer = i % depth;
      double rounding = 1e-4 * norm(found[2 * depth + layer]);
      if (i >= depth)
        rounding = std::max(rounding, 1e-3 * answer.gradients[layer]) * norm(received[layer]);
      answer.scales.push_back(std::max(answer.gradients[i], rounding));
    }
    return answer;
  }
};

}  // namespace

void checkAgainstModules(const DeepNet& net, const Wiring& wiring, const Batches::Batch& batch,
                         CheckSink& sink) {
  const auto forward = net.forward(wiring, batch.inputs, Statistics::Batch);
  const auto loss = lossOf(forward.logits, batch.labels);
  if (!std::isfinite(loss.item<double>())) return;
  const auto ours = numbersOf(net.backward(wiring, forward, loss));
  ModuleNet modules(net, wiring);
  // Where the softmax is sure, what it leaves in float32 is rounding: both get that. Of the mean
  // cross-entropy, softmax minus the label over the batch, in closed form.
  const auto logits = forward.logits.detach();
  const auto wanted = torch::one_hot(batch.labels, logits.size(1));
  const auto theirs = modules.normsOf(batch.inputs, (logits.softmax(1) - wanted) / logits.size(0));
  // Where rounding or underflow grew on the way forward, the two are not at one place any more.
  const auto place = torch::stack(theirs.pre_activations).detach().flatten(1);
  const auto here = torch::stack(forward.pre_activations).detach().flatten(1);
  const auto distance = (here - place).norm(2, 1) / place.norm(2, 1);
  if (!(distance.max().item<double>() < 1e-4)) return;
  double apart = 0;
  for (std::size_t i = 0; i < ours.size(); ++i)
    if (theirs.scales[i] > kSmallest && theirs.scales[i] < kLargest)
      apart = std::max(apart, std::abs(ours[i] - theirs.gradients[i]) / theirs.scales[i]);
  // Usually below 1e-3; where gradients explode, a ReLU near zero may be on in one net only.
  sink.compare("modules", apart, 5e-2);
}

void checkBackwardFactor(const DeepNetSize& size, const Wiring& wiring,
                         Initialisation initialisation, const Batches::Batch& batch,
                         std::uint64_t seed, CheckSink& sink) {
  constexpr std::uint64_t kNets = 4, kFirstStream = 100;
  if (wiring.norm != Normalisation::None || wiring.residual || size.width < 32) return;
  double measured = 0, predicted = 0, matrices = 0;
  for (std::uint64_t i = 0; i < kNets; ++i) {
    const DeepNet net(size, initialisation, generatorFor(seed, kFirstStream + i),
                      batch.inputs.device());
    const auto forward = net.forward(wiring, batch.inputs, Statistics::Batch);
    const auto loss = lossOf(forward.logits, batch.labels);
    const auto norms = numbersOf(net.backward(wiring, forward, loss)[0]);
    const Usable layers = usableLayers(norms);
    auto statistics = layerStatistics(net, wiring, forward);
    for (LayerStatistics& layer : statistics)
      layer.weight = deviationOf(initialisation, size.width);
    const auto found = meanFactor(norms, layers);
    const auto expected = meanFactor(*predictedFlow(wiring, statistics, size.width), layers);
    if (!found || !expected) return;
    measured += std::log(*found) / kNets;
    predicted += std::log(*expected) / kNets;
    matrices += static_cast<double>(layers.steps());
  }
  if (1 / std::sqrt(2 * matrices * static_cast<double>(size.width)) > 0.01) return;
  sink.compare("backward-factor", std::abs(std::exp(measured - predicted) - 1), 0.05);
}

}  // namespace viva
