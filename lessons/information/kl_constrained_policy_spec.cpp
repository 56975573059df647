// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/information/kl_constrained_policy.h"
#include "lessons/information/lessons.h"

namespace viva {
namespace {

const std::string kId = "kl-constrained-policy";
const std::string kProgram = "resources/lessons/cross-entropy-kl/kl_policy.py";

/// The policy has left the reference for the closed form.
bool endsAtTheClosedForm(const PolicyReading& now) {
  return now.distance < 1e-6 && now.reward > now.reference_reward + 0.1;
}

const Claims<PolicyReading> kClaims{{"kl-leash", 200, endsAtTheClosedForm}};

}  // namespace

VerdictData policyVerdict(const std::string& preset, std::int64_t step, const PolicyReading& now) {
  return judged(kId, kClaims, preset, step, now,
                {{"step", step},
                 {"beta", readable(now.beta)},
                 {"reward", readable(now.reward)},
                 {"kl", readable(now.kl)},
                 {"objective", readable(now.objective)},
                 {"optimum", readable(now.optimum)},
                 {"distance", readable(now.distance)}});
}

const ExperimentSpec& klConstrainedPolicy() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kReferencePolicy, kBeta, kPolicyRate};
    made.parameters.insert(made.parameters.end(), kRewards.begin(), kRewards.end());
    made.records = [](const Parameters&) {
      std::vector<RecordSpec> records;
      for (const char* name : {"reward", "kl", "objective", "optimum", "distance", "k1", "k3"})
        records.push_back({name, ""});
      return records;
    };
    made.validate = [](const Parameters& parameters) -> std::optional<Message> {
      const auto most = std::ssize(kRewards),
                 given = std::ssize(parameters[kReferencePolicy].weights);
      if (given >= 2 && given <= most) return {};
      return Message{"error.policy.actions",
                     {{"most", std::int64_t{most}}, {"given", std::int64_t{given}}}};
    };
    // Of a single action every sample is alike.
    made.uses_randomness = [](const Parameters& parameters) {
      const auto& weights = parameters[kReferencePolicy].weights;
      return std::count(weights.begin(), weights.end(), 0.0) < std::ssize(weights) - 1;
    };
    made.views = {
        bars("policy").xAxis("axis.action").yAxis("axis.probability").dragging({"reference"}),
        plane("frontier")
            .xAxis("axis.policy_kl", "unit.nats")
            .yAxis("axis.policy_reward")
            .pathOf("kl", "reward"),
        series("objective", {"objective", "optimum"}).yAxis("axis.policy_objective"),
        series("distance", {"distance"})
            .yAxis("axis.information", "unit.nats")
            .logarithmicY()
            .small(),
        series("estimators", {"kl", "k1", "k3"}).yAxis("axis.information", "unit.nats"),
        table("actions").small(),
        verdict("verdict")};
    made.checks = {"identity"};
    made.presets = {preset("kl-leash")
                        .with({{"beta", "0.5"}})
                        .lasting(400)
                        .showing("policy", {"frontier", "objective"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 400;
    made.sources = {"lessons/information/kl_constrained_policy.cpp",
                    "lessons/information/best_policy.cpp", "lessons/information/information.cpp"};
    made.equivalent = kProgram;
    made.make = makeKlConstrainedPolicy;
    return made;
  }();
  return spec;
}

}  // namespace viva
