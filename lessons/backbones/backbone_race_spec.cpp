// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/backbones/backbone_race.h"
#include "lessons/backbones/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/count_text.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "backbone-race";
const std::string kProgram = "resources/lessons/cnn-backbones/backbone_race.py";

bool isRace(const BlockRaceState& s) { return s.nets.size() == kRacingBlocks.size(); }
bool hasEqualParameters(const BlockRaceState& s) {
  return isRace(s) && s.equal == Equal::Parameters;
}
bool hasEqualMacs(const BlockRaceState& s) { return isRace(s) && s.equal == Equal::Macs; }

/// A net that has not learned is no rival. By its loss: with running statistics, which lag behind
/// at this rate, accuracies jump by a quarter from one evaluation to the next.
bool haveLearned(const BlockRaceState& s) {
  return std::ranges::all_of(s.nets, [](const auto& net) { return net.loss < 0.6; });
}
/// The cost of the dense blocks that was not made equal, over the other nets' nearest to it.
double denseOver(const BlockRaceState& s, std::int64_t Totals::*cost, bool over_most) {
  std::vector<std::int64_t> others;
  for (const TrainingFigures& net : s.nets)
    if (net.id != "dense") others.push_back(net.totals.*cost);
  const auto [least, most] = std::ranges::minmax(others);
  return static_cast<double>(s.net("dense")->totals.*cost) /
         static_cast<double>(over_most ? most : least);
}
std::optional<bool> densePaysInMacs(const BlockRaceState& s) {
  return haveLearned(s) && denseOver(s, &Totals::macs, true) > 2;
}
std::optional<bool> denseHasFewParameters(const BlockRaceState& s) {
  return haveLearned(s) && denseOver(s, &Totals::parameters, false) < 0.5;
}

const Claims<BlockRaceState> kClaims{
    {"equal-parameters", 150, densePaysInMacs, When::Until, nullptr, hasEqualParameters},
    {"equal-macs", 150, denseHasFewParameters, When::Until, nullptr, hasEqualMacs},
};

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> specs;
  for (const RacingBlock& racer : kRacingBlocks) specs.push_back(racer.on);
  specs.insert(specs.end(),
               {kEqual, kBudget, kBlocks, kRaceRate, kAugmentation, kImages, kImagesFile,
                kImageLabels, kImageCount, kImageBatch, kRaceEvaluateEvery});
  return specs;
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const RacingBlock& racer : racingBlocksIn(p)) {
    records.push_back({racer.id + "/train_loss", "unit.nats"});
    records.push_back({racer.id + "/train_accuracy", ""});
    records.push_back({racer.id + "/validation_accuracy", ""});
  }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  const auto racers = racingBlocksIn(p);
  if (racers.empty()) return Message{"error.backbone_race.none", {}};
  const ImageTask task = taskOf(p);
  for (const RacingBlock& racer : racers) {
    const Network net = repeatedBlocksFor(racer.kind, task, p[kBlocks], p[kEqual], p[kBudget]);
    const std::int64_t cost = costOf(net, p[kEqual]), macs = net.totals().macs;
    if (macs > kMostRaceMacs)
      return Message{
          "error.backbone_race.too_large",
          {{"block", racer.id}, {"macs", grouped(macs)}, {"most", grouped(kMostRaceMacs)}}};
    if (std::abs(static_cast<double>(cost - p[kBudget])) >
        kBudgetMiss * static_cast<double>(p[kBudget]))
      return Message{"error.backbone_race.budget",
                     {{"block", racer.id},
                      {"nearest", grouped(cost)},
                      {"budget", grouped(p[kBudget])},
                      {"equal", kEqual.nameOf(p[kEqual])}}};
  }
  return problemWithImages(p);
}

std::vector<ViewSpec> views() {
  return {series("train_loss", {"*/train_loss"})
              .yAxis("axis.train_loss", "unit.nats")
              .logarithmicY()
              .large(),
          table("standings"),
          bars("costs").yAxis("axis.cost_of_most", "unit.percent"),
          series("validation", {"*/validation_accuracy"}).yAxis("axis.validation_accuracy"),
          series("train_accuracy", {"*/train_accuracy"}).yAxis("axis.train_accuracy").small(),
          verdict("verdict")};
}

std::vector<Preset> presets() {
  return {preset("equal-parameters")
              .with({{"equal", "parameters"}, {"budget", "8000"}})
              .lasting(150)
              .heavy()
              .showing("train_loss", {"costs", "standings"}),
          preset("equal-macs")
              .with({{"equal", "macs"}, {"budget", "300000"}})
              .lasting(150)
              .heavy()
              .showing("train_loss", {"costs", "standings"})};
}

}  // namespace

std::vector<RacingBlock> racingBlocksIn(const Parameters& p) {
  std::vector<RacingBlock> racers;
  for (const RacingBlock& racer : kRacingBlocks)
    if (p[racer.on]) racers.push_back(racer);
  return racers;
}

std::vector<const TrainingFigures*> BlockRaceState::ranking() const {
  std::vector<const TrainingFigures*> ranking;
  for (const TrainingFigures& net : nets)
    if (net.updates > 0) ranking.push_back(&net);
  // What is not a number is last.
  std::ranges::stable_sort(ranking, {}, [](const TrainingFigures* net) {
    return std::isfinite(net->loss) ? net->loss : std::numeric_limits<double>::infinity();
  });
  return ranking;
}

double BlockRaceState::costRatio() const {
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const TrainingFigures& net : nets) {
    const auto cost =
        static_cast<double>(equal == Equal::Parameters ? net.totals.macs : net.totals.parameters);
    least = std::min(least, cost), most = std::max(most, cost);
  }
  return most / least;
}

VerdictData raceVerdict(const std::string& preset, const BlockRaceState& state) {
  Arguments numbers;
  if (const auto ranking = state.ranking(); !ranking.empty()) {
    const auto add = [&](const char* name, const TrainingFigures& net) {
      numbers.emplace_back(name, Word{kId + ".curve." + net.id});
      numbers.emplace_back(name + std::string("_loss"), readable(net.loss));
    };
    add("first", *ranking.front());
    add("last", *ranking.back());
    numbers.emplace_back("ratio", readable(state.costRatio()));
  }
  return judged(kId, kClaims, preset, state.step, state, std::move(numbers));
}

const ExperimentSpec& backboneRace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = parameters();
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"parameters", "scale"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 150;
    made.sources = {"lessons/backbones/backbone_race.cpp", "lessons/backbones/small_networks.cpp",
                    "lessons/backbones/trained_network.cpp"};
    made.equivalent = kProgram;
    made.make = makeBackboneRace;
    return made;
  }();
  return spec;
}

}  // namespace viva
