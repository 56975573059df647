// SPDX-License-Identifier: GPL-3.0-or-later
// A bandit policy that is paid for reward and charged for leaving its reference.
#pragma once

#include "lessons/core/experiment.h"
#include "lessons/information/information.h"

namespace viva {

/// The policy that maximises E[r] - beta KL(policy || reference): reference * exp(r / beta) / Z.
struct BestPolicy {
  Probabilities policy;
  double objective = 0;  ///< beta ln Z
};
BestPolicy bestPolicy(const Probabilities& reference, const std::vector<double>& rewards,
                      double beta);
/// E[r] - beta KL(policy || reference).
double leashedReward(const Probabilities& policy, const Probabilities& reference,
                     const std::vector<double>& rewards, double beta);
/// DPO: -log sigmoid(beta (log-ratio of the preferred - log-ratio of the other)).
double dpoLoss(double beta, double preferred_log_ratio, double other_log_ratio);

const ExperimentSpec& klConstrainedPolicy();

}  // namespace viva
