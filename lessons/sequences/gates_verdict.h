// SPDX-License-Identifier: GPL-3.0-or-later
// What a run of `lstm-gates` says about the claim of its preset.
#pragma once

#include <optional>
#include <string>

#include "lessons/core/frame.h"
#include "lessons/sequences/sequence_progress.h"

namespace viva {

/// Losses on fresh sequences with the net's own gates and with one gate held.
struct HeldLosses {
  double free = 0, held = 0;
};

struct GatesState {
  std::string preset;
  std::int64_t step = 0;
  const SequenceSource& source;
  const SequenceProgress& cell;
  const SequenceProgress* rnn = nullptr;  ///< of the plain RNN beside it, if there is one
  std::optional<double> rnn_then{};       ///< its mean loss at the moment the cell had solved it
  std::optional<HeldLosses> held{};       ///< where a gate is held
};

VerdictData gatesVerdict(const GatesState& state);

}  // namespace viva
