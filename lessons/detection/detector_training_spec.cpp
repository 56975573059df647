// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/detection/detector_training.h"
#include "lessons/detection/lessons.h"

namespace viva {
namespace {

const std::string kId = "detector-training";
const std::string kProgram = "resources/lessons/object-detection/detector_training.py";
/// What a bias of 0 expects, where no prior is set.
constexpr double kEvenPrior = 0.5;
/// Two mAPs on 200 scenes that are nearer than this are level: GIoU was ahead of L1 by 0.01 to 0.09
/// on five seeds.
constexpr double kLevel = 0.02;

const std::vector<std::string> kLosses{"loss", "classification_loss", "box_loss"},
    kMarks{"map50", "map75", "map", "train_map50", "easy_share"};

/// Of the two that are compared, by their ids.
std::optional<bool> comparing(
    const DetectorState& s, std::string_view a, std::string_view b,
    const std::function<bool(const DetectorStanding&, const DetectorStanding&)>& holds) {
  const DetectorStanding *first = s.find(a), *second = s.find(b);
  if (!first || !second) return std::nullopt;
  return holds(*first, *second);
}

std::function<bool(const DetectorState&)> has(std::string_view a, std::string_view b) {
  return [a, b](const DetectorState& s) { return s.find(a) && s.find(b); };
}

std::optional<bool> finds(const DetectorState& s) {
  return s.own().test.map50 >= 0.85 && s.own().train_map50 >= 0.85;
}

std::optional<bool> weighsEasyOnesLess(const DetectorState& s) {
  return comparing(s, "cross-entropy", "focal", [](const auto& plain, const auto& focal) {
    return plain.origin.easy.of_answers >= 0.9 &&
           focal.origin.easy.of_loss < 0.25 * plain.origin.easy.of_loss;
  });
}

std::optional<bool> beginsCalm(const DetectorState& s) {
  return comparing(s, "prior", "even", [](const auto& with, const auto& without) {
    return with.test.map50 >= without.test.map50 + 0.05 &&
           with.train_map50 >= without.train_map50 + 0.05;
  });
}

std::optional<bool> placesAsWell(const DetectorState& s) {
  return comparing(s, "giou", "l1", [](const auto& giou, const auto& l1) {
    return giou.test.map75 >= l1.test.map75 - kLevel;
  });
}

std::optional<bool> countsTwice(const DetectorState& s) {
  return comparing(s, "suppressed", "raw", [](const auto& kept, const auto& raw) {
    return kept.test.map50 >= 0.3 && raw.test.map50 < 0.5 * kept.test.map50 &&
           raw.test.detections >= 3 * kept.test.detections;
  });
}

const Claims<DetectorState> kClaims{
    {"learns-to-detect", 300, finds, When::Until},
    {"focal-loss", 200, weighsEasyOnesLess, When::From, nullptr, has("cross-entropy", "focal")},
    {"prior-of-the-bias", 100, beginsCalm, When::From, nullptr, has("prior", "even")},
    {"giou-places-better", 300, placesAsWell, When::From, nullptr, has("giou", "l1")},
    {"without-nms", 300, countsTwice, When::From, nullptr, has("suppressed", "raw")},
};

std::vector<RecordSpec> records(const Parameters& p) {
  const DetectorPlan plan = planOf(p);
  std::vector<RecordSpec> records;
  const auto add = [&](const std::string& prefix, const std::vector<std::string>& names) {
    for (const std::string& name : names) records.push_back({prefix + name, ""});
  };
  add("", kLosses);
  add("", kMarks);
  if (plan.readings.size() > 1)
    for (const DetectorReading& reading : plan.readings) {
      if (plan.nets.size() > 1) add(reading.id + "/", kLosses);
      add(reading.id + "/", kMarks);
    }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kCompare] == DetectorRival::Prior && p[kPrior] >= kEvenPrior)
    return Message{"error.detector.even_prior", {}};
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      images("examples").large(),
      series("learning", {"map50", "map75", "map", "train_map50"}).yAxis("axis.mean_precision"),
      series("map50_race", {"*/map50"}).yAxis("axis.mean_precision"),
      series("map75_race", {"*/map75"}).yAxis("axis.mean_precision"),
      series("loss_race", {"*/classification_loss"}).yAxis("axis.class_loss").logarithmicY(),
      series("precision_recall", {})
          .xAxis("axis.detection_recall")
          .yAxis("axis.detection_precision"),
      bars("where_the_loss_is").yAxis("axis.loss_shares"),
      series("easy_race", {"*/easy_share"}).yAxis("axis.easy_negatives").small(),
      series("losses", {"loss", "classification_loss", "box_loss"})
          .yAxis("axis.detector_loss")
          .logarithmicY()
          .small(),
      table("matches"),
      table("standings"),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("learns-to-detect")
          .with({{"compare", "none"}})
          .lasting(300)
          .quick(200)
          .showing("examples", {"learning", "precision_recall"}),
      preset("focal-loss")
          .with({{"compare", "classification"}, {"grid", "12"}, {"decay_steps", "200"}})
          .lasting(200)
          .heavy()
          .showing("where_the_loss_is", {"map50_race", "easy_race"}),
      preset("prior-of-the-bias")
          .with({{"compare", "prior"}, {"decay_steps", "200"}})
          .lasting(200)
          .quick(100)
          .showing("loss_race", {"map50_race", "where_the_loss_is"}),
      preset("giou-places-better")
          .with({{"compare", "box-loss"}, {"iou", "0.75"}})
          .lasting(300)
          .heavy()
          .showing("map75_race", {"map50_race", "standings"}),
      preset("without-nms")
          .with({{"compare", "suppression"}, {"assignment", "anchors"}})
          .lasting(300)
          .heavy()
          .showing("examples", {"precision_recall", "standings"}),
  };
}

}  // namespace

