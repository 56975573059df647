// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <numbers>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/uncertainty/lessons.h"
#include "lessons/uncertainty/ood_maps.h"
#include "lessons/uncertainty/ood_metrics.h"

namespace viva {
namespace {

const std::string kId = "ood-maps";
const std::string kProgram = "resources/lessons/ood-detection/ood_scores.py";

Points onCircles(const std::vector<std::pair<double, double>>& radii_and_angles) {
  const auto rounded = [](double value) { return std::round(100 * value) / 100; };
  Points points;
  for (const auto& [radius, angle] : radii_and_angles)
    points.points.push_back(
        {rounded(radius * std::cos(angle)), rounded(radius * std::sin(angle)), 0});
  return points;
}

/// In the gaps between three clusters, which lie at 90, 210 and 330 degrees and a distance of 1.
Points gapPoints() {
  std::vector<std::pair<double, double>> places;
  for (int gap = 0; gap < 3; ++gap)
    for (const double turn : {-14.0, 0.0, 14.0})
      for (const double radius : {0.35, 0.6, 0.85})
        places.emplace_back(radius, (30 + 120 * gap + turn) * std::numbers::pi / 180);
  return onCircles(places);
}

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> parameters = detectingParameters(0.02);
  parameters.insert(parameters.end(),
                    {kOodPoints, kOodDataset, kOodFile, kOodHidden, kOodDropout, kOodRate});
  return parameters;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kOodDataset] == OodData::File && p[kOodFile].path.empty())
    return Message{"error.csv.no_file", {}};
  return std::nullopt;
}

std::vector<RecordSpec> records(const Parameters& parameters) {
  std::vector<RecordSpec> records = scoreRecords(parameters);
  for (const char* name : {"far_confidence", "far_ensemble", "pass_difference"})
    records.push_back({name, ""});
  return records;
}

/// What the claims look at: there are points from elsewhere, and all scores of them.
struct JudgedMap {
  const Parameters& parameters;
  const MapsState& state;

  const ScoredSamples& mine() const { return chosen(parameters, state.scores); }
  double soft() const { return scored(state.scores, OodScore::MaxSoftmax).auroc(); }
};

bool isSureFarAway(const JudgedMap& map) {
  return map.state.far_confidence > 0.95 && map.soft() < 0.5;
}
bool keepsTheScale(const JudgedMap& map) { return map.state.energy_spread > 2; }
bool needsItsOwnThreshold(const JudgedMap& map) {
  const double fixed = map.parameters[kOodThreshold];
  return acceptedShare(map.mine().in, fixed) == 0 && acceptedShare(map.mine().out, fixed) == 0 &&
         map.mine().auroc() > 0.7;
}
bool isBetterThanSoftmax(const JudgedMap& map) { return map.mine().auroc() > map.soft(); }
bool isNearlyPerfect(const JudgedMap& map) {
  return map.mine().auroc() > 0.95 && isBetterThanSoftmax(map);
}
/// The fixed threshold does not keep what it promises, one of the held-out samples does.
bool missesTheRate(const JudgedMap& map) {
  const double rate = map.parameters[kTargetRate];
  const double target = thresholdAccepting(map.mine().in, rate);
  const double rejected = 1 - acceptedShare(map.mine().in, map.parameters[kOodThreshold]);
  return std::abs(rejected - (1 - rate)) > 0.005 &&
         std::abs(acceptedShare(map.mine().in, target) - rate) < 0.02;
}
/// Directions of features tell more than the softmax; their length, which is left out, tells most.
bool liesBetween(const JudgedMap& map) {
  return map.mine().auroc() > map.soft() + 0.3 &&
         map.mine().auroc() < scored(map.state.scores, OodScore::Mahalanobis).auroc();
}
bool changesBetweenPasses(const JudgedMap& map) { return map.state.pass_difference > 0.005; }

const Claims<JudgedMap> kClaims{
    {"softmax-far-away", 400, isSureFarAway},
    {"energy-keeps-the-scale", 400, keepsTheScale},
    {"odin", 400, needsItsOwnThreshold},
    {"mahalanobis", 400, isNearlyPerfect},
    {"ensemble", 400, isBetterThanSoftmax},
    {"mc-dropout", 400, isBetterThanSoftmax},
    {"nearest-neighbours", 400, liesBetween},
    {"fixed-threshold", 400, missesTheRate},
    {"evaluation-mode-forgotten", 400, changesBetweenPasses},
};

