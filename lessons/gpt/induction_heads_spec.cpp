// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/gpt/induction_heads.h"
#include "lessons/gpt/lessons.h"
#include "lessons/nn/head_list.h"

namespace viva {
namespace {

const std::string kId = "induction-heads", kProgram = "resources/lessons/gpt/induction_heads.py";

using Mood = VerdictData::Mood;

constexpr std::int64_t kPatience = 400, kBefore = 50;
constexpr double kFormed = 0.5;

/// The lowest accuracy that is left when one head of the first layer is taken away.
double withoutPrevious(const InductionReport& report) {
  double lowest = 1;
  for (const HeadReport& head : report.heads)
    if (head.head.starts_with("0.")) lowest = std::min(lowest, head.without);
  return lowest;
}
double previousToken(const InductionReport& report) {
  double largest = 0;
  for (const HeadReport& head : report.heads)
    if (head.head.starts_with("0.")) largest = std::max(largest, head.previous_token);
  return largest;
}

/// From hardly anything to a half within 50 updates.
std::optional<bool> jumps(const InductionState& s) {
  if (!s.jump()) return std::nullopt;
  return s.beforeJump().prefixMatching() < kFormed / 2;
}

std::string formedOrNot(const InductionState& s, Mood) { return s.jump() ? "" : "not_yet"; }

const Claims<InductionState> kClaims{
    {"a-head-jumps", kPatience,
     [](const InductionState& s) -> std::optional<bool> {
       if (s.jump()) return jumps(s);
       return s.step < kPatience ? std::nullopt : std::optional(false);
     },
     When::Once, formedOrNot},
    {"remove-the-previous-token-head", kPatience,
     [](const InductionState& s) {
       const InductionReport& now = s.reports.back();
       return now.accuracy >= 0.8 && withoutPrevious(now) <= 0.2;
     }},
    {"one-layer-cannot", kPatience,
     [](const InductionState& s) {
       const InductionReport& now = s.reports.back();
       return now.one_layer && now.accuracy >= 0.8 && *now.one_layer <= 0.4;
     },
     When::From, nullptr, [](const InductionState& s) { return bool(s.reports.back().one_layer); }},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records{{"loss", "unit.nats"},
                                  {"first_half_loss", "unit.nats"},
                                  {"second_half_loss", "unit.nats"},
                                  {"accuracy", ""}};
  for (const char* what : {"prefix_matching/", "previous_token/", "without/"})
    for (std::int64_t layer = 0; layer < kInductionLayers; ++layer)
      for (std::int64_t head = 0; head < p[kInductionHeads]; ++head)
        records.push_back({what + headName(layer, head), ""});
  if (p[kOneLayer]) records.push_back({"one-layer/accuracy", ""});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (64 % p[kInductionHeads] != 0)
    return Message{"error.gpt.heads", {{"width", std::int64_t{64}}, {"heads", p[kInductionHeads]}}};
  return problemWithHeads(p[kInductionAblate].text, kInductionLayers, p[kInductionHeads]);
}

std::vector<ViewSpec> views() {
  return {
      series("prefix", {"prefix_matching/*"}).yAxis("axis.induction_attention"),
      series("losses", {"first_half_loss", "second_half_loss"}).yAxis("axis.gpt_loss", "unit.nats"),
      series("accuracy", {"accuracy", "without/*", "one-layer/accuracy"}).yAxis("axis.gpt_share"),
      tokens("arcs"),
      matrix("attention").xAxis("axis.gpt_key").yAxis("axis.gpt_query"),
      series("previous", {"previous_token/*"}).yAxis("axis.induction_attention").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("a-head-jumps")
          .with({{"one_layer", "false"}})
          .lasting(kPatience)
          .quick(150)
          .showing("prefix", {"arcs", "accuracy"}),
      preset("remove-the-previous-token-head")
          .with({{"one_layer", "false"}})
          .lasting(kPatience)
          .heavy()
          .showing("accuracy", {"arcs", "previous"}),
      preset("one-layer-cannot").lasting(kPatience).heavy().showing("accuracy", {"prefix"}),
  };
}

}  // namespace

double InductionReport::prefixMatching() const {
  double largest = 0;
  for (const HeadReport& head : heads)
    if (head.head.starts_with("1.")) largest = std::max(largest, head.prefix_matching);
  return largest;
}

const InductionReport* InductionState::jump() const {
  const auto found = std::find_if(reports.begin(), reports.end(), [](const InductionReport& one) {
    return one.prefixMatching() >= kFormed;
  });
  return found == reports.end() ? nullptr : &*found;
}

const InductionReport& InductionState::beforeJump() const {
  const InductionReport* jumped = jump();
  const std::int64_t at = jumped ? jumped->step - kBefore : 0;
  const auto later = std::find_if(reports.begin(), reports.end(),
                                  [&](const InductionReport& one) { return one.step > at; });
  return later == reports.begin() ? *later : *(later - 1);
}

VerdictData inductionVerdict(const std::string& preset, const InductionState& s) {
  const InductionReport& now = s.reports.back();
  Arguments numbers{
      {"accuracy", now.accuracy},        {"chance", 1 / static_cast<double>(s.vocabulary)},
      {"prefix", now.prefixMatching()},  {"previous", previousToken(now)},
      {"without", withoutPrevious(now)}, {"first_half", now.first_half},
      {"second_half", now.second_half}};
  if (const InductionReport* jumped = s.jump()) {
    numbers.emplace_back("at", jumped->step);
    numbers.emplace_back("score", jumped->prefixMatching());
    numbers.emplace_back("before_at", s.beforeJump().step);
    numbers.emplace_back("before", s.beforeJump().prefixMatching());
  }
  if (now.one_layer) numbers.emplace_back("one_layer", *now.one_layer);
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& inductionHeads() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kStringLength,    kStringVocabulary, kInductionHeads,  kInductionPositions,
                       kOneLayer,        kInductionRate,    kInductionWarmup, kInductionBatch,
                       kInductionAblate, kInductionLayer,   kInductionHead};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"attention-rows"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kPatience;
    made.sources = {"lessons/gpt/induction_heads.cpp", "lessons/gpt/repeated_strings.cpp",
                    "lessons/nn/transformer.cpp", "lessons/nn/attention.cpp"};
    made.equivalent = kProgram;
    made.make = makeInductionHeads;
    return made;
  }();
  return spec;
}

}  // namespace viva