std::int64_t cellsAcross(DetectorGrid grid) { return grid == DetectorGrid::Coarse ? 6 : 12; }

DetectorPlan planOf(const Parameters& p) {
  const DetectorSetting own{p[kClassification], p[kPrior], p[kBoxLoss]};
  DetectorSetting rival = own;
  switch (p[kCompare]) {
    case DetectorRival::None:
      return {{own}, {{"", 0, true}}};
    case DetectorRival::Suppression:
      return {{own}, {{"suppressed", 0, true}, {"raw", 0, false}}};
    case DetectorRival::Classification:
      rival.classification = own.classification == Classification::Focal
                                 ? Classification::CrossEntropy
                                 : Classification::Focal;
      return {{own, rival},
              {{kClassification.nameOf(own.classification), 0, true},
               {kClassification.nameOf(rival.classification), 1, true}}};
    case DetectorRival::Prior:
      rival.prior = kEvenPrior;
      return {{own, rival}, {{"prior", 0, true}, {"even", 1, true}}};
    case DetectorRival::BoxLoss:
      rival.box_loss = own.box_loss == BoxLoss::L1 ? BoxLoss::Giou : BoxLoss::L1;
      break;
  }
  return {{own, rival},
          {{kBoxLoss.nameOf(own.box_loss), 0, true}, {kBoxLoss.nameOf(rival.box_loss), 1, true}}};
}

const DetectorStanding* DetectorState::find(std::string_view id) const {
  const auto found =
      std::ranges::find_if(standings, [&](const auto& some) { return some.reading.id == id; });
  return found == standings.end() ? nullptr : &*found;
}

std::vector<std::string> namesOf(const DetectorState& state) {
  std::vector<std::string> names{""};
  if (state.standings.size() > 1)
    for (const DetectorStanding& standing : state.standings)
      names.push_back(standing.reading.id + "/");
  return names;
}

const DetectorStanding& standingOf(const DetectorState& state, const std::string& prefix) {
  return prefix.empty() ? state.own() : *state.find(prefix.substr(0, prefix.size() - 1));
}

VerdictData detectorVerdict(const std::string& preset, const DetectorState& s) {
  const DetectorStanding &own = s.own(), &other = s.standings.back();
  Arguments numbers;
  for (const auto& [whose, standing] :
       {std::pair<std::string, const DetectorStanding*>{"", &own}, {"other_", &other}}) {
    numbers.emplace_back(whose + "map50", withDecimals(standing->test.map50, 2));
    numbers.emplace_back(whose + "map75", withDecimals(standing->test.map75, 2));
    numbers.emplace_back(whose + "train", withDecimals(standing->train_map50, 2));
    numbers.emplace_back(whose + "easy", percent(standing->origin.easy.of_loss));
    numbers.emplace_back(whose + "detections", standing->test.detections);
  }
  numbers.emplace_back("easy_answers", percent(own.origin.easy.of_answers));
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& detectorTraining() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kClassification, kPrior,       kBoxLoss,       kCompare,
                       kAssignment,     kGrid,        kObjectsAScene, kTrainingScenes,
                       kDetectorRate,   kDecaySteps,  kSceneBatch,    kNmsThreshold,
                       kScoreThreshold, kSeenOverlap, kShownFrom,     kJudgeEvery};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"box-slopes"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 300;
    made.sources = {
        "lessons/detection/detector_training.cpp", "lessons/detection/detector_losses.cpp",
        "lessons/detection/detector_places.cpp", "lessons/detection/detector_evaluation.cpp"};
    made.equivalent = kProgram;
    made.make = makeDetectorTraining;
    return made;
  }();
  return spec;
}

}  // namespace viva
