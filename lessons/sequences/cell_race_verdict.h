// SPDX-License-Identifier: GPL-3.0-or-later
// Who is where in the race of the cells, and what that says about the claim of a preset.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/sequences/cell_race_parameters.h"
#include "lessons/sequences/sequence_progress.h"

namespace viva {

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

/// What the race looks like after `step` updates.
struct CellRaceState {
  std::string preset;
  std::int64_t step = 0;
  const SequenceSource& source;
  double forget_bias = 1;
  const std::vector<CellStanding>& standings;
};

TableData cellStandings(const std::vector<CellStanding>& standings);
VerdictData cellRaceVerdict(const CellRaceState& state);

}  // namespace viva
