// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of the probe: gates and states over time, answers, gradients.
#pragma once

#include "lessons/core/frame.h"
#include "lessons/sequences/probe_pass.h"

namespace viva {

/// The passes that are shown together.
struct ProbePasses {
  ProbePass shown;                ///< of the chosen cell, with a gate held if one is
  std::optional<ProbePass> free;  ///< the same without holding the gate; none if none is held
  std::optional<ProbePass> rnn;   ///< of the plain RNN beside it
};

/// `input_gate`, `forget_gate`, `candidate`, `output_gate`, `cell_state`, `hidden_state`: rows are
/// units, columns steps. What the cell does not have is NaN: nothing is drawn there.
void showGates(Frame& frame, const ProbePass& pass, const NamedSequence& sequence);
/// `probe_input`: rows are input units.
void showInput(Frame& frame, const SequenceSource& source, const NamedSequence& sequence);
/// `prediction` and `answers`: the number, or the probability of each class.
void showAnswers(Frame& frame, const SequenceSource& source, const NamedSequence& sequence,
                 const ProbePasses& passes);
/// `gradient_in_time`: the gradient of the loss with respect to the memory at each step.
void showGradients(Frame& frame, const ProbePasses& passes);

}  // namespace viva
