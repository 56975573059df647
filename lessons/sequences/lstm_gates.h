// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `lstm-gates` share: its parameters, and what its claims look at.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lessons/nn/cell_kind.h"
#include "lessons/sequences/sequence_progress.h"
#include "lessons/sequences/sequence_settings.h"

namespace viva {

enum class Clamp { None, Forget, Input, Output };

const auto kCell = choice<CellKind>("cell", {{CellKind::Lstm, "lstm"},
                                             {CellKind::Peephole, "peephole"},
                                             {CellKind::Gru, "gru"},
                                             {CellKind::Rnn, "rnn"}})
                       .grouped("net");
const auto kForgetBias = real("forget_bias", 1)
                             .range(-5, 10)
                             .stepping(0.5)
                             .grouped("net")
                             .onlyWhen(kCell, {CellKind::Lstm, CellKind::Peephole});
const auto kCompare = toggle("compare", true)
                          .grouped("net")
                          .onlyWhen(kCell, {CellKind::Lstm, CellKind::Peephole, CellKind::Gru});
const auto kProbe = text("probe", "").live().grouped("probe");
const auto kUnit = integer("unit", 0).range(0, 127).live().grouped("probe");
const auto kTime = integer("time", 12).range(0, kLongestTyped - 1).live().grouped("probe");
const auto kClamp = choice<Clamp>("clamp", {{Clamp::None, "none"},
                                            {Clamp::Forget, "forget"},
                                            {Clamp::Input, "input"},
                                            {Clamp::Output, "output"}})
                        .live()
                        .grouped("probe")
                        .onlyWhen(kCell, {CellKind::Lstm, CellKind::Peephole, CellKind::Gru});
const auto kClampValue = real("clamp_value", 0)
                             .range(0, 1)
                             .stepping(0.05)
                             .live()
                             .grouped("probe")
                             .onlyWhen(kClamp, {Clamp::Forget, Clamp::Input, Clamp::Output});

/// A probe that the task cannot read.
std::optional<Message> problemWithProbe(const Parameters& parameters);

/// Losses on fresh sequences with the net's own gates and with one gate held.
struct HeldLosses {
  double free = 0, held = 0;
};

/// What the claims look at.
struct GatesState {
  std::int64_t step = 0;
  double baseline = 0;  ///< the loss of remembering nothing
  const SequenceProgress& cell;
  const SequenceProgress* rnn = nullptr;  ///< of the plain RNN beside it, if there is one
  std::optional<double> rnn_then{};       ///< its mean loss at the moment the cell had solved it
  std::optional<HeldLosses> held{};       ///< where a gate is held
};
/// Judges the claim of `preset`, or says how far the cell is.
VerdictData gatesVerdict(const std::string& preset, const GatesState& state);

std::unique_ptr<Experiment> makeLstmGates(const Parameters& parameters, const RunContext& context);

}  // namespace viva
