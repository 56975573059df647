// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/operator_graph.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace viva {
namespace {

std::int64_t bytesOfTensor(const torch::Tensor& tensor) {
  return tensor.defined() ? tensor.numel() * static_cast<std::int64_t>(tensor.element_size()) : 0;
}

torch::Tensor acrossChannels(const torch::Tensor& one, const torch::Tensor& like) {
  return one.view({1, -1, 1, 1}).to(like.scalar_type());
}

/// gamma / sqrt(variance + eps)
torch::Tensor slopeOf(const GraphCall& norm) {
  return norm.gamma / (norm.variance + kNormEpsilon).sqrt();
}

}  // namespace

OperatorGraph::OperatorGraph(std::int64_t layers, std::int64_t channels, at::Generator generator,
                             torch::Device device)
    : layers_(layers), is_half_(static_cast<std::size_t>(layers), false) {
  const double spread = std::sqrt(2.0 / static_cast<double>(9 * channels));
  const auto drawn = [&](double low, double high) {
    return (torch::rand({channels}, generator) * (high - low) + low).to(device);
  };
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    GraphCall convolution{GraphOperation::Convolution, layer};
    convolution.weight = (torch::randn({channels, channels, 3, 3}, generator) * spread).to(device);
    GraphCall norm{GraphOperation::BatchNorm, layer};
    norm.gamma = drawn(0.5, 1.5);
    norm.beta = drawn(-0.5, 0.5);
    norm.mean = drawn(-0.5, 0.5);
    norm.variance = drawn(0.5, 2);
    calls_.insert(calls_.end(), {convolution,
                                 norm,
                                 {GraphOperation::Sigmoid, layer},
                                 {GraphOperation::Multiply, layer},
                                 {GraphOperation::Add, layer}});
  }
}

torch::Tensor OperatorGraph::run(const torch::Tensor& x, GraphCost* cost,
                                 bool uses_batch_statistics) const {
  torch::Tensor now = x, came_in = x, gate;
  for (const GraphCall& call : calls_) {
    const auto half = now.is_cuda() ? torch::kHalf : torch::kBFloat16;
    if (call.operation == GraphOperation::Convolution) {
      now = now.to(is_half_[call.layer] ? half : torch::kFloat);
      came_in = now;
    }
    const auto in = now;
    torch::Tensor second;
    switch (call.operation) {
      case GraphOperation::Convolution:
        now = torch::conv2d(now, call.weight, call.bias, 1, 1);
        break;
      case GraphOperation::BatchNorm: {
        const auto mean = uses_batch_statistics ? now.mean({0, 2, 3}) : call.mean;
        const auto variance = uses_batch_statistics ? now.var({0, 2, 3}, false) : call.variance;
        now = torch::batch_norm(now, call.gamma, call.beta, mean, variance, false, 0, kNormEpsilon,
                                false);
        break;
      }
      case GraphOperation::Sigmoid:
        gate = torch::sigmoid(now);
        break;
      case GraphOperation::Multiply:
        second = gate;
        now = now * gate;
        break;
      case GraphOperation::Add:
        second = came_in;
        now = now + came_in;
        break;
      case GraphOperation::Fused:
        second = came_in;
        now = fusedPointwise(now, call, came_in);
        break;
    }
    if (!cost) continue;
    cost->kernels += 1;
    const auto& out = call.operation == GraphOperation::Sigmoid ? gate : now;
    for (const torch::Tensor& part :
         {in, second, out, call.weight, call.bias, call.gamma, call.beta, call.mean, call.variance})
      cost->bytes += bytesOfTensor(part);
  }
  return now.to(torch::kFloat);
}

void OperatorGraph::foldBatchNorm(std::int64_t layer) {
  for (auto call = calls_.begin(); call != calls_.end(); ++call) {
    if (call->layer != layer || call->operation != GraphOperation::BatchNorm) continue;
    GraphCall& convolution = *(call - 1);
    const auto slope = slopeOf(*call);
    const auto bias = convolution.bias.defined() ? convolution.bias : torch::zeros_like(call->mean);
    convolution.weight = convolution.weight * slope.view({-1, 1, 1, 1});
    convolution.bias = (bias - call->mean) * slope + call->beta;
    calls_.erase(call);
    return;
  }
}

void OperatorGraph::fusePointwise(std::int64_t layer) {
  GraphCall fused{GraphOperation::Fused, layer};
  std::vector<GraphCall> kept;
  for (const GraphCall& call : calls_) {
    const bool is_pointwise = call.layer == layer && call.operation != GraphOperation::Convolution;
    if (!is_pointwise) {
      kept.push_back(call);
      continue;
    }
    if (call.operation == GraphOperation::BatchNorm) {
      fused = call;
      fused.operation = GraphOperation::Fused;
    }
    if (call.operation == GraphOperation::Add) kept.push_back(fused);
  }
  calls_ = std::move(kept);
}

void OperatorGraph::halve(std::int64_t layer) {
  is_half_[static_cast<std::size_t>(layer)] = true;
  for (GraphCall& call : calls_) {
    if (call.layer != layer) continue;
    for (torch::Tensor* part :
         {&call.weight, &call.bias, &call.gamma, &call.beta, &call.mean, &call.variance})
      if (part->defined() && call.operation == GraphOperation::Convolution)
        *part = part->to(part->is_cuda() ? torch::kHalf : torch::kBFloat16);
  }
}

torch::Tensor fusedPointwise(const torch::Tensor& x, const GraphCall& call,
                             const torch::Tensor& residual) {
  const bool has_norm = call.gamma.defined();
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat) {
    const auto normed = has_norm ? x * acrossChannels(slopeOf(call), x) +
                                       acrossChannels(call.beta - call.mean * slopeOf(call), x)
                                 : x;
    return normed * normed.sigmoid() + residual;
  }
  const auto in = x.contiguous(), add = residual.contiguous();
  auto out = torch::empty_like(in);
  const std::int64_t channels = x.size(1), area = x.size(2) * x.size(3);
  const auto slope = (has_norm ? slopeOf(call) : torch::ones({channels})).contiguous();
  const auto shift =
      (has_norm ? call.beta - call.mean * slope : torch::zeros({channels})).contiguous();
  const float *from = in.data_ptr<float>(), *plus = add.data_ptr<float>();
  const float *slopes = slope.data_ptr<float>(), *shifts = shift.data_ptr<float>();
  float* to = out.data_ptr<float>();
  at::parallel_for(0, x.size(0) * channels, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t plane = begin; plane < end; ++plane)
      for (std::int64_t i = plane * area; i < (plane + 1) * area; ++i) {
        const float z = slopes[plane % channels] * from[i] + shifts[plane % channels];
        to[i] = z / (1 + std::exp(-z)) + plus[i];
      }
  });
  return out;
}

}  // namespace viva
