// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `tool-policy` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// What is rewarded at the end: the right report, or any report with a number or a day in it.
enum class PolicyReward { Checked, Format };
enum class PolicyRival { None, Reward };

inline const std::string kCheckedPolicy = "checked", kFormatPolicy = "format";

const auto kPolicyReward = choice<PolicyReward>("reward", {{PolicyReward::Checked, "checked"},
                                                           {PolicyReward::Format, "format"}})
                               .grouped("reward");
const auto kPolicyCompare =
    choice<PolicyRival>("compare", {{PolicyRival::None, "none"}, {PolicyRival::Reward, "reward"}},
                        PolicyRival::Reward)
        .grouped("reward");
/// What each call costs.
const auto kPolicyCost = real("call_cost", 0.02).range(0, 0.2).grouped("reward");

const auto kPolicyBatch = integer("batch_size", 64).range(4, 256).logarithmic().grouped("training");
const auto kPolicyRate = real("lr", 5e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
/// What a nat of entropy is worth.
const auto kPolicyEntropy = real("entropy_bonus", 0.02).range(0, 0.5).live().grouped("training");
const auto kPolicyTask = integer("example", 0).range(0, 19).live().grouped("display");

/// How a policy did in the last update, whose tasks were new to it.
struct PolicyStanding {
  std::string id;  ///< in records; empty where there is nothing to compare with
  double reward = 0, success = 0, entropy = 0, calls = 0;
  double first_success = 0;                  ///< of the first update
  double late_success = 0, late_reward = 0;  ///< means of the last twenty
};
struct PolicyState {
  std::int64_t step = 0;
  std::vector<PolicyStanding> standings;
  const PolicyStanding& own() const { return standings.front(); }
  const PolicyStanding* find(std::string_view id) const;
};
VerdictData policyVerdict(const std::string& preset, const PolicyState& state);

/// The ids of the policies that learn side by side.
std::vector<std::string> policyIdsOf(const Parameters& parameters);

std::unique_ptr<Experiment> makeToolPolicy(const Parameters& parameters, const RunContext& context);

}  // namespace viva
