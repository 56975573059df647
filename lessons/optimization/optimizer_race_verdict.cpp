// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/optimizer_race_verdict.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace viva {
namespace {

using Mood = VerdictData::Mood;
using Arguments = std::vector<std::pair<std::string, Argument>>;
using Step = std::optional<std::int64_t>;

/// The sentence `verdict.race.<claim>.<open|holds|fails>`.
VerdictData say(Mood mood, const std::string& claim, Arguments arguments) {
  const char* const ending =
      mood == Mood::Open ? "open" : (mood == Mood::Holds ? "holds" : "fails");
  return {mood, {"verdict.race." + claim + "." + ending, std::move(arguments)}};
}

Argument orNotYet(const Step& step) {
  if (step) return *step;
  return Word{"word.not_yet"};
}

Argument orNone(const std::optional<double>& number) {
  if (number) return *number;
  return Word{"word.none"};
}

/// "At some time, and before the other."
bool isBefore(const Step& step, const Step& other) { return step && (!other || *step < *other); }

const Contestant* find(const RaceState& race, Optimizer optimizer) {
  for (const Contestant& contestant : race.contestants)
    if (contestant.optimizer == optimizer) return &contestant;
  return nullptr;
}

/// The step at which a racer got where this surface is about: out of the trap, near the bottom.
Step arrival(const Surface& surface, const Standing& standing) {
  return surface.hasTrap() ? standing.escapeStep() : standing.thresholdStep();
}

VerdictData judgeZigzag(const RaceState& race) {
  const Standing& sgd = find(race, Optimizer::Sgd)->standing;
  const Standing& momentum = find(race, Optimizer::Momentum)->standing;
  const Arguments numbers{{"sgd_turns", sgd.reversals()},
                          {"momentum_turns", momentum.reversals()},
                          {"sgd_step", orNotYet(sgd.thresholdStep())},
                          {"momentum_step", orNotYet(momentum.thresholdStep())}};
  const bool nobody_arrived = !sgd.thresholdStep() && !momentum.thresholdStep();
  if (nobody_arrived && !momentum.divergedAt()) return say(Mood::Open, "ravine-zigzag", numbers);
  const bool holds = isBefore(momentum.thresholdStep(), sgd.thresholdStep()) &&
                     momentum.reversals() < sgd.reversals();
  return say(holds ? Mood::Holds : Mood::Fails, "ravine-zigzag", numbers);
}

VerdictData judgeEscape(const RaceState& race) {
  constexpr std::int64_t kPatience = 60;  // steps
  const Standing& sgd = find(race, Optimizer::Sgd)->standing;
  const Standing& momentum = find(race, Optimizer::Momentum)->standing;
  std::int64_t stayed = 0, others = 0;
  for (const Contestant& contestant : race.contestants) {
    if (contestant.optimizer == Optimizer::Momentum) continue;
    ++others;
    if (!contestant.standing.hasEscaped()) ++stayed;
  }
  const Arguments numbers{{"step", orNotYet(momentum.escapeStep())},
                          {"value", momentum.value()},
                          {"sgd_value", sgd.value()},
                          {"sgd_step", orNotYet(sgd.escapeStep())},
                          {"stayed", stayed},
                          {"others", others}};
  if (!momentum.hasEscaped() && race.surface.hasTrap() && race.step < kPatience)
    return say(Mood::Open, "escape-local-minimum", numbers);
  const bool holds = momentum.hasEscaped() && !sgd.hasEscaped();
  return say(holds ? Mood::Holds : Mood::Fails, "escape-local-minimum", numbers);
}

constexpr std::int64_t kSettled = 150;  // steps until averages speak of the drift alone

VerdictData judgeStall(const RaceState& race) {
  const Contestant& adagrad = *find(race, Optimizer::Adagrad);
  const Standing& sgd = find(race, Optimizer::Sgd)->standing;
  const Adagrad& rule = std::get<Adagrad>(adagrad.rule);
  const double slope = std::abs(race.surface.gradient(race.start).x);
  const double first_rate = slope > 0 ? rule.learning_rate / slope : rule.learning_rate;
  const double rate = rule.learning_rate / (std::sqrt(rule.sum_of_squares[0]) + rule.epsilon);
  const auto lag = adagrad.standing.averageDistance(), sgd_lag = sgd.averageDistance();
  const Arguments numbers{{"first_rate", first_rate},
                          {"rate", rate},
                          {"lag", orNone(lag)},
                          {"sgd_lag", orNone(sgd_lag)}};
  if (race.step < kSettled) return say(Mood::Open, "adagrad-stalls", numbers);
  const bool holds = lag && sgd_lag && *lag > 3 * *sgd_lag && rate < first_rate / 3;
  return say(holds ? Mood::Holds : Mood::Fails, "adagrad-stalls", numbers);
}

VerdictData judgeTracking(const RaceState& race) {
  const auto lag = find(race, Optimizer::RmsProp)->standing.averageDistance();
  const auto adagrad_lag = find(race, Optimizer::Adagrad)->standing.averageDistance();
  const Arguments numbers{{"lag", orNone(lag)}, {"adagrad_lag", orNone(adagrad_lag)}};
  if (race.step < kSettled) return say(Mood::Open, "rmsprop-tracks", numbers);
  const bool holds = lag && adagrad_lag && *lag * 3 < *adagrad_lag;
  return say(holds ? Mood::Holds : Mood::Fails, "rmsprop-tracks", numbers);
}

VerdictData judgeFastStart(const RaceState& race) {
  const Step adam = arrival(race.surface, find(race, Optimizer::Adam)->standing);
  const Step sgd = arrival(race.surface, find(race, Optimizer::Sgd)->standing);
  const Step momentum = arrival(race.surface, find(race, Optimizer::Momentum)->standing);
  const Arguments numbers{{"adam_step", orNotYet(adam)},
                          {"sgd_step", orNotYet(sgd)},
                          {"momentum_step", orNotYet(momentum)}};
  if (!adam && !sgd && !momentum) return say(Mood::Open, "adam-fast-start", numbers);
  const bool holds = isBefore(adam, sgd) && isBefore(adam, momentum);
  return say(holds ? Mood::Holds : Mood::Fails, "adam-fast-start", numbers);
}

VerdictData judgeCurvature(const RaceState& race) {
  const Standing& belief = find(race, Optimizer::AdaBelief)->standing;
  const Standing& adam = find(race, Optimizer::Adam)->standing;
  const Arguments numbers{{"step", orNotYet(belief.thresholdStep())},
                          {"adam_step", orNotYet(adam.thresholdStep())},
                          {"longest", belief.longestStep()},
                          {"adam_longest", adam.longestStep()}};
  if (!belief.thresholdStep() && !adam.thresholdStep() && !belief.divergedAt())
    return say(Mood::Open, "adabelief-curvature", numbers);
  const bool holds = isBefore(belief.thresholdStep(), adam.thresholdStep()) &&
                     belief.longestStep() > adam.longestStep();
  return say(holds ? Mood::Holds : Mood::Fails, "adabelief-curvature", numbers);
}

VerdictData judgeRate(const RaceState& race) {
  constexpr std::int64_t kPatience = 20;  // steps
  const Contestant& sgd = *find(race, Optimizer::Sgd);
  std::int64_t descended = 0, others = 0;
  for (const Contestant& contestant : race.contestants) {
    if (contestant.optimizer == Optimizer::Sgd) continue;
    ++others;
    if (contestant.standing.value() < contestant.standing.startValue()) ++descended;
  }
  const auto curvature = race.surface.largestCurvature();
  const Arguments numbers{
      {"rate", std::get<Sgd>(sgd.rule).learning_rate},
      {"limit", orNone(curvature ? std::optional(2 / *curvature) : std::nullopt)},
      {"start", sgd.standing.startValue()},
      {"value", sgd.standing.value()},
      {"descended", descended},
      {"others", others}};
  if (race.step < kPatience) return say(Mood::Open, "sgd-rate-sensitivity", numbers);
  const bool sgd_climbs = !(sgd.standing.value() <= sgd.standing.startValue());  // NaN climbs too
  const bool holds = sgd_climbs && descended == others && others > 0;
  return say(holds ? Mood::Holds : Mood::Fails, "sgd-rate-sensitivity", numbers);
}

/// Without a claim: who was there first, who is lowest.
VerdictData judgeStandings(const RaceState& race) {
  const Contestant* lowest = nullptr;
  const Contestant* first = nullptr;
  for (const Contestant& contestant : race.contestants) {
    if (contestant.standing.divergedAt()) continue;
    if (!lowest || contestant.standing.value() < lowest->standing.value()) lowest = &contestant;
    const Step step = arrival(race.surface, contestant.standing);
    if (step && (!first || isBefore(step, arrival(race.surface, first->standing))))
      first = &contestant;
  }
  if (!lowest) return say(Mood::Fails, "standings", {});
  Arguments numbers{{"lowest", std::get<Word>(labelOf(lowest->optimizer))},
                    {"value", lowest->standing.value()}};
  if (!first) return say(Mood::Open, "standings", numbers);
  numbers.push_back({"first", std::get<Word>(labelOf(first->optimizer))});
  numbers.push_back({"step", *arrival(race.surface, first->standing)});
  return say(Mood::Holds, race.surface.hasTrap() ? "standings.trap" : "standings", numbers);
}

struct Claim {
  std::vector<Optimizer> needs;
  VerdictData (*judge)(const RaceState&);
};

const std::map<std::string_view, Claim>& claims() {
  using enum Optimizer;
  static const std::map<std::string_view, Claim> all{
      {"ravine-zigzag", {{Sgd, Momentum}, judgeZigzag}},
      {"escape-local-minimum", {{Sgd, Momentum}, judgeEscape}},
      {"adagrad-stalls", {{Sgd, Adagrad}, judgeStall}},
      {"rmsprop-tracks", {{Adagrad, RmsProp}, judgeTracking}},
      {"adam-fast-start", {{Sgd, Momentum, Adam}, judgeFastStart}},
      {"adabelief-curvature", {{Adam, AdaBelief}, judgeCurvature}},
      {"sgd-rate-sensitivity", {{Sgd}, judgeRate}}};
  return all;
}

}  // namespace

VerdictData judge(std::string_view preset, const RaceState& race) {
  if (race.contestants.empty()) return {Mood::Open, {"verdict.race.nobody", {}}};
  const auto claim = claims().find(preset);
  if (claim == claims().end()) return judgeStandings(race);
  for (const Optimizer optimizer : claim->second.needs)
    if (!find(race, optimizer))
      return {Mood::Open,
              {"verdict.race.needs", {{"optimizer", std::get<Word>(labelOf(optimizer))}}}};
  return claim->second.judge(race);
}

}  // namespace viva
