// SPDX-License-Identifier: GPL-3.0-or-later
// One update taken apart: each line of the rule as the paper writes it, with its numbers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/nn/update_rules.h"

namespace viva {

struct UpdateLine {
  std::string formula;  ///< in the field's own notation, the same in every language
  std::string numbers;  ///< the same with the numbers of x put in
  Pair value;           ///< what comes out, for x and y
};

struct TakenApart {
  std::vector<UpdateLine> lines;
  std::optional<Pair> first_moment;   ///< velocity or corrected average: what sets the direction
  std::optional<Pair> second_moment;  ///< sum or corrected average of squares: what sets the scale
  Pair effective_rate;                ///< what the direction is multiplied by
  Pair change;                        ///< theta after minus theta before
};

/// What `rule` is about to do at `theta` with gradient `g`, worked out line by line and
/// independently of update().
TakenApart takeApart(const UpdateRule& rule, const Pair& theta, const Pair& g);

}  // namespace viva
