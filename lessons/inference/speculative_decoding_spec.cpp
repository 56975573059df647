// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/inference/lessons.h"
#include "lessons/inference/speculation.h"
#include "lessons/inference/speculative_decoding.h"

namespace viva {
namespace {

const std::string kId = "speculative-decoding",
                  kProgram = "resources/lessons/inference-deployment/speculative_decoding.py";

double predicted(const SpeculationState& s) { return tokensPerPass(s.alpha(), s.k); }

bool acceptsTheOverlap(const SpeculationState& s) {
  return std::abs(s.share() - s.alpha()) <= 0.05 && s.perPass() > 1.5;
}
bool isTheTargets(const SpeculationState& s) {
  return s.distance <= 2.5 * s.noise && s.draft_distance >= 5 * s.distance;
}
const RivalDraft* fastest(const SpeculationState& s) {
  const auto found =
      std::max_element(s.rivals.begin(), s.rivals.end(),
                       [](const auto& a, const auto& b) { return a.speed_up < b.speed_up; });
  return found == s.rivals.end() ? nullptr : &*found;
}
bool isSlowerWithTooMany(const SpeculationState& s) {
  return fastest(s) && fastest(s)->k < s.rivals.back().k &&
         s.rivals.back().speed_up < 0.9 * fastest(s)->speed_up;
}

const Claims<SpeculationState> kClaims{
    {"accepts-what-both-believe", 600, acceptsTheOverlap},
    {"same-distribution", 150, isTheTargets},
    {"k-too-large", 300, isSlowerWithTooMany, When::From, nullptr,
     [](const SpeculationState& s) { return !s.rivals.empty(); }},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const char* name : {"accepted", "alpha", "accepted_share", "tokens_per_pass", "predicted",
                           "speed_up", "distance", "draft_distance"})
    records.push_back({name, ""});
  if (p[kOtherLengths])
    for (const std::int64_t k : kRivalDrafts)
      records.push_back({"k-" + std::to_string(k) + "/speed_up", ""});
  return records;
}

std::vector<ViewSpec> views() {
  return {
      tokens("written").large(),
      series("acceptance", {"alpha", "accepted_share"})
          .xAxis("axis.speculative_pass")
          .yAxis("axis.speculative_share"),
      series("per_pass", {"tokens_per_pass", "predicted"})
          .xAxis("axis.speculative_pass")
          .yAxis("axis.speculative_tokens"),
      series("distances", {"distance", "draft_distance"})
          .xAxis("axis.speculative_pass")
          .yAxis("axis.speculative_distance"),
      bars("shares").xAxis("axis.cache_character").yAxis("axis.speculative_probability"),
      series("speed_up", {"*/speed_up"})
          .xAxis("axis.speculative_pass")
          .yAxis("axis.speculative_speed_up"),
      table("times"),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("accepts-what-both-believe")
          .with({{"other_k", "false"}})
          .lasting(600)
          .heavy()
          .showing("written", {"acceptance", "per_pass"}),
      preset("same-distribution")
          .with({{"other_k", "false"}})
          .lasting(150)
          .heavy()
          .showing("distances", {"shares", "written"}),
      preset("k-too-large")
          .lasting(300)
          .heavy()
          .showing("speed_up", {"per_pass", "times"})
          .about({"k-1", "k-2", "k-4", "k-12"}),
  };
}

}  // namespace

VerdictData speculationVerdict(const std::string& preset, const SpeculationState& s) {
  const RivalDraft* best = fastest(s);
  return judged(kId, kClaims, preset, s.step, s,
                {{"passes", s.step},
                 {"tokens", s.tokens},
                 {"k", s.k},
                 {"alpha", s.alpha()},
                 {"share", s.share()},
                 {"per_pass", s.perPass()},
                 {"predicted", predicted(s)},
                 {"draws", s.draws},
                 {"distance", s.distance},
                 {"noise", s.noise},
                 {"draft_distance", s.draft_distance},
                 {"cost", s.cost_ratio},
                 {"best_k", best ? best->k : 0},
                 {"best", best ? best->speed_up : 0.0},
                 {"worst_k", s.rivals.empty() ? 0 : s.rivals.back().k},
                 {"worst", s.rivals.empty() ? 0.0 : s.rivals.back().speed_up}});
}

const ExperimentSpec& speculativeDecoding() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kDraftLength, kSpeculationTemperature, kDraftUpdates, kOtherLengths};
    made.records = records;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"marginal"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = [](const Parameters&) -> std::optional<Phase> {
      return Phase{"target-and-draft/2", 0, {kDraftUpdates.name}};
    };
    made.default_steps = 300;
    made.sources = {"lessons/inference/speculative_decoding.cpp",
                    "lessons/inference/speculative_writer.cpp",
                    "lessons/inference/speculation.cpp"};
    made.equivalent = kProgram;
    made.make = makeSpeculativeDecoding;
    return made;
  }();
  return spec;
}

}  // namespace viva
