// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/claim.h"
#include "lessons/sequences/cell_race.h"
#include "lessons/sequences/lessons.h"

namespace viva {
namespace {

const std::string kId = "cell-race";
const std::string kProgram = "resources/lessons/lstm/cell_race.py";

using Mood = VerdictData::Mood;

constexpr std::int64_t kGruPatience = 1000, kRnnPatience = 1500, kPeepholePatience = 1500;

/// Updates until it was solved; more than any number where it is not.
std::int64_t stepsOf(const CellStanding& standing) {
  return standing.progress.solvedAt().value_or(std::numeric_limits<std::int64_t>::max());
}
bool isSolved(const CellStanding* standing) { return standing && standing->progress.solvedAt(); }
double lossOf(const CellStanding& standing) {
  return standing.progress.loss().value_or(std::numeric_limits<double>::infinity());
}

/// What is not solved is open until it is too late.
std::optional<bool> unsolved(const CellRaceState& s, std::int64_t patience) {
  if (s.step < patience) return std::nullopt;
  return false;
}

/// The gated cell that solved it first; null where none has.
const CellStanding* firstGated(const CellRaceState& s) {
  const CellStanding* first = nullptr;
  for (const CellStanding& standing : s.standings)
    if (standing.entrant.kind != CellKind::Rnn && isSolved(&standing))
      if (!first || stepsOf(standing) < stepsOf(*first)) first = &standing;
  return first;
}

/// How many times as much of the gradient the bias lets back over the sequence, at the start.
double timesKept(const CellRaceState& s) {
  return std::pow(s.find("lstm")->kept_at_start / s.find("lstm-zero-bias")->kept_at_start,
                  static_cast<double>(s.length));
}

/// The GRU has solved it no later than the LSTM, with three quarters of the recurrent weights.
std::optional<bool> gruIsEnough(const CellRaceState& s) {
  const CellStanding *lstm = s.find("lstm"), *gru = s.find("gru");
  if (!lstm || !gru) return std::nullopt;
  if (isSolved(gru)) return stepsOf(*gru) <= stepsOf(*lstm);
  return isSolved(lstm) ? false : unsolved(s, kGruPatience);
}
std::string gruEnding(const CellRaceState& s, Mood) {
  if (!s.find("lstm") || !s.find("gru")) return ".early";
  if (!isSolved(s.find("gru"))) return ".standing";
  return isSolved(s.find("lstm")) ? "both" : "gru_first";
}

/// A gated cell has solved it; the plain RNN is where remembering nothing would be.
std::optional<bool> rnnForgets(const CellRaceState& s) {
  const CellStanding* rnn = s.find("rnn");
  if (!rnn || !rnn->progress.loss()) return std::nullopt;
  if (!firstGated(s)) return unsolved(s, kRnnPatience);
  return lossOf(*rnn) > 0.8 * s.baseline;
}
std::string rnnEnding(const CellRaceState& s, Mood) {
  if (!s.find("rnn")) return ".early";
  return firstGated(s) ? "" : ".standing";
}

/// At the start more of the gradient gets back with the bias than without, by orders of magnitude.
std::optional<bool> biasKeeps(const CellRaceState& s) {
  if (!s.find("lstm") || !s.find("lstm-zero-bias")) return std::nullopt;
  return timesKept(s) > 1000;
}
std::string biasEnding(const CellRaceState& s, Mood) {
  if (!s.find("lstm") || !s.find("lstm-zero-bias")) return ".early";
  return isSolved(s.find("lstm")) && isSolved(s.find("lstm-zero-bias")) ? "solved" : "";
}

/// An LSTM without peepholes tells the distances apart too; the sentence says who was first.
std::optional<bool> peepholesAreNotNeeded(const CellRaceState& s) {
  if (!s.find("lstm") || !s.find("peephole")) return std::nullopt;
  return isSolved(s.find("lstm")) ? true : unsolved(s, kPeepholePatience);
}
std::string peepholeEnding(const CellRaceState& s, Mood) {
  if (!s.find("lstm") || !s.find("peephole")) return ".early";
  const bool with = isSolved(s.find("peephole")), without = isSolved(s.find("lstm"));
  if (with) return without ? "both" : "alone";
  return without ? "not_needed" : ".standing";
}

const Claims<CellRaceState> kClaims{
    {"gru-is-enough", kGruPatience, gruIsEnough, When::Once, gruEnding},
    {"rnn-forgets", kRnnPatience, rnnForgets, When::Once, rnnEnding},
    {"forget-bias-one", 1, biasKeeps, When::From, biasEnding},
    {"peephole-timing", kPeepholePatience, peepholesAreNotNeeded, When::Once, peepholeEnding},
};

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> specs{kTask, kLength, kText};
  for (const Entrant& entrant : kEntrants) specs.push_back(entrant.on);
  specs.insert(specs.end(), {kHidden, kRaceForgetBias, kLearningRate, kBatchSize, kMaxNorm});
  return specs;
}

std::vector<RecordSpec> records(const Parameters& parameters) {
  const std::string unit = parameters[kTask] == SequenceTask::Adding ? "" : "unit.nats";
  std::vector<RecordSpec> records{{"baseline", unit}};
  for (const Entrant& entrant : entrantsIn(parameters)) {
    records.push_back({entrant.id + "/loss", unit});
    records.push_back({entrant.id + "/accuracy", ""});
  }
  return records;
}

std::optional<Message> validate(const Parameters& parameters) {
  if (entrantsIn(parameters).empty()) return Message{"error.race.no_cell", {}};
  return problemWithTask(parameters);
}

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Only these take part.
Settings only(const std::vector<std::string>& chosen, Settings further) {
  Settings settings;
  for (const Entrant& entrant : kEntrants) {
    const bool on = std::find(chosen.begin(), chosen.end(), entrant.id) != chosen.end();
    settings.emplace_back(entrant.on.name, on ? "true" : "false");
  }
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

std::vector<Preset> presets() {
  return {
      preset("gru-is-enough")
          .with(only({"lstm", "gru", "rnn"}, {}))
          .lasting(800)
          .heavy()
          .showing("loss", {"standings"}),
      preset("rnn-forgets")
          .with(only({"lstm", "gru", "rnn"}, {{"length", "100"}}))
          .lasting(1500)
          .heavy()
          .showing("loss", {"gradient_in_time", "standings"}),
      preset("forget-bias-one")
          .with(only({"lstm", "lstm-zero-bias"}, {}))
          .lasting(1000)
          .quick(20)
          .showing("gradient_at_start", {"gradient_in_time", "loss"}),
      preset("peephole-timing")
          .with(only(
              {"lstm", "peephole"},
              {{"task", "timing"}, {"forget_bias", "5"}, {"lr", "0.02"}, {"batch_size", "16"}}))
          .lasting(1500)
          .heavy()
          .showing("loss", {"standings"}),
  };
}

}  // namespace

std::vector<Entrant> entrantsIn(const Parameters& parameters) {
  std::vector<Entrant> chosen;
  for (const Entrant& entrant : kEntrants)
    if (parameters[entrant.on]) chosen.push_back(entrant);
  return chosen;
}

Word wordFor(const CellStanding& standing) { return {"cell-race.curve." + standing.entrant.id}; }

const CellStanding* CellRaceState::find(std::string_view id) const {
  for (const CellStanding& standing : standings)
    if (standing.entrant.id == id) return &standing;
  return nullptr;
}

VerdictData cellRaceVerdict(const std::string& preset, const CellRaceState& s) {
  const CellStanding& best =
      *std::min_element(s.standings.begin(), s.standings.end(),
                        [](const auto& a, const auto& b) { return lossOf(a) < lossOf(b); });
  const auto solved = std::count_if(s.standings.begin(), s.standings.end(),
                                    [](const auto& standing) { return isSolved(&standing); });
  Arguments numbers{{"cell", wordFor(best)},
                    {"loss", lossOf(best)},
                    {"baseline", s.baseline},
                    {"solved", static_cast<std::int64_t>(solved)},
                    {"running", static_cast<std::int64_t>(s.standings.size())},
                    {"goal", best.progress.goal()},
                    {"length", s.length},
                    {"bias", s.forget_bias}};
  for (const auto& [id, name] : {std::pair{"lstm", "lstm"},
                                 {"gru", "gru"},
                                 {"rnn", "rnn"},
                                 {"peephole", "peephole"},
                                 {"lstm-zero-bias", "zero"}}) {
    const CellStanding* standing = s.find(id);
    if (!standing) continue;
    numbers.emplace_back(name + std::string("_loss"), standing->progress.loss().value_or(0));
    numbers.emplace_back(name + std::string("_parameters"), standing->parameters);
    numbers.emplace_back(name + std::string("_kept"), standing->kept_at_start);
    if (isSolved(standing)) numbers.emplace_back(name + std::string("_steps"), stepsOf(*standing));
  }
  if (s.find("lstm") && s.find("lstm-zero-bias")) numbers.emplace_back("times", timesKept(s));
  if (const CellStanding* first = firstGated(s)) {
    numbers.emplace_back("first", wordFor(*first));
    numbers.emplace_back("steps", stepsOf(*first));
  }
  VerdictData verdict = judged(kId, kClaims, preset, s.step, s, std::move(numbers));
  if (!best.progress.loss() && verdict.sentence.key == kId + ".verdict.standing")
    verdict.sentence.key = kId + ".verdict.early";
  return verdict;
}

const ExperimentSpec& cellRace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = parameters();
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    // Names and numbers of the standings need the width.
    made.views = {
        series("loss", {"*/loss"}).yAxis("axis.sequence_loss").logarithmicY().large(),
        series("gradient_in_time", {})
            .xAxis("axis.probe_step")
            .yAxis("axis.memory_gradient")
            .logarithmicY(),
        series("gradient_at_start", {})
            .xAxis("axis.probe_step")
            .yAxis("axis.memory_gradient")
            .logarithmicY()
            .small(),
        series("accuracy", {"*/accuracy"}).yAxis("axis.accuracy"),
        table("standings").large(),
        verdict("verdict"),
    };
    made.checks = {"library-kernel", "state-gradient", "finite-differences"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 1000;
    made.sources = {"lessons/sequences/cell_race.cpp", "lessons/nn/recurrent_cells.cpp",
                    "lessons/sequences/recurrent_net.cpp", "lessons/data/sequence_tasks.cpp"};
    made.equivalent = kProgram;
    made.make = makeCellRace;
    return made;
  }();
  return spec;
}

}  // namespace viva
