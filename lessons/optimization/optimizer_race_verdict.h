// SPDX-License-Identifier: GPL-3.0-or-later
// What the race shows so far: the table of standings, and the verdict on the preset's claim.
#pragma once

#include <string_view>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/optimization/optimizers.h"
#include "lessons/optimization/standings.h"

namespace viva {

struct Contestant {
  Optimizer optimizer;
  const UpdateRule& rule;
  const Standing& standing;
};

std::vector<TableData::Column> standingColumns(const Surface& surface);
TableData::Row standingRow(Optimizer optimizer, const Standing& standing, const Surface& surface);

/// Judges the claim of `preset` by the numbers of this run, whatever the parameters have become;
/// without a preset, says who is lowest.
VerdictData judge(std::string_view preset, const Surface& surface, std::int64_t step,
                  const std::vector<Contestant>& contestants);

}  // namespace viva
