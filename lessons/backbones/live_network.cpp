// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/live_network.h"

#include <torch/cuda.h>
#include <torch/nn.h>
#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>

#include "lessons/core/experiment.h"

namespace viva {
namespace {

using Clock = std::chrono::steady_clock;
using Tensors = std::vector<torch::Tensor>;
namespace F = torch::nn::functional;

void waitFor(const torch::Tensor& tensor) {
  if (tensor.is_cuda()) torch::cuda::synchronize();
}

double secondsOf(const std::function<torch::Tensor()>& work) {
  const auto start = Clock::now();
  waitFor(work());
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Once, and again while that takes no more than a few milliseconds in all: the first time pays for
/// memory that the others find.
double fastestOf(const std::function<torch::Tensor()>& work, const std::stop_token& stop) {
  constexpr double kBudget = 0.004;
  constexpr int kMost = 20;
  double fastest = std::numeric_limits<double>::infinity(), all = 0;
  for (int i = 0; i < kMost && (i == 0 || all < kBudget); ++i) {
    stopIfAsked(stop);
    const double seconds = secondsOf(work);
    fastest = std::min(fastest, seconds);
    all += seconds;
  }
  return fastest;
}

/// Weights, the kernel first, as large as keeps the size of what flows through (arXiv 1502.01852).
/// Norms begin with 1 and 0.
Tensors weightsOf(const Operation& o, const std::vector<std::int64_t>& input,
                  at::Generator generator, const std::string& device) {
  const auto drawn = [&](std::vector<std::int64_t> shape, std::int64_t fan_in) {
    const double bound = std::sqrt(6.0 / static_cast<double>(fan_in));
    auto weight = torch::empty(shape);
    weight.uniform_(-bound, bound, generator);
    return weight.to(device);
  };
  const auto zeros = [&](std::vector<std::int64_t> shape) {
    return torch::zeros(shape, torch::TensorOptions().device(device));
  };
  switch (o.kind) {
    case Operator::Convolution: {
      const std::int64_t in = input[0] / o.groups;
      Tensors weights{drawn({o.output[0], in, o.kernel, o.kernel}, in * o.kernel * o.kernel)};
      if (o.has_bias) weights.push_back(zeros({o.output[0]}));
      return weights;
    }
    case Operator::Dense:
      return {drawn({o.output.back(), input.back()}, input.back()), zeros({o.output.back()})};
    case Operator::BatchNorm:
      return {zeros({o.output[0]}) + 1, zeros({o.output[0]})};
    case Operator::LayerNorm:
      return {zeros({o.output.back()}) + 1, zeros({o.output.back()})};
    case Operator::Tokens:
      return {drawn({1, 1, o.output[1]}, o.output[1]), drawn({1, o.output[0], o.output[1]}, 3)};
    case Operator::Attention: {
      const std::int64_t d = o.output[1];
      return {drawn({3 * d, d}, d), zeros({3 * d}), drawn({d, d}, d), zeros({d})};
    }
    default:
      return {};
  }
}

torch::Tensor attended(const Operation& o, const torch::Tensor& x, const Tensors& w) {
  const std::int64_t batch = x.size(0), tokens = x.size(1), d = x.size(2);
  const auto parts = torch::linear(x, w[0], w[1])
                         .view({batch, tokens, 3, o.heads, d / o.heads})
                         .permute({2, 0, 3, 1, 4})
                         .unbind(0);
  const double scale = 1 / std::sqrt(static_cast<double>(d / o.heads));
  const auto weights = torch::matmul(parts[0] * scale, parts[1].transpose(-2, -1)).softmax(-1);
  const auto mixed = torch::matmul(weights, parts[2]).transpose(1, 2).reshape({batch, tokens, d});
  return torch::linear(mixed, w[2], w[3]);
}

torch::Tensor subsampled(const Operation& o, const torch::Tensor& x) {
  const auto fewer = x.slice(2, 0, c10::nullopt, o.stride).slice(3, 0, c10::nullopt, o.stride);
  return torch::constant_pad_nd(fewer, {0, 0, 0, 0, 0, o.output[0] - x.size(1)});
}

}  // namespace

torch::Tensor carriedOut(const Operation& o, const Tensors& x, const Tensors& w) {
  const auto& in = x[0];
  switch (o.kind) {
    case Operator::Input:
      return in;
    case Operator::Convolution:
      return torch::conv2d(in, w[0], w.size() > 1 ? w[1] : torch::Tensor(), o.stride, o.padding,
                           /*dilation=*/1, o.groups);
    case Operator::BatchNorm:
      // With the statistics of its start: mean 0, variance 1.
      return torch::batch_norm(in, w[0], w[1], w[1], w[0], /*training=*/false, 0.1, 1e-5,
                               torch::globalContext().userEnabledCuDNN());
    case Operator::LayerNorm:
      return torch::layer_norm(in, {in.size(-1)}, w[0], w[1], 1e-6);
    case Operator::ResponseNorm:
      return F::local_response_norm(in,
                                    F::LocalResponseNormFuncOptions(5).alpha(1e-4).beta(0.75).k(2));
    case Operator::Tanh:
      return in.tanh();
    case Operator::Relu:
      return in.relu();
    case Operator::Relu6:
      return in.clamp(0, 6);
    case Operator::Silu:
      return torch::silu(in);
    case Operator::Gelu:
      return torch::gelu(in);
    case Operator::Sigmoid:
      return in.sigmoid();
    case Operator::MaxPool:
      return torch::max_pool2d(in, o.kernel, o.stride, o.padding, 1, o.rounds_up);
    case Operator::AveragePool:
      return torch::avg_pool2d(in, o.kernel, o.stride, o.padding, o.rounds_up);
    case Operator::AdaptivePool:
      return torch::adaptive_avg_pool2d(in, {o.output[1], o.output[2]});
    case Operator::Flatten:
      return in.flatten(1);
    case Operator::Dense:
      return torch::linear(in, w[0], w[1]);
    case Operator::Add:
      return in + x[1];
    case Operator::Multiply:
      return in * x[1];
    case Operator::Concatenate:
      return torch::cat(x, 1);
    case Operator::Subsample:
      return subsampled(o, in);
    case Operator::Tokens: {
      const auto patches = in.flatten(2).transpose(1, 2);
      const auto first = w[0].expand({in.size(0), 1, -1});
      return torch::cat({first, patches}, 1) + w[1];
    }
    case Operator::Attention:
      return attended(o, in, w);
    case Operator::FirstToken:
      return in.select(1, 0).clone();
  }
  return in;
}

namespace {

/// Each weight of a kernel is used once for each place of the output.
std::int64_t usedWeights(const Operation& o, const Tensors& w, const torch::Tensor& output) {
  const std::int64_t batch = output.size(0);
  if (o.kind == Operator::Convolution) return w[0].numel() * output.size(2) * output.size(3);
  if (o.kind == Operator::Dense) return w[0].numel() * (output.numel() / batch / output.size(-1));
  if (o.kind == Operator::Attention) {
    const std::int64_t tokens = output.size(1);
    return (w[0].numel() + w[2].numel()) * tokens + 2 * tokens * tokens * output.size(2);
  }
  return 0;
}

std::int64_t numbersIn(const Tensors& tensors) {
  std::int64_t count = 0;
  for (const auto& tensor : tensors) count += tensor.numel();
  return count;
}

}  // namespace

LiveNetwork::LiveNetwork(Network net, std::int64_t batch, at::Generator generator,
                         const std::string& device)
    : net_(std::move(net)),
      batch_(batch),
      generator_(std::move(generator)),
      device_(device),
      last_use_(net_.operations().size(), -1),
      outputs_(net_.operations().size()) {
  for (int place = 0; place <= net_.last(); ++place)
    for (const int input : net_.at(place).inputs) last_use_[input] = place;
  std::vector<std::int64_t> shape = net_.shape(0);
  shape.insert(shape.begin(), batch);
  outputs_[0] = torch::randn(shape, generator_).to(device);
}

void LiveNetwork::carryOut(const std::stop_token& stop) {
  const c10::InferenceMode no_training;
  const int place = static_cast<int>(carried_.size()) + 1;
  const Operation& o = net_.at(place);
  Tensors inputs;
  for (const int input : o.inputs) inputs.push_back(outputs_[input]);
  const Tensors weights = weightsOf(o, net_.shape(o.inputs[0]), generator_, device_);
  torch::Tensor output;
  Carried done;
  done.seconds = fastestOf([&] { return output = carriedOut(o, inputs, weights); }, stop);
  done.held = numbersIn(weights);
  done.used = usedWeights(o, weights, output);
  done.bytes = 4 * (numbersIn(inputs) + done.held + output.numel());
  done.has_its_shape = output.sizes().slice(1) == torch::IntArrayRef(o.output);
  outputs_[place] = output;
  carried_.push_back(done);
  letGo();
}

void LiveNetwork::letGo() {
  const int place = static_cast<int>(carried_.size());
  for (int before = 0; before < place; ++before)
    if (last_use_[before] <= place) outputs_[before] = torch::Tensor();
}

double MachineRoof::seconds(double macs, double bytes) const {
  return std::max(macs / macs_per_second, bytes / bytes_per_second);
}

void MachineRoof::raise(const LiveNetwork& live) {
  for (std::size_t i = 0; i < live.carried().size(); ++i) {
    const double macs =
        static_cast<double>(live.net().at(static_cast<int>(i) + 1).macs * live.batch());
    macs_per_second = std::max(macs_per_second, macs / live.carried()[i].seconds);
  }
}

MachineRoof measuredRoof(const std::string& device, const std::stop_token& stop) {
  const c10::InferenceMode no_training;
  constexpr std::int64_t kSide = 768, kNumbers = 16 << 20;
  constexpr int kRepetitions = 12;
  const auto options = torch::TensorOptions().device(device);
  const auto a = torch::ones({kSide, kSide}, options), b = torch::ones({kSide, kSide}, options);
  const auto from = torch::ones({kNumbers}, options);
  auto to = torch::empty({kNumbers}, options);
  double product = std::numeric_limits<double>::infinity(), copy = product;
  for (int i = 0; i < kRepetitions; ++i) {
    stopIfAsked(stop);
    product = std::min(product, secondsOf([&] { return torch::mm(a, b); }));
    copy = std::min(copy, secondsOf([&] { return to.copy_(from); }));
  }
  return {static_cast<double>(kSide * kSide * kSide) / product,
          2.0 * 4 * static_cast<double>(kNumbers) / copy};
}

}  // namespace viva
