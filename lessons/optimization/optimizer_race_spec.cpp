// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "lessons/core/claim.h"
#include "lessons/optimization/lessons.h"
#include "lessons/optimization/optimizer_race.h"

namespace viva {
namespace {

using Step = std::optional<std::int64_t>;

const std::string kId = "optimizer-race";
const std::string kProgram = "resources/lessons/optimizers/optimizer_race.py";

std::vector<ParameterSpec> parameters() {
  // Seven recognisable paths down the default ravine.
  auto specs = optimizerParameters({0.07, 0.012, 0.35, 0.02, 0.3, 0.15, 0.08});
  specs.insert(specs.begin(), {kRaceSurface, kRaceStart, kRaceKappa, kRaceNoise, kRaceDrift,
                               decayParameter("weight_decay", 0).grouped("surface")});
  return specs;
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> specs;
  for (const Optimizer optimizer : optimizersIn(p))
    for (const char* quantity : {"/x", "/y", "/f", "/step_size"})
      specs.push_back({nameOf(optimizer) + quantity, ""});
  return specs;
}

/// "At some time, and before the other."
bool isBefore(const Step& step, const Step& other) { return step && (!other || *step < *other); }

/// The step at which a racer got where this surface is about: out of the trap, near the bottom.
Step arrival(const Surface& surface, const Standing& standing) {
  return surface.hasTrap() ? standing.escapeStep() : standing.thresholdStep();
}

/// Whom the claims are about: without them there is nothing to judge.
const std::map<std::string_view, std::vector<Optimizer>> kNeeded{
    {"ravine-zigzag", {Optimizer::Sgd, Optimizer::Momentum}},
    {"escape-local-minimum", {Optimizer::Sgd, Optimizer::Momentum}},
    {"adagrad-stalls", {Optimizer::Sgd, Optimizer::Adagrad}},
    {"rmsprop-tracks", {Optimizer::Adagrad, Optimizer::RmsProp}},
    {"adam-fast-start", {Optimizer::Sgd, Optimizer::Momentum, Optimizer::Adam}},
    {"adabelief-curvature", {Optimizer::Adam, Optimizer::AdaBelief}},
    {"sgd-rate-sensitivity", {Optimizer::Sgd}}};

const Contestant* find(const RaceState& race, Optimizer optimizer) {
  for (const Contestant& contestant : race.contestants)
    if (contestant.optimizer == optimizer) return &contestant;
  return nullptr;
}

/// Of one of those that are needed.
const Standing& of(Optimizer optimizer, const RaceState& race) {
  return find(race, optimizer)->standing;
}

/// What Adagrad multiplies its gradient along x by: at first, and now.
struct EffectiveRate {
  double first, now;
};
EffectiveRate effectiveRate(const Adagrad& rule, const RaceState& race) {
  const double slope = std::abs(race.surface.gradient(race.start).x);
  const double first = slope > 0 ? rule.learning_rate / slope : rule.learning_rate;
  const double sum = rule.sum_of_squares[0];
  // Before it has seen a gradient there would be epsilon alone to divide by.
  return {first, sum > 0 ? rule.learning_rate / (std::sqrt(sum) + rule.epsilon) : first};
}

bool descended(const Contestant& contestant) {
  return contestant.standing.value() < contestant.standing.startValue();
}

std::optional<bool> momentumDampsTheZigzag(const RaceState& race) {
  const Standing &sgd = of(Optimizer::Sgd, race), &momentum = of(Optimizer::Momentum, race);
  const bool nobody_arrived = !sgd.thresholdStep() && !momentum.thresholdStep();
  if (nobody_arrived && !momentum.divergedAt()) return std::nullopt;
  return isBefore(momentum.thresholdStep(), sgd.thresholdStep()) &&
         momentum.reversals() < sgd.reversals();
}

std::optional<bool> momentumEscapes(const RaceState& race) {
  constexpr std::int64_t kPatience = 60;  // of an escape; who escaped is judged at once
  const Standing& momentum = of(Optimizer::Momentum, race);
  if (!momentum.hasEscaped() && race.surface.hasTrap() && race.step < kPatience)
    return std::nullopt;
  return momentum.hasEscaped() && !of(Optimizer::Sgd, race).hasEscaped();
}

bool adagradStalls(const RaceState& race) {
  const Contestant& adagrad = *find(race, Optimizer::Adagrad);
  const EffectiveRate rate = effectiveRate(std::get<Adagrad>(adagrad.rule), race);
  const auto lag = adagrad.standing.averageDistance();
  const auto sgd_lag = of(Optimizer::Sgd, race).averageDistance();
  return lag && sgd_lag && *lag > 3 * *sgd_lag && rate.now < rate.first / 3;
}

bool rmspropTracks(const RaceState& race) {
  const auto lag = of(Optimizer::RmsProp, race).averageDistance();
  const auto adagrad_lag = of(Optimizer::Adagrad, race).averageDistance();
  return lag && adagrad_lag && *lag * 3 < *adagrad_lag;
}

std::optional<bool> adamStartsFast(const RaceState& race) {
  const auto arrivalOf = [&](Optimizer optimizer) {
    return arrival(race.surface, of(optimizer, race));
  };
  const Step adam = arrivalOf(Optimizer::Adam), sgd = arrivalOf(Optimizer::Sgd),
             momentum = arrivalOf(Optimizer::Momentum);
  if (!adam && !sgd && !momentum) return std::nullopt;
  return isBefore(adam, sgd) && isBefore(adam, momentum);
}

std::optional<bool> adabeliefLengthensItsSteps(const RaceState& race) {
  const Standing &belief = of(Optimizer::AdaBelief, race), &adam = of(Optimizer::Adam, race);
  if (!belief.thresholdStep() && !adam.thresholdStep() && !belief.divergedAt()) return std::nullopt;
  return isBefore(belief.thresholdStep(), adam.thresholdStep()) &&
         belief.longestStep() > adam.longestStep();
}

bool onlySgdClimbs(const RaceState& race) {
  const Standing& sgd = of(Optimizer::Sgd, race);
  const bool sgd_climbs = !(sgd.value() <= sgd.startValue());  // NaN climbs too
  return sgd_climbs && race.contestants.size() > 1 &&
         std::all_of(race.contestants.begin(), race.contestants.end(), [](const auto& contestant) {
           return contestant.optimizer == Optimizer::Sgd || descended(contestant);
         });
}

constexpr std::int64_t kSettled = 150;  // steps until averages speak of the drift alone

std::string moodOnly(const RaceState&, VerdictData::Mood mood) { return endingOf(mood); }

const Claims<RaceState> kClaims{
    {"ravine-zigzag", 0, momentumDampsTheZigzag, When::From, moodOnly},
    {"escape-local-minimum", 0, momentumEscapes, When::From, moodOnly},
    {"adagrad-stalls", kSettled, adagradStalls, When::From, moodOnly},
    {"rmsprop-tracks", kSettled, rmspropTracks, When::From, moodOnly},
    {"adam-fast-start", 0, adamStartsFast, When::From, moodOnly},
    {"adabelief-curvature", 0, adabeliefLengthensItsSteps, When::From, moodOnly},
    {"sgd-rate-sensitivity", 20, onlySgdClimbs, When::From, moodOnly},
};

/// Of every racer under its own name (`sgd_turns`), and what they share.
Arguments numbersOf(const RaceState& race) {
  const auto orNotYet = [](const Step& step) -> Argument {
    if (step) return *step;
    return Word{"word.not_yet"};
  };
  const auto orNone = [](const std::optional<double>& number) -> Argument {
    if (number) return *number;
    return Word{"word.none"};
  };
  Arguments numbers;
  std::int64_t others_down = 0, others_inside = 0;
  for (const Contestant& contestant : race.contestants) {
    const auto& [optimizer, rule, standing] = contestant;
    const std::string name = nameOf(optimizer) + "_";
    numbers.insert(
        numbers.end(),
        {{name + "rate", std::visit([](const auto& any) { return any.learning_rate; }, rule)},
         {name + "value", standing.value()},
         {name + "turns", standing.reversals()},
         {name + "longest", standing.longestStep()},
         {name + "lag", orNone(standing.averageDistance())},
         {name + "step", orNotYet(standing.thresholdStep())},
         {name + "escape", orNotYet(standing.escapeStep())},
         {name + "arrival", orNotYet(arrival(race.surface, standing))}});
    if (optimizer != Optimizer::Sgd && descended(contestant)) ++others_down;
    if (optimizer != Optimizer::Momentum && !standing.hasEscaped()) ++others_inside;
    if (const auto* adagrad = std::get_if<Adagrad>(&rule)) {
      const EffectiveRate rate = effectiveRate(*adagrad, race);
      numbers.insert(numbers.end(), {{"first_rate", rate.first}, {"effective_rate", rate.now}});
    }
  }
  const auto curvature = race.surface.largestCurvature();
  numbers.insert(numbers.end(),
                 {{"start", race.surface.value(race.start)},
                  {"limit", orNone(curvature ? std::optional(2 / *curvature) : std::nullopt)},
                  {"others", static_cast<std::int64_t>(race.contestants.size()) - 1},
                  {"descended", others_down},
                  {"stayed", others_inside}});
  return numbers;
}

/// Without a claim: who was there first, who is lowest.
VerdictData standings(const RaceState& race) {
  using Mood = VerdictData::Mood;
  const std::string key = kId + ".verdict.standing.";
  const Contestant* lowest = nullptr;
  const Contestant* first = nullptr;
  for (const Contestant& contestant : race.contestants) {
    if (contestant.standing.divergedAt()) continue;
    if (!lowest || contestant.standing.value() < lowest->standing.value()) lowest = &contestant;
    const Step step = arrival(race.surface, contestant.standing);
    if (step && (!first || isBefore(step, arrival(race.surface, first->standing))))
      first = &contestant;
  }
  if (!lowest) return {Mood::Fails, {key + "fails", {}}};
  Arguments numbers{{"lowest", std::get<Word>(labelOf(lowest->optimizer))},
                    {"value", lowest->standing.value()}};
  if (!first) return {Mood::Open, {key + "open", std::move(numbers)}};
  numbers.push_back({"first", std::get<Word>(labelOf(first->optimizer))});
  numbers.push_back({"step", *arrival(race.surface, first->standing)});
  return {Mood::Holds, {key + (race.surface.hasTrap() ? "trap" : "holds"), std::move(numbers)}};
}

/// With a rate for each of the seven, in the order of kOptimizers.
Preset racing(std::string name, std::int64_t steps,
              std::vector<std::pair<std::string, std::string>> settings,
              const std::vector<std::string>& rates) {
  for (std::size_t i = 0; i < rates.size(); ++i)
    settings.emplace_back(nameOf(kOptimizers[i]) + ".lr", rates[i]);
  std::vector<std::string> strong;
  // That one racer climbs is said of its rivals too: they do not.
  if (const auto claimed = kNeeded.find(name);
      claimed != kNeeded.end() && claimed->second.size() > 1)
    for (const Optimizer optimizer : claimed->second) strong.push_back(nameOf(optimizer));
  return preset(std::move(name)).with(std::move(settings)).lasting(steps).about(std::move(strong));
}

std::vector<Preset> presets() {
  return {
      // SGD close to its limit 2 / kappa, so that it overshoots the ravine's floor at every step.
      racing("ravine-zigzag", 150, {{"surface", "ravine"}, {"start", "-1.8,1.2"}, {"kappa", "100"}},
             {"0.0196", "0.005", "0.25", "0.012", "0.3", "0.12", "0.06"})
          .showing("plane", {"value", "standings"}),
      // From higher up than the ridge, so that a ball without friction would come over it.
      racing("escape-local-minimum", 120, {{"surface", "two-valleys"}, {"start", "1.8,0.8"}},
             {"0.07", "0.02", "0.4", "0.02", "0.1", "0.05", "0.03"})
          .showing("plane", {"value_linear", "standings"}),
      // One rate for all that adapt; the minimum leaves at half a hundredth a step.
      racing("adagrad-stalls", 350,
             {{"surface", "ravine"}, {"start", "-1.8,1.2"}, {"kappa", "10"}, {"drift", "0.005"}},
             {"0.05", "0.01", "0.05", "0.05", "0.05", "0.05", "0.05"})
          .showing("step_size", {"plane", "standings"}),
      racing("rmsprop-tracks", 350,
             {{"surface", "ravine"},
              {"start", "-1.8,1.2"},
              {"kappa", "10"},
              {"drift", "0.005"},
              {"noise", "0.3"}},
             {"0.05", "0.01", "0.05", "0.05", "0.05", "0.05", "0.05"})
          .showing("plane", {"value", "standings"}),
      // A slope of 0.002 away from the saddle. Momentum's rate is SGD's times (1 - beta).
      racing("adam-fast-start", 80, {{"surface", "saddle"}, {"start", "1.5,0.001"}},
             {"0.05", "0.005", "0.1", "0.01", "0.05", "0.04", "0.03"})
          .showing("value_linear", {"plane", "standings"}),
      // Along the floor the gradient is steady: far from zero, close to its own average.
      racing("adabelief-curvature", 150,
             {{"surface", "ravine"}, {"start", "-1.9,0.5"}, {"kappa", "25"}},
             {"0.02", "0.004", "0.01", "0.01", "0.01", "0.01", "0.01"})
          .showing("step_size", {"plane", "value"}),
      // 2.5 % above SGD's limit 2 / kappa, and the same rate for everybody.
      racing("sgd-rate-sensitivity", 50,
             {{"surface", "ravine"}, {"start", "-1.8,1.2"}, {"kappa", "25"}},
             std::vector<std::string>(7, "0.082"))
          .showing("value", {"plane", "standings"}),
  };
}

}  // namespace

VerdictData raceVerdict(const std::string& preset, const RaceState& race) {
  using Mood = VerdictData::Mood;
  if (race.contestants.empty()) return {Mood::Open, {kId + ".verdict.nobody", {}}};
  const auto claimed = kNeeded.find(preset);
  if (claimed != kNeeded.end())
    for (const Optimizer optimizer : claimed->second)
      if (!find(race, optimizer))
        return {Mood::Open,
                {kId + ".verdict.needs", {{"optimizer", std::get<Word>(labelOf(optimizer))}}}};
  // Of rates that adapt, and of who is lowest, there is nothing to say before anybody has moved.
  if (race.step == 0)
    return {Mood::Open, {kId + ".verdict.early", {{"start", race.surface.value(race.start)}}}};
  if (claimed == kNeeded.end()) return standings(race);
  return judged(kId, kClaims, preset, race.step, race, numbersOf(race));
}

const ExperimentSpec& optimizerRace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = parameters();
    made.records = records;
    made.uses_randomness = [](const Parameters& p) { return p[kRaceNoise] > 0; };
    const AxisSpec value{"axis.value", "", true}, step_size{"axis.step_size", "", true};
    made.views = {plane("plane")
                      .xAxis("axis.x")
                      .yAxis("axis.y")
                      .pathOf("*/x", "*/y")
                      .dragging({"start"})
                      .large(),
                  series("value", {"*/f"}, value), series("step_size", {"*/step_size"}, step_size),
                  table("standings"), verdict("verdict"),
                  // Where f goes below zero, a logarithmic axis has no place for it.
                  series("value_linear", {"*/f"}).yAxis("axis.value").small()};
    made.checks = {"gradient"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 300;
    made.sources = {"lessons/optimization/optimizer_race.cpp", "lessons/nn/update_rules.h",
                    "lessons/optimization/surfaces.cpp"};
    made.equivalent = kProgram;
    made.make = makeOptimizerRace;
    return made;
  }();
  return spec;
}

}  // namespace viva
