// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/agent_dice.h"

#include <torch/utils.h>

#include "lessons/nn/tensor_numbers.h"

namespace viva {

double AgentDice::share() {
  constexpr std::int64_t kDrawn = 4096;
  if (next_ == drawn_.size()) {
    drawn_ = numbersOf(torch::rand({kDrawn}, generator_, torch::kDouble));
    next_ = 0;
  }
  return drawn_[next_++];
}

}  // namespace viva
