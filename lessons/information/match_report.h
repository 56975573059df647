// SPDX-License-Identifier: GPL-3.0-or-later
// How `distribution-match` is shown and judged. Everything in nats; `unit` converts.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/information/match_parameters.h"

namespace viva {

struct MatchState {
  Probabilities p, q;     ///< now
  Probabilities start_q;  ///< where the descent began
  Probabilities via;
  Objective objective = Objective::CrossEntropy;
  double rate = 0;
  double unit = 1;         ///< nats of the unit in which is shown: 1 or ln 2
  std::int64_t since = 0;  ///< steps since the descent began
  std::int64_t step = 0;
  double largest_gap = 0;  ///< between the gradients of cross-entropy and of KL so far
};

BarsData distributionBars(const MatchState& state);
/// H(p) and KL(p || q) on top of each other, beside H(p, q).
BarsData lengthBars(const MatchState& state);
BarsData integrandBars(const MatchState& state);
/// softmax - p, which cross-entropy and KL share, beside that of the objective.
BarsData gradientBars(const MatchState& state);
/// What the descent to a certain target should do: like (K - 1)/(K lr t).
SeriesData towardsZero(const MatchState& state);
TableData targetsTable(const MatchState& state);
TableData triangleTable(const MatchState& state);
VerdictData matchVerdict(const std::string& preset, const MatchState& state);

}  // namespace viva
