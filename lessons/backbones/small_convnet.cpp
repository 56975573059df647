// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/small_convnet.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/modules/pooling.h>
#include <torch/utils.h>

#include <cmath>
#include <utility>

#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kDenseLayers = 3, kNeighbours = 5;
constexpr double kBase = 2, kPower = 0.75;

/// [channels, channels, 1, 1]: ones where two channels are neighbours.
torch::Tensor neighbourhood(std::int64_t channels, const torch::TensorOptions& options) {
  const auto ones = torch::ones({channels, channels}, options);
  const std::int64_t reach = kNeighbours / 2;
  return ones.tril(reach).triu(-reach).view({channels, channels, 1, 1});
}

}  // namespace

std::int64_t ConvnetPlan::convolutions() const {
  std::int64_t count = 0;
  for (const auto& stage : stages) count += static_cast<std::int64_t>(stage.size());
  return count;
}

std::vector<WeightShape> ConvnetPlan::weights() const {
  std::vector<WeightShape> shapes;
  const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
    std::int64_t fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) fan_in *= shape[i];
    const std::int64_t out = shape[0];
    shapes.push_back({name + ".weight", std::move(shape), fan_in});
    shapes.push_back({name + ".bias", {out}, fan_in});
  };
  std::int64_t in = 1, pixels = side, layer = 0;
  for (const auto& stage : stages) {
    for (const auto& [out, kernel] : stage) {
      add("conv." + std::to_string(layer++), {out, in, kernel, kernel});
      in = out;
    }
    pixels = (pixels + 2 * (pool / 2 - (pool + 1) % 2) - pool) / 2 + 1;
  }
  in *= pixels * pixels;
  for (std::int64_t i = 0; i < kDenseLayers; ++i) {
    const std::int64_t out = i + 1 < kDenseLayers ? hidden : classes;
    add("dense." + std::to_string(i), {out, in});
    in = out;
  }
  return shapes;
}

torch::Tensor responseDivisor(const torch::Tensor& outputs, double alpha) {
  // A sum over neighbouring channels is a 1x1 convolution with a band of ones; the library's own
  // local_response_norm, an average over three dimensions, takes several times as long.
  const auto sums =
      torch::conv2d(outputs.square(), neighbourhood(outputs.size(1), outputs.options()));
  return (kBase + alpha * sums).pow(kPower);
}

torch::Tensor normalWeights(const ConvnetPlan& plan, std::optional<double> deviation, double gain,
                            at::Generator generator) {
  std::vector<torch::Tensor> parts;
  for (const WeightShape& weight : plan.weights()) {
    const auto spread = deviation.value_or(std::sqrt(gain / static_cast<double>(weight.fan_in)));
    parts.push_back(weight.shape.size() == 1
                        ? torch::zeros(weight.shape)
                        : (spread * torch::randn(weight.shape, generator)).flatten());
  }
  return torch::cat(parts).unsqueeze(0);
}

SmallConvnet::SmallConvnet(ConvnetPlan plan, ConvnetManner manner, const torch::Tensor& initial,
                           at::Generator masks)
    : plan_(std::move(plan)),
      manner_(manner),
      weights_(plan_.weights(), initial.clone()),
      masks_(std::move(masks)) {}

torch::Tensor SmallConvnet::activated(const torch::Tensor& inputs) const {
  switch (manner_.activation) {
    case ConvnetActivation::Tanh:
      return inputs.tanh();
    case ConvnetActivation::Sigmoid:
      return inputs.sigmoid();
    case ConvnetActivation::Relu:
      break;
  }
  return inputs.relu();
}

torch::Tensor SmallConvnet::normed(const torch::Tensor& outputs) const {
  if (manner_.norm == ResponseNorm::None) return outputs;
  if (manner_.norm == ResponseNorm::Constant) return outputs / std::pow(kBase, kPower);
  return outputs / responseDivisor(outputs, manner_.alpha);
}

torch::Tensor SmallConvnet::dropped(const torch::Tensor& inputs) const {
  if (manner_.dropout == 0) return inputs;
  // Drawn on the CPU, so that a run drops the same on every device.
  const double kept = 1 - manner_.dropout;
  const auto mask = torch::empty(inputs.sizes()).bernoulli_(kept, masks_) / kept;
  return inputs * mask.to(inputs.device());
}

