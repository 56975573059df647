// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `cell-race` share: its parameters, and how its cells stand.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "lessons/nn/cell_kind.h"
#include "lessons/sequences/sequence_progress.h"
#include "lessons/sequences/sequence_settings.h"

namespace viva {

/// One net of the race.
struct Entrant {
  std::string id;
  CellKind kind;
  /// An LSTM whose forget bias stays 0, whatever `forget_bias` says.
  bool without_forget_bias = false;
  Parameter<bool> on = toggle(id + ".on", !without_forget_bias).grouped("net");
};
/// In the order of the standings.
const std::array<Entrant, 5> kEntrants{{{"lstm", CellKind::Lstm},
                                        {"peephole", CellKind::Peephole},
                                        {"gru", CellKind::Gru},
                                        {"rnn", CellKind::Rnn},
                                        {"lstm-zero-bias", CellKind::Lstm, true}}};
const auto kRaceForgetBias = real("forget_bias", 1).range(-5, 10).stepping(0.5).grouped("net");

/// Those that are switched on.
std::vector<Entrant> entrantsIn(const Parameters& parameters);

/// One net of the race in a few numbers.
struct CellStanding {
  Entrant entrant;
  std::int64_t parameters = 0;
  SequenceProgress progress;
  /// Before the first update: the norm of the gradient of the loss with respect to the memory at
  /// each step of one sequence.
  std::vector<double> gradient_at_start;
  /// By what factor it changes for each step further back, the geometric mean over the sequence.
  double kept_at_start = 0;
};
Word wordFor(const CellStanding& standing);

/// What the race looks like after `step` updates.
struct CellRaceState {
  std::int64_t step = 0;
  std::int64_t length = 0;  ///< steps of a sequence
  double baseline = 0;      ///< the loss of remembering nothing
  double forget_bias = 1;
  const std::vector<CellStanding>& standings;

  /// Null for a cell that does not run.
  const CellStanding* find(std::string_view id) const;
};
/// Judges the claim of `preset`, or says who is ahead.
VerdictData cellRaceVerdict(const std::string& preset, const CellRaceState& state);

std::unique_ptr<Experiment> makeCellRace(const Parameters& parameters, const RunContext& context);

}  // namespace viva
