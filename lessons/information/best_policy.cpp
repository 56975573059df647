// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/best_policy.h"

#include <algorithm>
#include <cmath>

namespace viva {

BestPolicy bestPolicy(const Probabilities& reference, const std::vector<double>& rewards,
                      double beta) {
  std::vector<double> logits;
  for (std::size_t i = 0; i < reference.size(); ++i)
    logits.push_back(std::log(reference[i]) + rewards[i] / beta);
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - largest);
  return {softmax(logits), beta * (largest + std::log(sum))};
}

double leashedReward(const Probabilities& policy, const Probabilities& reference,
                     const std::vector<double>& rewards, double beta) {
  return expectation(policy, rewards) - beta * divergence(policy, reference);
}

double dpoLoss(double beta, double preferred_log_ratio, double other_log_ratio) {
  return std::log1p(std::exp(-beta * (preferred_log_ratio - other_log_ratio)));
}

}  // namespace viva
