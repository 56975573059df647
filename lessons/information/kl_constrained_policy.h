// SPDX-License-Identifier: GPL-3.0-or-later
// A bandit policy that is paid for reward and charged for leaving its reference.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

inline const auto kReferencePolicy =
    distribution("reference", {0.5, 0.3, 0.2}).draggedOn("policy").grouped("task");
inline const auto kBeta = real("beta", 1).range(0.05, 100).logarithmic().live().grouped("training");
inline const auto kPolicyRate =
    real("lr", 0.5).range(1e-3, 2).logarithmic().live().grouped("training");
/// One an action; a reference of fewer actions leaves the last ones unused.
inline const std::vector<Parameter<double>> kRewards = [] {
  std::vector<Parameter<double>> rewards;
  for (const double reward : {0, 1, 2, 0, 0})
    rewards.push_back(real("reward." + std::to_string(rewards.size() + 1), reward)
                          .range(-5, 5)
                          .stepping(0.1)
                          .live()
                          .grouped("task"));
  return rewards;
}();

/// Where the policy is, and what can be had.
struct PolicyReading {
  double beta = 1;
  double reward = 0, kl = 0, objective = 0;  ///< of the policy
  double optimum = 0, distance = 0;          ///< of the closed form, and KL(policy || closed form)
  double reference_reward = 0;
};
VerdictData policyVerdict(const std::string& preset, std::int64_t step, const PolicyReading& now);

std::unique_ptr<Experiment> makeKlConstrainedPolicy(const Parameters& parameters,
                                                    const RunContext& context);

}  // namespace viva
