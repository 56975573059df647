// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/transformer/lessons.h"
#include "lessons/transformer/position_race.h"

namespace viva {
namespace {

const std::string kId = "position-race";
const std::string kProgram = "resources/lessons/transformer/position_race.py";

using Mood = VerdictData::Mood;

constexpr std::int64_t kLength = 400;

double inRange(const EncodingStanding& standing) {
  return standing.progress.accuracy().value_or(0);
}

/// Only RoPE knows "three back" beyond the lengths that were trained; those that learned it for
/// each position by itself have lost it there.
bool orderNeedsRope(const PositionRaceState& s) {
  const double rope = s.of(PositionKind::Rope).accuracy_long;
  for (const EncodingStanding& other : s.standings)
    if (other.encoding.kind != PositionKind::Rope && other.accuracy_long > rope - 0.2) return false;
  return rope > 0.8 && inRange(s.of(PositionKind::Sinusoidal)) > 0.95 &&
         inRange(s.of(PositionKind::Learned)) > 0.95;
}

/// What prefers the near keeps it at any length; absolute positions have lost it. (Which of ALiBi
/// and RoPE is ahead depends on the seed.)
bool recencyIsRelative(const PositionRaceState& s) {
  const double alibi = s.of(PositionKind::Alibi).accuracy_long;
  return alibi > 0.9 && s.of(PositionKind::Rope).accuracy_long > 0.8 &&
         s.of(PositionKind::Sinusoidal).accuracy_long < alibi - 0.2 &&
         s.of(PositionKind::Learned).accuracy_long < alibi - 0.2 &&
         inRange(s.of(PositionKind::Learned)) > 0.95;
}

bool aSetNeedsNone(const PositionRaceState& s) {
  for (const EncodingStanding& standing : s.standings)
    if (inRange(standing) < 0.97) return false;
  return s.of(PositionKind::None).accuracy_long > 0.99 &&
         s.of(PositionKind::Alibi).accuracy_long > 0.97 &&
         s.of(PositionKind::Sinusoidal).accuracy_long < 0.97 &&
         s.of(PositionKind::Learned).accuracy_long < 0.97;
}

const Claims<PositionRaceState> kClaims{
    {"order", kLength, orderNeedsRope, When::Until},
    {"recency", kLength, recencyIsRelative, When::Until},
    {"a-set", kLength, aSetNeedsNone, When::Until},
};

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records;
  for (const Encoding& encoding : kEncodings) {
    const std::string prefix = std::string(encoding.id) + "/";
    records.push_back({prefix + "loss", "unit.nats"});
    records.push_back({prefix + "accuracy", ""});
    records.push_back({prefix + "accuracy_long", ""});
  }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  const std::int64_t width = p[kEncodingWidth], heads = p[kEncodingHeads];
  if (width % (2 * heads) != 0)
    return Message{"error.attention.race_width", {{"width", width}, {"heads", heads}}};
  return std::nullopt;
}

std::vector<Preset> presets() {
  return {
      preset("order").lasting(kLength).heavy().showing("long", {"by_position", "accuracy"}),
      preset("recency")
          .with({{"task", "recent"}})
          .lasting(kLength)
          .heavy()
          .showing("long", {"by_position", "accuracy"}),
      preset("a-set")
          .with({{"task", "max"}})
          .lasting(kLength)
          .heavy()
          .showing("long", {"by_position", "accuracy"}),
  };
}

}  // namespace

const EncodingStanding& PositionRaceState::of(PositionKind kind) const {
  return *std::find_if(standings.begin(), standings.end(),
                       [&](const auto& standing) { return standing.encoding.kind == kind; });
}

const EncodingStanding& PositionRaceState::best() const {
  return *std::max_element(standings.begin(), standings.end(), [](const auto& a, const auto& b) {
    return a.accuracy_long < b.accuracy_long;
  });
}

VerdictData positionRaceVerdict(const std::string& preset, const PositionRaceState& s) {
  Arguments numbers{{"length", s.length},
                    {"tested", s.tested},
                    {"best", Word{kId + ".curve." + s.best().encoding.id}},
                    {"best_long", s.best().accuracy_long}};
  for (const EncodingStanding& standing : s.standings) {
    numbers.emplace_back(standing.encoding.id, standing.accuracy_long);
    numbers.emplace_back(standing.encoding.id + std::string("_short"), inRange(standing));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& positionRace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kEncodingTask,      kEncodingLength,       kTestedLength,   kEncodingHeads,
                       kEncodingWidth,     kEncodingRate,         kEncodingWarmup, kDropAfter,
                       kEncodingBatchSize, kEncodingEvaluateEvery};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        series("long", {"*/accuracy_long"}).yAxis("axis.long_accuracy").large(),
        series("by_position", {}).xAxis("axis.token_position").yAxis("axis.token_accuracy"),
        series("accuracy", {"*/accuracy"}).yAxis("axis.short_accuracy"),
        table("standings"),
        images("attention").small(),
        series("loss", {"*/loss"}).yAxis("axis.token_loss", "unit.nats").logarithmicY().small(),
        verdict("verdict"),
    };
    made.checks = {"written-out"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kLength;
    made.sources = {"lessons/transformer/position_race.cpp", "lessons/nn/positions.cpp",
                    "lessons/nn/attention.cpp", "lessons/transformer/attention_task.cpp"};
    made.equivalent = kProgram;
    made.make = makePositionRace;
    return made;
  }();
  return spec;
}

}  // namespace viva