std::vector<ViewSpec> views() {
  return {
      plane("map")
          .xAxis("axis.plane_x")
          .yAxis("axis.plane_y")
          .dragging({"ood_points"})
          .equalScale()
          .large(),
      histogram("scores").xAxis("axis.ood_score").yAxis("axis.sample_count"),
      plane("roc").xAxis("axis.false_rate").yAxis("axis.true_rate"),
      table("metrics"),
      series("ray", {}).xAxis("axis.ray_distance").yAxis("axis.confidence").small(),
      table("alarms").small(),
      series("auroc", {"*/auroc"}).yAxis("axis.auroc").small(),
      series("training", {"train_loss"}).yAxis("axis.batch_loss").logarithmicY().small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  const std::string gaps = formatValue(gapPoints());
  return {
      preset("softmax-far-away").lasting(600).showing("ray", {"map", "metrics"}),
      preset("energy-keeps-the-scale")
          .with({{"score", "energy"}})
          .lasting(600)
          .showing("map", {"scores", "metrics"}),
      preset("odin")
          .with({{"score", "odin"}, {"ood_points", gaps}})
          .lasting(600)
          .showing("scores", {"map", "alarms"}),
      preset("mahalanobis")
          .with({{"score", "mahalanobis"}})
          .lasting(600)
          .showing("map", {"scores", "metrics"}),
      preset("ensemble")
          .with({{"score", "ensemble"}, {"dataset", "moons"}})
          .lasting(600)
          .showing("map", {"ray", "metrics"}),
      preset("mc-dropout")
          .with({{"score", "mc-dropout"}, {"dataset", "moons"}, {"dropout", "0.5"}})
          .lasting(600)
          .showing("map", {"roc", "metrics"}),
      preset("nearest-neighbours")
          .with({{"score", "knn"}, {"dataset", "moons"}})
          .lasting(600)
          .showing("map", {"metrics", "scores"}),
      preset("fixed-threshold")
          .with({{"ood_points", gaps}})
          .lasting(600)
          .showing("scores", {"alarms", "roc"}),
      preset("evaluation-mode-forgotten")
          .with({{"evaluation_mode", "false"}, {"dropout", "0.5"}})
          .lasting(600)
          .showing("map", {"scores", "metrics"}),
  };
}

}  // namespace

Points farPoints() {
  std::vector<std::pair<double, double>> places;
  for (int i = 0; i < 24; ++i)
    places.emplace_back(i % 2 == 0 ? 3 : 3.6, 2 * std::numbers::pi * i / 24);
  return onCircles(places);
}

VerdictData mapsVerdict(const std::string& preset, std::int64_t step, const Parameters& parameters,
                        const MapsState& state) {
  using Mood = VerdictData::Mood;
  if (step < 20 || state.scores[0].in.empty()) return {Mood::Open, {kId + ".verdict.early", {}}};
  if (!chosen(parameters, state.scores).complete())
    return {Mood::Open, {kId + ".verdict.no_points", {}}};
  Arguments numbers = scoreNumbers(parameters, state.scores);
  const double mahalanobis = scored(state.scores, OodScore::Mahalanobis).auroc();
  numbers.insert(numbers.end(), {{"accuracy", percent(state.accuracy)},
                                 {"far", percent(state.far_confidence)},
                                 {"far_ensemble", percent(state.far_ensemble)},
                                 {"distance", readable(mahalanobis)},
                                 {"spread", readable(state.energy_spread)},
                                 {"difference", readable(state.pass_difference)}});
  return judged(kId, kClaims, preset, step, JudgedMap{parameters, state}, std::move(numbers));
}

const ExperimentSpec& oodMaps() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.version = 2;  // parts of files are drawn by class
    made.version_of = [](const Parameters& p) { return p[kOodDataset] == OodData::File ? 2 : 1; };
    made.parameters = parameters();
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"area"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 600;
    made.sources = {"lessons/uncertainty/ood_maps.cpp", "lessons/uncertainty/ood_classifier.cpp",
                    "lessons/uncertainty/ood_scores.cpp", "lessons/uncertainty/ood_metrics.cpp"};
    made.equivalent = kProgram;
    made.make = makeOodMaps;
    return made;
  }();
  return spec;
}

}  // namespace viva
