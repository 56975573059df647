// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of attention-numbers: what is not computed yet is empty.
#pragma once

#include "lessons/core/frame.h"
#include "lessons/transformer/attention_numbers.h"

namespace viva {

/// What was clicked; clamped to what there is.
struct NumbersPicks {
  std::int64_t query = 0, key = 0, component = 0;
};

/// All views but the verdict.
void showNumbers(Frame& frame, const NumbersState& state, const NumbersPicks& picks);

}  // namespace viva
