// SPDX-License-Identifier: GPL-3.0-or-later
// Policies that are paid for reward and charged for leaving a reference, in closed form.
#pragma once

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

}  // namespace viva