torch::Tensor SmallConvnet::forward(const torch::Tensor& images, bool is_training,
                                    std::vector<torch::Tensor>* outputs) const {
  const auto weights = weights_.single();
  auto weight = weights.begin();
  const auto next = [&] { return *weight++; };
  const auto remember = [&](const torch::Tensor& output) {
    if (outputs) outputs->push_back(output);
  };
  torch::Tensor x = images;
  for (const auto& stage : plan_.stages) {
    for (const auto& convolution : stage) {
      const auto kernel = next(), bias = next();
      x = activated(torch::conv2d(x, kernel, bias, 1, convolution.kernel / 2));
      remember(x);
      x = normed(x);
    }
    x = torch::max_pool2d(x, plan_.pool, 2, plan_.pool == 3 ? 1 : 0);
  }
  x = x.flatten(1);
  for (std::int64_t i = 0; i < kDenseLayers; ++i) {
    const bool is_last = i + 1 == kDenseLayers;
    const auto matrix = next(), bias = next();
    x = torch::linear(is_training && !is_last ? dropped(x) : x, matrix, bias);
    if (is_last) break;
    x = activated(x);
    remember(x);
  }
  return x;
}

double SmallConvnet::learn(const torch::Tensor& images, const torch::Tensor& labels, double rate) {
  const auto losses = crossEntropy(forward(images, true, nullptr).t().unsqueeze(0), labels);
  weights_.differentiate(losses);
  weights_.update(Momentum{rate});
  updates_ += 1;
  return losses.item<double>();
}

torch::Tensor SmallConvnet::logits(const torch::Tensor& images) const {
  const torch::NoGradGuard no_grad;
  return forward(images, false, nullptr);
}

ConvnetStanding SmallConvnet::standing(const Dataset& data) const {
  const auto answers = logits(data.inputs).t().unsqueeze(0);
  return {crossEntropy(answers, data.labels).item<double>(),
          accuracy(answers, data.labels).item<double>()};
}

std::vector<torch::Tensor> SmallConvnet::outputs(const torch::Tensor& images) const {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> found;
  forward(images, false, &found);
  return found;
}

double differenceFromModules(const SmallConvnet& net, const torch::Tensor& images) {
  namespace nn = torch::nn;
  const torch::NoGradGuard no_grad;
  const ConvnetPlan& plan = net.plan();
  const ConvnetManner& manner = net.manner();
  nn::Sequential modules;
  const auto activate = [&] {
    if (manner.activation == ConvnetActivation::Relu) modules->push_back(nn::ReLU());
    if (manner.activation == ConvnetActivation::Tanh) modules->push_back(nn::Tanh());
    if (manner.activation == ConvnetActivation::Sigmoid) modules->push_back(nn::Sigmoid());
  };
  const auto sized = [&](std::size_t i) { return net.weights().shapes()[i].shape; };
  std::size_t next = 0;
  for (const auto& stage : plan.stages) {
    for (const auto& convolution : stage) {
      modules->push_back(
          nn::Conv2d(nn::Conv2dOptions(sized(next)[1], sized(next)[0], convolution.kernel)
                         .padding(convolution.kernel / 2)));
      activate();
      next += 2;
      // The library's alpha is that of a mean; alpha 0 leaves the constant.
      if (manner.norm != ResponseNorm::None)
        modules->push_back(nn::LocalResponseNorm(
            nn::LocalResponseNormOptions(kNeighbours)
                .alpha(manner.norm == ResponseNorm::Local ? kNeighbours * manner.alpha : 0)
                .beta(kPower)
                .k(kBase)));
    }
    modules->push_back(
        nn::MaxPool2d(nn::MaxPool2dOptions(plan.pool).stride(2).padding(plan.pool == 3 ? 1 : 0)));
  }
  modules->push_back(nn::Flatten());
  for (std::int64_t i = 0; i < kDenseLayers; ++i, next += 2) {
    modules->push_back(nn::Linear(sized(next)[1], sized(next)[0]));
    if (i + 1 < kDenseLayers) activate();
  }
  modules->to(images.device(), torch::kDouble);
  const auto parameters = modules->parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i].copy_(net.weights().leaves()[i][0]);
  const auto theirs = modules->forward(images.to(torch::kDouble));
  if (!theirs.isfinite().all().item<bool>()) return 0;
  const auto apart = (net.logits(images) - theirs).abs().max();
  return (apart / (1 + theirs.abs().max())).item<double>();
}

}  // namespace viva
