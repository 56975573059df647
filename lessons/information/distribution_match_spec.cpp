// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/information/distribution_match.h"
#include "lessons/information/lessons.h"

namespace viva {
namespace {

const std::string kId = "distribution-match";
const std::string kProgram = "resources/lessons/cross-entropy-kl/distribution_match.py";

std::vector<RecordSpec> recordsOf(const Parameters&) {
  std::vector<RecordSpec> records;
  for (const char* name : {"entropy", "cross_entropy", "kl_forward", "kl_reverse", "js"})
    records.push_back({name, "", true});
  records.push_back({"gradient_gap", ""});
  return records;
}

std::optional<Message> problemOf(const Parameters& parameters) {
  const auto classes = std::ssize(parameters[kTargetP].weights);
  const auto other = std::ssize(parameters[kModelQ].weights);
  if (other != classes)
    return Message{"error.match.length",
                   {{"name", kModelQ.name},
                    {"classes", std::int64_t{other}},
                    {"wanted", std::int64_t{classes}}}};
  if (classes < 2 || classes > 20) return Message{"error.match.classes", {}};
  return {};
}

/// What the claims and the sentences are about, in the unit that is shown.
struct Reading {
  const MatchState& state;
  double unit = state.unit;
  const Probabilities &p = state.p, &first_q = state.start_q;
  double forward = divergence(p, first_q) / unit, reverse = divergence(first_q, p) / unit;
  double kl = divergence(p, state.q) / unit, cross = crossEntropy(p, state.q) / unit;
  double own = crossEntropy(p, p) / unit;
  double theory = state.theoryAfter(std::max<std::int64_t>(1, state.since));
  /// Of the first q with three targets: a certain one, itself, the uniform one.
  double low = crossEntropy(certain(p.size()), first_q) / unit;
  double middle = entropy(first_q) / unit;
  double high = crossEntropy(uniform(p.size()), first_q) / unit;
  double around = (divergence(p, state.via) + divergence(state.via, first_q)) / unit;
};

bool isAsymmetric(const Reading& now) {
  return std::abs(now.forward - now.reverse) > 0.05 * (1 + now.forward);
}

bool comesToZeroLikeTheory(const Reading& now) {
  return isCertain(now.p) && now.own == 0 && now.cross > 0 &&
         std::abs(now.cross / now.theory - 1) < 0.1;
}

bool growsWithEntropy(const Reading& now) {
  return now.middle > now.low + 0.05 && now.high > now.middle + 0.05;
}

bool hasOneGradient(const Reading& now) {
  const Objective objective = now.state.objective;
  return now.state.largest_gap < 1e-12 && now.own > 0 &&
         (objective == Objective::CrossEntropy || objective == Objective::ForwardKl);
}

bool isLongerThanTheDetour(const Reading& now) { return now.forward > now.around * (1 + 1e-9); }

const Claims<Reading> kClaims{
    {"asymmetry", 1, isAsymmetric},
    {"cross-entropy-can-be-zero", 500, comesToZeroLikeTheory},
    {"depends-on-entropy", 1, growsWithEntropy},
    {"same-gradient", 20, hasOneGradient},
    {"triangle-fails", 1, isLongerThanTheDetour},
};

}  // namespace

VerdictData matchVerdict(const std::string& preset, const MatchState& state) {
  const Reading now{state};
  if (state.step > 0 && std::isinf(now.kl))
    return {VerdictData::Mood::Open, {kId + ".verdict.infinite", {}}};
  if (state.step > 0 && state.objective == Objective::ReverseKl &&
      std::isinf(divergence(state.q, state.p)))
    return {VerdictData::Mood::Open, {kId + ".verdict.infinite_reverse", {}}};
  return judged(kId, kClaims, preset, state.step, now,
                {{"step", state.step},
                 {"unit", Word{kId + ".choice.base." + (state.unit == 1 ? "nats" : "bits")}},
                 {"forward", readable(now.forward)},
                 {"reverse", readable(now.reverse)},
                 {"entropy", readable(now.own)},
                 {"kl", readable(now.kl)},
                 {"cross", readable(now.cross)},
                 {"own", readable(now.own)},
                 {"theory", readable(now.theory)},
                 {"low", readable(now.low)},
                 {"middle", readable(now.middle)},
                 {"high", readable(now.high)},
                 {"gap", readable(state.largest_gap)},
                 {"around", readable(now.around)}});
}

const ExperimentSpec& distributionMatch() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kTargetP, kModelQ, kBetween, kMatchObjective, kMatchRate, kMatchBase};
    made.records = recordsOf;
    made.validate = problemOf;
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {
        bars("distributions").xAxis("axis.class").yAxis("axis.probability").dragging({"p", "q"}),
        bars("lengths").yAxis("axis.information"),
        series("divergences", {"entropy", "cross_entropy", "kl_forward", "kl_reverse", "js"})
            .yAxis("axis.information"),
        bars("integrand").xAxis("axis.class").yAxis("axis.integrand"),
        bars("gradient").xAxis("axis.class").yAxis("axis.logit_gradient"),
        series("to_zero", {"cross_entropy"}).yAxis("axis.information").logarithmicY().small(),
        table("targets").small(),
        table("triangle").small(),
        series("gap", {"gradient_gap"}).yAxis("axis.gradient_gap").small(),
        verdict("verdict")};
    made.checks = {"gradient"};
    made.presets = {
        preset("asymmetry")
            .with({{"p", "0.7,0.2,0.1"}, {"q", "0.1,0.6,0.3"}, {"optimizer.lr", "0.02"}})
            .lasting(100)
            .showing("divergences", {"distributions", "integrand"}),
        preset("cross-entropy-can-be-zero")
            .with({{"p", "1,0,0"}, {"q", "0.5,0.3,0.2"}, {"optimizer.lr", "1"}})
            .lasting(2000)
            .showing("to_zero", {"distributions", "lengths"}),
        preset("depends-on-entropy")
            .with({{"p", "0.34,0.33,0.33"}, {"q", "0.5,0.3,0.2"}})
            .lasting(100)
            .showing("targets", {"distributions", "lengths"}),
        preset("same-gradient")
            .with({{"p", "0.7,0.2,0.1"}, {"q", "0.1,0.6,0.3"}})
            .lasting(200)
            .showing("gradient", {"divergences", "distributions"}),
        preset("triangle-fails")
            .with({{"p", "0.5,0.5"}, {"via", "0.25,0.75"}, {"q", "0.1,0.9"}})
            .lasting(100)
            .showing("triangle", {"distributions", "divergences"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 200;
    made.sources = {"lessons/information/distribution_match.cpp",
                    "lessons/information/information.cpp"};
    made.equivalent = kProgram;
    made.make = makeDistributionMatch;
    return made;
  }();
  return spec;
}

}  // namespace viva
