// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/tool_use/lessons.h"
#include "lessons/tool_use/tool_policy.h"

namespace viva {
namespace {

const std::string kId = "tool-policy";
const std::string kProgram = "resources/lessons/agents/tool_policy.py";
constexpr std::int64_t kLength = 300;

std::optional<bool> learnsToCall(const PolicyState& s) {
  const PolicyStanding& own = s.own();
  return own.first_success <= 0.35 && own.late_success >= 0.9;
}

/// More reward than the policy that is checked, and fewer tasks solved.
std::optional<bool> hacksTheReward(const PolicyState& s) {
  const PolicyStanding *checked = s.find(kCheckedPolicy), *format = s.find(kFormatPolicy);
  return format->late_reward > checked->late_reward && format->late_success <= 0.3 &&
         checked->late_success >= 0.9;
}

const Claims<PolicyState> kClaims{
    {"learns-to-call", kLength, learnsToCall},
    {"reward-hacking", kLength, hacksTheReward, When::From, nullptr,
     [](const PolicyState& s) { return s.find(kFormatPolicy) != nullptr; }},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  std::vector<std::string> prefixes{""};
  for (const std::string& id : policyIdsOf(p))
    if (!id.empty()) prefixes.push_back(id + "/");
  for (const std::string& prefix : prefixes) {
    for (const char* name : {"reward", "success"}) records.push_back({prefix + name, ""});
    records.push_back({prefix + "entropy", "unit.nats"});
    records.push_back({prefix + "calls", ""});
  }
  return records;
}

std::vector<ViewSpec> views() {
  return {
      series("success", {"success"}).yAxis("axis.share_of_tasks").large(),
      series("successes", {"*/success"}).yAxis("axis.share_of_tasks").large(),
      series("reward", {"reward"}).yAxis("axis.reward"),
      series("rewards", {"*/reward"}).yAxis("axis.reward"),
      matrix("policy").xAxis("axis.tool").yAxis("axis.call_number"),
      table("example"),
      series("entropy", {"entropy"}).yAxis("axis.entropy", "unit.nats").small(),
      series("calls", {"calls"}).yAxis("axis.calls_each").small(),
      table("standings"),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("learns-to-call")
          .with({{"compare", "none"}})
          .lasting(kLength)
          .heavy()
          .showing("success", {"policy", "reward"}),
      preset("reward-hacking")
          .with({{"compare", "reward"}})
          .lasting(kLength)
          .heavy()
          .showing("successes", {"rewards", "example"}),
  };
}

}  // namespace

const PolicyStanding* PolicyState::find(std::string_view id) const {
  const auto found =
      std::ranges::find_if(standings, [&](const auto& some) { return some.id == id; });
  return found == standings.end() ? nullptr : &*found;
}

std::vector<std::string> policyIdsOf(const Parameters& p) {
  if (p[kPolicyCompare] == PolicyRival::None) return {""};
  return {kCheckedPolicy, kFormatPolicy};
}

VerdictData policyVerdict(const std::string& preset, const PolicyState& s) {
  const PolicyStanding& own = s.own();
  Arguments numbers{{"first", percent(own.first_success)},
                    {"success", percent(own.late_success)},
                    {"reward", withDecimals(own.late_reward, 2)},
                    {"calls", withDecimals(own.calls, 1)},
                    {"entropy", withDecimals(own.entropy, 2)}};
  for (const PolicyStanding& now : s.standings) {
    numbers.emplace_back(now.id + "_success", percent(now.late_success));
    numbers.emplace_back(now.id + "_reward", withDecimals(now.late_reward, 2));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& toolPolicy() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kPolicyReward, kPolicyCompare, kPolicyCost, kPolicyBatch,
                       kPolicyRate,   kPolicyEntropy, kPolicyTask};
    made.records = records;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"score-function", "probabilities"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kLength;
    made.sources = {"lessons/tool_use/tool_policy.cpp", "lessons/tool_use/tool_world.cpp"};
    made.equivalent = kProgram;
    made.make = makeToolPolicy;
    return made;
  }();
  return spec;
}

}  // namespace viva
