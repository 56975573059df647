// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_net.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include "lessons/nn/freed_memory.h"

namespace viva {
namespace {

constexpr int kLayers = 3;

torch::Tensor unit(const torch::Tensor& vector) { return vector / vector.norm().clamp_min(1e-12); }

}  // namespace

GanNet::GanNet(std::int64_t inputs, std::int64_t hidden, std::int64_t outputs, double leak,
               at::Generator generator, torch::Device device)
    : architecture_(mlp(inputs, hidden, outputs)), leak_(leak) {
  keepFreedMemory();
  const auto initial = initialWeights(architecture_.weights, generator).to(device);
  row_ = freshRow(initial, torch::zeros_like(initial));
  for (const auto& view : weightViews(architecture_.weights, initial.unsqueeze(0)))
    leaves_.push_back(view[0].detach().requires_grad_());
  for (int i = 0; i < kLayers; ++i) {
    const auto& matrix = leaves_[2 * i];
    vectors_.push_back({unit(torch::randn({matrix.size(0)}, generator)).to(device),
                        unit(torch::randn({matrix.size(1)}, generator)).to(device)});
  }
}

torch::Tensor GanNet::layer(int number, const torch::Tensor& inputs) const {
  const auto& weight = leaves_[2 * number];
  const auto& bias = leaves_[2 * number + 1];
  if (!normalised_) return torch::addmm(bias, inputs, weight.t());
  const auto& [u, v] = vectors_[number];
  const auto largest = torch::dot(u, torch::mv(weight, v));
  return torch::addmm(bias, inputs, (weight / largest).t());
}

torch::Tensor GanNet::forward(const torch::Tensor& inputs) const {
  const auto activate = [this](torch::Tensor x) {
    return leak_ == 0 ? x.relu_() : torch::leaky_relu_(x, leak_);
  };
  return layer(2, activate(layer(1, activate(layer(0, inputs)))));
}

torch::Tensor GanNet::backward(const torch::Tensor& loss, const torch::Tensor& further) {
  std::vector<torch::Tensor> wanted = leaves_;
  if (further.defined()) wanted.push_back(further);
  auto parts = torch::autograd::grad({loss}, wanted);
  torch::Tensor answer;
  if (further.defined()) {
    answer = parts.back();
    parts.pop_back();
  }
  const torch::NoGradGuard no_grad;
  for (auto& part : parts) part = part.flatten();
  torch::cat_out(row_.g, parts);
  return answer;
}

void GanNet::update(const UpdateRule& rule) {
  const torch::NoGradGuard no_grad;
  viva::update(rule, row_);
}

void GanNet::forgetMoments() { row_ = freshRow(row_.theta, row_.g); }

void GanNet::clip(double bound) {
  const torch::NoGradGuard no_grad;
  row_.theta.clamp_(-bound, bound);
}

void GanNet::normaliseSpectrally(bool on) {
  if (on && !normalised_) {
    // The first estimates: a few iterations, so that no weight is divided by next to nothing.
    const torch::NoGradGuard no_grad;
    for (int i = 0; i < kLayers; ++i)
      for (int k = 0; k < 5; ++k) viva::iteratePower(leaves_[2 * i], vectors_[i].u, vectors_[i].v);
  }
  normalised_ = on;
}

void GanNet::iteratePower() {
  if (!normalised_) return;
  const torch::NoGradGuard no_grad;
  for (int i = 0; i < kLayers; ++i)
    viva::iteratePower(leaves_[2 * i], vectors_[i].u, vectors_[i].v);
}

std::vector<double> GanNet::spectralEstimates() const {
  std::vector<double> estimates;
  const torch::NoGradGuard no_grad;
  if (normalised_)
    for (int i = 0; i < kLayers; ++i)
      estimates.push_back(
          torch::dot(vectors_[i].u, torch::mv(leaves_[2 * i], vectors_[i].v)).item<double>());
  return estimates;
}

void iteratePower(const torch::Tensor& matrix, torch::Tensor& u, torch::Tensor& v) {
  v = unit(torch::mv(matrix.t(), u));
  u = unit(torch::mv(matrix, v));
}

}  // namespace viva
