// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/recurrent_net.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <cmath>

#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

std::vector<WeightShape> shapesOf(CellKind kind, RecurrentNet::Size size) {
  auto shapes = cellWeightShapes(kind, size.inputs, size.hidden, "rnn.");
  shapes.push_back({"readout.weight", {size.outputs, size.hidden}, size.hidden});
  shapes.push_back({"readout.bias", {size.outputs}, size.hidden});
  return shapes;
}

constexpr std::size_t kPeepholePlace = 4;

}  // namespace

RecurrentNet::RecurrentNet(CellKind kind, Size size, std::optional<double> forget_bias,
                           at::Generator generator, const std::string& device)
    : kind_(kind), size_(size), shapes_(shapesOf(kind, size)) {
  keepFreedMemory();
  theta_ = torch::zeros({parameterCount(shapes_)});
  const auto views = weightViews(shapes_, theta_.unsqueeze(0));
  const double bound = 1 / std::sqrt(static_cast<double>(size.hidden));
  for (std::size_t i = 0; i < shapes_.size(); ++i)
    if (kind != CellKind::Peephole || i != kPeepholePlace)
      views[i].copy_((torch::rand(views[i].sizes(), generator) * 2 - 1) * bound);
  if (forget_bias && hasCellState(kind)) {
    views[2][0].narrow(0, size.hidden, size.hidden).fill_(*forget_bias);
    views[3][0].narrow(0, size.hidden, size.hidden).zero_();
  }
  theta_ = theta_.to(device);
  gradient_ = torch::zeros_like(theta_);
  momentum_ = torch::zeros_like(theta_);
  variance_ = torch::zeros_like(theta_);
  for (const auto& view : weightViews(shapes_, theta_.unsqueeze(0)))
    leaves_.push_back(view[0].detach().requires_grad_());
  cell_ = cellWeights(kind, leaves_);
}

torch::Tensor RecurrentNet::forward(const torch::Tensor& inputs) const {
  return readOut(hiddenStates(kind_, cell_, inputs));
}

torch::Tensor RecurrentNet::readOut(const torch::Tensor& hidden) const {
  return torch::linear(hidden, leaves_[leaves_.size() - 2], leaves_.back());
}

double RecurrentNet::gradient(const torch::Tensor& loss, double max_norm) {
  auto parts = torch::autograd::grad({loss}, leaves_);
  const torch::NoGradGuard no_grad;
  for (auto& part : parts) part = part.flatten();
  torch::cat_out(gradient_, parts);
  const double norm = gradient_.norm().item<double>();
  if (max_norm > 0 && norm > max_norm) gradient_.mul_(max_norm / (norm + 1e-6));
  return norm;
}

void RecurrentNet::adam(double learning_rate) {
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
  const torch::NoGradGuard no_grad;
  updates_ += 1;
  const double correction1 = 1 - std::pow(kBeta1, static_cast<double>(updates_));
  const double correction2 = std::sqrt(1 - std::pow(kBeta2, static_cast<double>(updates_)));
  momentum_.lerp_(gradient_, 1 - kBeta1);
  variance_.mul_(kBeta2).addcmul_(gradient_, gradient_, 1 - kBeta2);
  theta_.addcdiv_(momentum_, variance_.sqrt().add_(kEpsilon * correction2),
                  -learning_rate * correction2 / correction1);
}

void RecurrentNet::save(WeightSink& sink, const std::string& prefix) const {
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    sink.add(namedArray(prefix + shapes_[i].name, leaves_[i]));
  }
}

}  // namespace viva
