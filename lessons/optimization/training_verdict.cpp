// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/training_progress.h"

namespace viva {

VerdictData trainingVerdict(const std::string&, std::int64_t, double, const std::vector<Progress>&,
                            const std::vector<DecayByGradient>&) {
  return {VerdictData::Mood::Open, {"verdict.training.early", {}}};
}

}  // namespace viva
