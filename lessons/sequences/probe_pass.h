// SPDX-License-Identifier: GPL-3.0-or-later
// What a net does with one sequence, gate by gate, and what its states weigh in the loss.
#pragma once

#include <optional>
#include <vector>

#include "lessons/data/typed_sequence.h"
#include "lessons/sequences/recurrent_net.h"

namespace viva {

struct ProbePass {
  CellKind kind = CellKind::Lstm;
  std::vector<CellStep> steps;  ///< [1, hidden] each, without gradients
  torch::Tensor outputs;        ///< [time, answers]
  /// The L2 norm of d loss / d c_t at each step (d h_t for a GRU and an RNN), in float64, where a
  /// float32 norm of numbers below 1e-23 is zero. Empty where the sequence asks nothing.
  std::vector<double> state_gradients;

  /// What the cell remembers at a step: c for LSTM and peephole, h for the others.
  const torch::Tensor& memory(std::size_t time) const {
    return hasCellState(kind) ? steps[time].state.cell : steps[time].state.hidden;
  }
};

/// Unrolls the net over a sequence of one, with `held` as it says.
ProbePass passOf(const RecurrentNet& net, const SequenceSource& source,
                 const NamedSequence& sequence, const std::optional<HeldGate>& held);

/// Whether the sequence asks anything that a loss can be made of.
bool asksSomething(const SequenceSource& source, const NamedSequence& sequence);

}  // namespace viva
