// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/memory_models.h"

#include <torch/utils.h>

#include <cmath>

#include "lessons/gradients/deep_net.h"
#include "lessons/gradients/state_gradients.h"
#include "lessons/nn/freed_memory.h"

namespace viva {
namespace {

std::vector<WeightShape> shapesOf(MemoryKind kind, std::int64_t inputs, std::int64_t hidden) {
  std::vector<WeightShape> shapes;
  if (kind == MemoryKind::Attention)
    shapes = {{"states.weight", {hidden, inputs}, inputs},
              {"states.bias", {hidden}, inputs},
              {"query", {hidden}, hidden}};
  else
    shapes = cellWeightShapes(kind == MemoryKind::Rnn   ? CellKind::Rnn
                              : kind == MemoryKind::Gru ? CellKind::Gru
                                                        : CellKind::Lstm,
                              inputs, hidden, "rnn.");
  shapes.push_back({"readout.weight", {1, hidden}, hidden});
  shapes.push_back({"readout.bias", {1}, hidden});
  return shapes;
}

}  // namespace

const std::string& nameOf(MemoryKind kind) {
  static const std::array<std::string, 4> names{"rnn", "gru", "lstm", "attention"};
  return names[static_cast<std::size_t>(kind)];
}

MemoryModel::MemoryModel(MemoryKind kind, std::int64_t inputs, std::int64_t hidden,
                         double forget_bias, at::Generator generator, torch::Device device)
    : kind_(kind), shapes_(shapesOf(kind, inputs, hidden)) {
  keepFreedMemory();
  flat_ = initialWeights(shapes_, generator).to(device);
  gradients_ = torch::zeros_like(flat_);
  for (const auto& view : weightViews(shapes_, flat_.unsqueeze(0)))
    leaves_.push_back(view[0].detach().requires_grad_());
  if (kind != MemoryKind::Lstm) return;
  const torch::NoGradGuard no_grad;
  leaves_[2].narrow(0, hidden, hidden).fill_(forget_bias);
  leaves_[3].narrow(0, hidden, hidden).zero_();
}

CellKind MemoryModel::cell() const {
  return kind_ == MemoryKind::Rnn   ? CellKind::Rnn
         : kind_ == MemoryKind::Gru ? CellKind::Gru
                                    : CellKind::Lstm;
}

MemoryModel::Pass MemoryModel::forward(const torch::Tensor& inputs) const {
  Pass pass;
  torch::Tensor read;
  if (kind_ == MemoryKind::Attention) {
    for (const auto& input : inputs.unbind(0))
      pass.states.push_back(torch::addmm(leaves_[1], input, leaves_[0].t()).tanh());
    const auto all = torch::stack(pass.states);  // [time, batch, hidden]
    const auto& query = leaves_[2];
    const auto shares = (all.matmul(query) / std::sqrt(query.size(0))).softmax(0);
    read = (shares.unsqueeze(2) * all).sum(0);
  } else {
    for (const CellStep& step : unrollCell(cell(), cellWeights(cell(), leaves_), inputs))
      pass.states.push_back(step.state.hidden);
    read = pass.states.back();
  }
  const auto& bias = leaves_[leaves_.size() - 1];
  const auto& weight = leaves_[leaves_.size() - 2];
  pass.outputs = torch::addmm(bias, read, weight.t()).squeeze(1);
  return pass;
}

torch::Tensor MemoryModel::backward(const Pass& pass, const torch::Tensor& loss) const {
  return exactNorms(stateGradients(loss, pass.states, leaves_, gradients_));
}

}  // namespace viva
