// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/recurrent_cells.h"

#include <torch/types.h>

namespace viva {
namespace {

using Gate = HeldGate::Gate;

/// `gate`, or the value it is held at.
torch::Tensor heldAt(const std::optional<HeldGate>& held, Gate which, const torch::Tensor& gate) {
  return held && held->gate == which ? torch::full_like(gate, held->value) : gate;
}

/// `from_inputs` is W x + b of bias_ih, [batch, G * hidden].
CellStep lstmStep(const CellWeights& w, const torch::Tensor& from_inputs, const CellState& before,
                  const std::optional<HeldGate>& held) {
  const auto sums = from_inputs + torch::addmm(w.bias_hh, before.hidden, w.weight_hh.t());
  const auto part = sums.chunk(4, 1);
  CellStep step;
  step.sums = sums;
  step.input_gate = heldAt(held, Gate::Input, part[0].sigmoid());
  step.forget_gate = heldAt(held, Gate::Forget, part[1].sigmoid());
  step.candidate = part[2].tanh();
  step.output_gate = heldAt(held, Gate::Output, part[3].sigmoid());
  step.state.cell = step.forget_gate * before.cell + step.input_gate * step.candidate;
  step.state.hidden = step.output_gate * step.state.cell.tanh();
  return step;
}

CellStep peepholeStep(const CellWeights& w, const torch::Tensor& from_inputs,
                      const CellState& before, const std::optional<HeldGate>& held) {
  const auto sums = from_inputs + torch::addmm(w.bias_hh, before.hidden, w.weight_hh.t());
  const auto part = sums.chunk(4, 1);
  const auto input_sum = torch::addcmul(part[0], before.cell, w.peephole[0]);
  const auto forget_sum = torch::addcmul(part[1], before.cell, w.peephole[1]);
  CellStep step;
  step.input_gate = heldAt(held, Gate::Input, input_sum.sigmoid());
  step.forget_gate = heldAt(held, Gate::Forget, forget_sum.sigmoid());
  step.candidate = part[2].tanh();
  step.state.cell = step.forget_gate * before.cell + step.input_gate * step.candidate;
  const auto output_sum = torch::addcmul(part[3], step.state.cell, w.peephole[2]);  // the new cell
  step.output_gate = heldAt(held, Gate::Output, output_sum.sigmoid());
  step.state.hidden = step.output_gate * step.state.cell.tanh();
  step.sums = torch::cat({input_sum, forget_sum, part[2], output_sum}, 1);
  return step;
}

CellStep gruStep(const CellWeights& w, const torch::Tensor& from_inputs, const CellState& before,
                 const std::optional<HeldGate>& held) {
  const auto from_hidden = torch::addmm(w.bias_hh, before.hidden, w.weight_hh.t());
  const auto x = from_inputs.chunk(3, 1), h = from_hidden.chunk(3, 1);
  const auto reset_sum = x[0] + h[0], update_sum = x[1] + h[1];
  CellStep step;
  step.output_gate = heldAt(held, Gate::Output, reset_sum.sigmoid());
  step.forget_gate = heldAt(held, Gate::Forget, update_sum.sigmoid());
  if (held && held->gate == Gate::Input) step.forget_gate = 1 - heldAt(held, Gate::Input, h[1]);
  step.input_gate = 1 - step.forget_gate;
  const auto candidate_sum = x[2] + step.output_gate * h[2];
  step.candidate = candidate_sum.tanh();
  step.state.hidden = step.input_gate * step.candidate + step.forget_gate * before.hidden;
  step.sums = torch::cat({reset_sum, update_sum, candidate_sum}, 1);
  return step;
}

CellStep rnnStep(const CellWeights& w, const torch::Tensor& from_inputs, const CellState& before) {
  CellStep step;
  step.sums = from_inputs + torch::addmm(w.bias_hh, before.hidden, w.weight_hh.t());
  step.candidate = step.sums.tanh();
  step.state.hidden = step.candidate;
  return step;
}

CellStep step(CellKind kind, const CellWeights& w, const torch::Tensor& from_inputs,
              const CellState& before, const std::optional<HeldGate>& held) {
  switch (kind) {
    case CellKind::Lstm:
      return lstmStep(w, from_inputs, before, held);
    case CellKind::Peephole:
      return peepholeStep(w, from_inputs, before, held);
    case CellKind::Gru:
      return gruStep(w, from_inputs, before, held);
    case CellKind::Rnn:
      break;
  }
  return rnnStep(w, from_inputs, before);
}

}  // namespace

std::int64_t gateRows(CellKind kind) {
  switch (kind) {
    case CellKind::Lstm:
    case CellKind::Peephole:
      return 4;
    case CellKind::Gru:
      return 3;
    case CellKind::Rnn:
      break;
  }
  return 1;
}

bool hasCellState(CellKind kind) { return kind == CellKind::Lstm || kind == CellKind::Peephole; }

std::vector<WeightShape> cellWeightShapes(CellKind kind, std::int64_t inputs, std::int64_t hidden,
                                          const std::string& prefix) {
  const std::int64_t rows = gateRows(kind) * hidden;
  std::vector<WeightShape> shapes{{prefix + "weight_ih_l0", {rows, inputs}, hidden},
                                  {prefix + "weight_hh_l0", {rows, hidden}, hidden},
                                  {prefix + "bias_ih_l0", {rows}, hidden},
                                  {prefix + "bias_hh_l0", {rows}, hidden}};
  if (kind == CellKind::Peephole) shapes.push_back({prefix + "peephole_l0", {3, hidden}, hidden});
  return shapes;
}

CellWeights cellWeights(CellKind kind, const std::vector<torch::Tensor>& tensors,
                        std::size_t first) {
  CellWeights weights{tensors.at(first), tensors.at(first + 1), tensors.at(first + 2),
                      tensors.at(first + 3)};
  if (kind == CellKind::Peephole) weights.peephole = tensors.at(first + 4);
  return weights;
}

CellState zeroState(CellKind kind, const CellWeights& weights, std::int64_t batch) {
  const auto zeros = torch::zeros({batch, weights.hidden()}, weights.weight_hh.options());
  return {zeros, hasCellState(kind) ? zeros : torch::Tensor()};
}

CellStep stepCell(CellKind kind, const CellWeights& weights, const torch::Tensor& input,
                  const CellState& before, const std::optional<HeldGate>& held) {
  return step(kind, weights, torch::linear(input, weights.weight_ih, weights.bias_ih), before,
              held);
}

std::vector<CellStep> unrollCell(CellKind kind, const CellWeights& weights,
                                 const torch::Tensor& inputs, const std::optional<HeldGate>& held) {
  // One product for all the steps: what the inputs add depends on no state.
  const auto from_inputs = torch::linear(inputs, weights.weight_ih, weights.bias_ih).unbind(0);
  CellState state = zeroState(kind, weights, inputs.size(1));
  std::vector<CellStep> steps;
  steps.reserve(from_inputs.size());
  for (const auto& from_input : from_inputs) {
    steps.push_back(step(kind, weights, from_input, state, held));
    state = steps.back().state;
  }
  return steps;
}

torch::Tensor hiddenStates(CellKind kind, const CellWeights& w, const torch::Tensor& inputs) {
  if (kind == CellKind::Peephole) {
    std::vector<torch::Tensor> states;
    for (const CellStep& step : unrollCell(kind, w, inputs)) states.push_back(step.state.hidden);
    return torch::stack(states);
  }
  const std::vector<torch::Tensor> parameters{w.weight_ih, w.weight_hh, w.bias_ih, w.bias_hh};
  const auto zeros = torch::zeros({1, inputs.size(1), w.hidden()}, w.weight_hh.options());
  constexpr bool kBiases = true, kTrain = true, kBidirectional = false, kBatchFirst = false;
  constexpr std::int64_t kLayers = 1;
  constexpr double kDropout = 0;
  if (kind == CellKind::Lstm)
    return std::get<0>(torch::lstm(inputs, {zeros, zeros}, parameters, kBiases, kLayers, kDropout,
                                   kTrain, kBidirectional, kBatchFirst));
  if (kind == CellKind::Gru)
    return std::get<0>(torch::gru(inputs, zeros, parameters, kBiases, kLayers, kDropout, kTrain,
                                  kBidirectional, kBatchFirst));
  return std::get<0>(torch::rnn_tanh(inputs, zeros, parameters, kBiases, kLayers, kDropout, kTrain,
                                     kBidirectional, kBatchFirst));
}

}  // namespace viva
