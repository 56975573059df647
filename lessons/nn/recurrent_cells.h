// SPDX-License-Identifier: GPL-3.0-or-later
// Four recurrent cells, one step at a time and with every gate kept, and the library's kernels for
// whole sequences. Weights have the layouts of torch.nn.
#pragma once

#include <torch/types.h>

#include <optional>
#include <vector>

#include "lessons/nn/cell_kind.h"
#include "lessons/nn/weight_shape.h"

namespace viva {

/// How many rows of `hidden` the weights have: 4 (i, f, g, o), 3 (r, z, n) or 1.
std::int64_t gateRows(CellKind kind);
/// Whether there is a cell state besides the hidden state.
bool hasCellState(CellKind kind);

/// The weights of one layer, with G = gateRows.
struct CellWeights {
  torch::Tensor weight_ih;   ///< [G * hidden, inputs]
  torch::Tensor weight_hh;   ///< [G * hidden, hidden]
  torch::Tensor bias_ih;     ///< [G * hidden]
  torch::Tensor bias_hh;     ///< [G * hidden]
  torch::Tensor peephole{};  ///< [3, hidden], for i, f and o; undefined for the other cells

  std::int64_t hidden() const { return weight_hh.size(1); }
};

/// Names, shapes and fan-in (torch.nn draws all of them within +-1/sqrt(hidden)) in the order of
/// CellWeights: `weight_ih_l0`, ..., and `peephole_l0` for the peephole cell. A state dictionary
/// of torch.nn, with `prefix` before each name.
std::vector<WeightShape> cellWeightShapes(CellKind kind, std::int64_t inputs, std::int64_t hidden,
                                          const std::string& prefix = "");
/// The tensors of cellWeightShapes, starting at `first`.
CellWeights cellWeights(CellKind kind, const std::vector<torch::Tensor>& tensors,
                        std::size_t first = 0);

/// What a cell hands to its next step.
struct CellState {
  torch::Tensor hidden;  ///< [batch, hidden]
  torch::Tensor cell{};  ///< [batch, hidden]; undefined for a GRU and an RNN
};
CellState zeroState(CellKind kind, const CellWeights& weights, std::int64_t batch);

/// Everything that one step computed, [batch, hidden] each. What a cell lacks is undefined.
struct CellStep {
  /// LSTM and peephole. A GRU's update gate z is its forget gate (what is kept), 1 - z its input
  /// gate, and the reset gate r (how much of the memory the candidate sees) its output gate.
  torch::Tensor input_gate, forget_gate, output_gate;
  torch::Tensor candidate;  ///< g; n for a GRU; the new state itself for an RNN
  CellState state;          ///< after the step
  /// What went into the sigmoids and the tanh, [batch, G * hidden], gate by gate as the weights.
  /// For a GRU the last third is W x + b + r (U h + b).
  torch::Tensor sums;
};

/// A gate that is held at a value instead of being computed.
struct HeldGate {
  enum class Gate { Forget, Input, Output } gate = Gate::Forget;
  double value = 0;
};

/// One step: input [batch, inputs]. LSTM: c' = f c + i g, h' = o tanh(c'). Peephole: i and f also
/// see c, o sees c'. GRU: h' = (1 - z) n + z h; holding its forget gate or its input gate holds z.
/// An RNN, h' = tanh(W x + U h + b), has no gate to hold.
CellStep stepCell(CellKind kind, const CellWeights& weights, const torch::Tensor& input,
                  const CellState& before, const std::optional<HeldGate>& held = std::nullopt);

/// Every step of a sequence, from a state of zeros: inputs [time, batch, inputs].
std::vector<CellStep> unrollCell(CellKind kind, const CellWeights& weights,
                                 const torch::Tensor& inputs,
                                 const std::optional<HeldGate>& held = std::nullopt);

/// The hidden states [time, batch, hidden] alone, from a state of zeros: through torch::lstm,
/// torch::gru and torch::rnn_tanh. The library has no peephole cell, so that one is unrolled.
torch::Tensor hiddenStates(CellKind kind, const CellWeights& weights, const torch::Tensor& inputs);

}  // namespace viva
