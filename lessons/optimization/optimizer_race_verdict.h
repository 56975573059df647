// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the claim of a preset shows in this run, with the numbers that say so.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/nn/optimizers.h"
#include "lessons/optimization/standings.h"

namespace viva {

struct Contestant {
  Optimizer optimizer;
  const UpdateRule& rule;
  const Standing& standing;
};

/// The race after `step` updates.
struct RaceState {
  const Surface& surface;
  Point start;
  std::int64_t step;
  std::vector<Contestant> contestants;  ///< those that are switched on
};

/// Judges the claim of `preset` by the numbers of this run, whatever the parameters have become;
/// without a preset, says who is lowest.
VerdictData judge(std::string_view preset, const RaceState& race);

}  // namespace viva
