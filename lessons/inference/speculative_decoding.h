// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `speculative-decoding` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

inline constexpr std::array<std::int64_t, 4> kRivalDrafts{1, 2, 4, 12};

inline const auto kDraftLength = integer("k", 4).range(1, 12);
inline const auto kSpeculationTemperature = real("temperature", 1).range(0, 2).stepping(0.05);
inline const auto kDraftUpdates = integer("draft_updates", 140).range(0, 400).stepping(10);
inline const auto kOtherLengths = toggle("other_k", true);

struct RivalDraft {
  std::int64_t k = 1, passes = 0, tokens = 0;
  double speed_up = 0;
};

/// What the claims look at.
struct SpeculationState {
  std::int64_t step = 0, k = 4;
  std::int64_t accepted = 0, judged = 0, tokens = 0;  ///< so far
  double alpha_sum = 0;
  double cost_ratio = 0;  ///< the draft's weights by the target's
  std::int64_t draws = 0;
  double distance = 0;        ///< of what the rule drew after one prompt from the target's shares
  double noise = 0;           ///< what as many draws from the target itself are away in the mean
  double draft_distance = 0;  ///< of the draft's shares from the target's
  std::vector<RivalDraft> rivals{};

  double alpha() const { return judged > 0 ? alpha_sum / static_cast<double>(judged) : 0; }
  double share() const {
    return judged > 0 ? static_cast<double>(accepted) / static_cast<double>(judged) : 0;
  }
  double perPass() const {
    return step > 0 ? static_cast<double>(tokens) / static_cast<double>(step) : 0;
  }
};
VerdictData speculationVerdict(const std::string& preset, const SpeculationState& state);

std::unique_ptr<Experiment> makeSpeculativeDecoding(const Parameters& parameters,
                                                    const RunContext& context);

}  // namespace viva
