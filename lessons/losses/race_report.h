// SPDX-License-Identifier: GPL-3.0-or-later
// How `loss-race` is shown and judged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/losses/race_parameters.h"

namespace viva {

struct LossHistory {
  LossRacer racer;
  double cross_entropy = 0, accuracy = 0, recall = 0, logit = 0;
  double first_gradient = 0, gradient = 0;  ///< mean size on samples of class 1
  double easy_share = 0;                    ///< summed since the first evaluation
  std::int64_t evaluations = 0;
  std::optional<std::int64_t> good_since{};  ///< the first step with an accuracy of 80 %
};

TableData lossStandings(const std::vector<LossHistory>& racers);
VerdictData lossVerdict(const std::string& preset, std::int64_t step, const Parameters& parameters,
                        const std::vector<LossHistory>& racers);

}  // namespace viva
