// SPDX-License-Identifier: GPL-3.0-or-later
// Independent ways to what the probe's pictures show.
#pragma once

#include <cstdint>

#include "lessons/core/experiment.h"
#include "lessons/sequences/probe_pass.h"

namespace viva {

/// `library-kernel`: at every step of the sequence, the state that our cell makes of the one before
/// against the library's lstm_cell, gru_cell or rnn_tanh_cell. For the peephole cell, which the
/// library lacks, lstm_cell is given the peepholes' part as a bias.
/// `finite-differences`: in float64, the gradient of the loss with respect to the memory at one
/// step, and with respect to the largest recurrent weight, against central differences. Relative
/// to the larger of the gradient's norm and 1e-3. The step changes with `update`.
void checkProbe(const RecurrentNet& net, const SequenceSource& source,
                const NamedSequence& sequence, std::int64_t update, CheckSink& sink);

/// The next state of the cell by the library's kernels for single steps.
CellState libraryStep(CellKind kind, const CellWeights& weights, const torch::Tensor& input,
                      const CellState& before);

}  // namespace viva
