// SPDX-License-Identifier: GPL-3.0-or-later
// What `cell-race` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/recurrent_cells.h"

namespace viva {

/// One net of the race.
struct Entrant {
  std::string id;
  CellKind kind;
  /// An LSTM whose forget bias stays 0, whatever `forget_bias` says.
  bool without_forget_bias = false;
};
/// In the order of the standings: lstm, peephole, gru, rnn, lstm-zero-bias.
const std::vector<Entrant>& entrants();
/// Those that are switched on.
std::vector<Entrant> entrantsIn(const Parameters& parameters);

std::vector<ParameterSpec> cellRaceParameters();
std::vector<RecordSpec> cellRaceRecords(const Parameters& parameters);
std::optional<Message> validateCellRace(const Parameters& parameters);
std::vector<ViewSpec> cellRaceViews();
std::vector<Preset> cellRacePresets();

}  // namespace viva
