// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/elman_net.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "lessons/gradients/deep_net.h"
#include "lessons/gradients/state_gradients.h"
#include "lessons/nn/freed_memory.h"

namespace viva {

const std::array<std::string, 5> ElmanNet::kNames{
    "rnn.weight_hh_l0", "rnn.weight_ih_l0", "rnn.bias_ih_l0", "readout.weight", "readout.bias"};

double spectralRadius(const torch::Tensor& matrix) {
  const torch::NoGradGuard no_grad;
  const auto values = matrix.to(torch::kCPU, torch::kDouble);
  if (!values.isfinite().all().item<bool>()) return std::numeric_limits<double>::quiet_NaN();
  return torch::linalg_eigvals(values).abs().max().item<double>();
}

double clipByNorm(torch::Tensor gradient, double largest) {
  const double norm = exactNorms(gradient.unsqueeze(0)).item<double>();
  const double factor = largest / (norm + 1e-6);
  gradient.mul_(factor > 1 ? 1 : factor);  // a factor that is not a number spreads, as it should
  return norm;
}

double angleBetween(const torch::Tensor& a, const torch::Tensor& b) {
  const auto x = a.to(torch::kDouble), y = b.to(torch::kDouble);
  // Of unit vectors, from the length of their difference: near zero a cosine has no digits left.
  const auto gap = (x / x.norm() - y / y.norm()).norm().item<double>();
  return 2 * std::asin(std::min(1.0, gap / 2)) * 180 / std::numbers::pi;
}

ElmanNet::ElmanNet(const Parameters& p, std::int64_t inputs, at::Generator generator,
                   torch::Device device)
    : activation_(p[kExplosionActivation]) {
  keepFreedMemory();
  const bool fixed = p[kExplosionMatrix] == RecurrentMatrix::NonNormal;
  const std::int64_t hidden = fixed ? 2 : p[kExplosionHidden];
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  auto matrix = torch::randn({hidden, hidden}, generator);
  if (p[kExplosionMatrix] == RecurrentMatrix::Orthogonal) {
    const auto [q, r] = torch::linalg_qr(matrix);
    matrix = p[kExplosionRadius] * q * r.diagonal().sign();
  } else if (fixed) {
    matrix = torch::tensor({0.9f, 10.0f, 0.0f, 0.9f}).view({2, 2});
  } else {
    matrix = matrix * (p[kExplosionRadius] / spectralRadius(matrix));
  }
  auto readout = (torch::rand({1, hidden}, generator) * 2 - 1) * bound;
  if (fixed) readout = torch::tensor({1.0f, 0.0f}).view({1, 2});
  const std::vector<torch::Tensor> initial{
      matrix, (torch::rand({hidden, inputs}, generator) * 2 - 1) * bound, torch::zeros({hidden}),
      readout, torch::zeros({1})};
  std::vector<torch::Tensor> parts;
  for (const auto& tensor : initial) parts.push_back(tensor.flatten());
  flat_ = torch::cat(parts).to(device);
  gradients_ = torch::zeros_like(flat_);
  std::int64_t offset = 0;
  for (const auto& tensor : initial) {
    leaves_.push_back(
        flat_.narrow(0, offset, tensor.numel()).view(tensor.sizes()).detach().requires_grad_());
    offset += tensor.numel();
  }
}

ElmanNet::Pass ElmanNet::forward(const torch::Tensor& inputs) const {
  const auto& w = leaves_;
  const auto matrix = w[0].t();
  Pass pass;
  torch::Tensor h;
  for (const auto& input : (inputs.matmul(w[1].t()) + w[2]).unbind(0)) {
    const auto z = h.defined() ? torch::addmm(input, h, matrix) : input;
    h = activation_ == RecurrentActivation::Tanh   ? z.tanh()
        : activation_ == RecurrentActivation::Relu ? z.relu()
                                                   : z;
    pass.states.push_back(h);
  }
  pass.outputs = torch::addmm(w[4], h, w[3].t()).squeeze(1);
  return pass;
}

torch::Tensor ElmanNet::backward(const Pass& pass, const torch::Tensor& loss) const {
  return stateGradients(loss, pass.states, leaves_, gradients_);
}

}  // namespace viva
