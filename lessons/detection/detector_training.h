// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `detector-training` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/detection/box_measures.h"

namespace viva {

enum class Classification { CrossEntropy, Focal };
/// Which places are to find an object: see DetectorPlaces.
enum class Assignment { Center, Anchors };
enum class DetectorGrid { Coarse, Fine };
/// In what the detector that learns beside differs.
enum class DetectorRival { None, Classification, Prior, BoxLoss, Suppression };

const auto kClassification =
    choice<Classification>("classification", {{Classification::CrossEntropy, "cross-entropy"},
                                              {Classification::Focal, "focal"}})
        .grouped("loss");
const auto kPrior = real("prior", 0.01).range(0.001, 0.5).logarithmic().grouped("loss");
const auto kBoxLoss = choice<BoxLoss>("box_loss",
                                      {{BoxLoss::L1, "l1"},
                                       {BoxLoss::Iou, "iou"},
                                       {BoxLoss::Giou, "giou"},
                                       {BoxLoss::Diou, "diou"},
                                       {BoxLoss::Ciou, "ciou"}},
                                      BoxLoss::Giou)
                          .grouped("loss");
const auto kCompare = choice<DetectorRival>("compare",
                                            {{DetectorRival::None, "none"},
                                             {DetectorRival::Classification, "classification"},
                                             {DetectorRival::Prior, "prior"},
                                             {DetectorRival::BoxLoss, "box-loss"},
                                             {DetectorRival::Suppression, "suppression"}},
                                            DetectorRival::Prior)
                          .grouped("loss");

const auto kAssignment =
    choice<Assignment>("assignment",
                       {{Assignment::Anchors, "anchors"}, {Assignment::Center, "center"}},
                       Assignment::Center)
        .grouped("net");
/// Cells across and down.
const auto kGrid =
    choice<DetectorGrid>("grid", {{DetectorGrid::Coarse, "6"}, {DetectorGrid::Fine, "12"}})
        .grouped("net");

const auto kObjectsAScene = integer("objects", 3).range(1, 6).grouped("scenes");
const auto kTrainingScenes =
    integer("scenes", 1500).range(32, 5000).logarithmic().grouped("scenes");

const auto kDetectorRate =
    real("lr", 3e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
/// Updates until the rate, which falls along half a cosine, is a hundredth.
const auto kDecaySteps = integer("decay_steps", 300).range(1, 5000).live().grouped("training");
const auto kSceneBatch = integer("batch_size", 32).range(1, 32).logarithmic().grouped("training");

const auto kNmsThreshold =
    real("nms_threshold", 0.5).range(0, 1).stepping(0.05).live().grouped("evaluation");
const auto kScoreThreshold =
    real("score_threshold", 0.05).range(0.001, 1).stepping(0.01).live().grouped("evaluation");
/// Of precision and recall, and of what counts as found in the pictures.
const auto kSeenOverlap =
    real("iou", 0.5).range(0.5, 0.95).stepping(0.05).live().grouped("evaluation");
/// Only boxes with at least this score are drawn.
const auto kShownFrom =
    real("shown_from", 0.3).range(0, 1).stepping(0.05).live().grouped("evaluation");
const auto kJudgeEvery = integer("evaluate_every", 25).range(1, 1000).grouped("evaluation");

std::int64_t cellsAcross(DetectorGrid grid);  ///< 6 or 12

/// What one net learns by.
struct DetectorSetting {
  Classification classification = Classification::CrossEntropy;
  double prior = 0.01;
  BoxLoss box_loss = BoxLoss::Giou;
};
/// A net's answers, read in one way.
struct DetectorReading {
  std::string id;  ///< in records; empty where there is nothing to compare with
  std::size_t net = 0;
  bool is_suppressed = true;
};
struct DetectorPlan {
  std::vector<DetectorSetting> nets;  ///< one, or two that see the same batches
  std::vector<DetectorReading> readings;
};
/// The detector as it is set, first; then the one that it is compared with, if any.
DetectorPlan planOf(const Parameters& parameters);

/// Average precision, the mean over the shapes, by 101 recall points.
struct DetectorMarks {
  double map50 = 0, map75 = 0;  ///< at an IoU of 0.50, 0.75
  double map = 0;               ///< the mean over 0.50, 0.55, ..., 0.95
  std::int64_t detections = 0;
};
/// Where the classification loss comes from. An easy negative is an answer of less than 0.1 for
/// what is not there.
struct LossOrigin {
  struct Part {
    double of_loss = 0, of_answers = 0;  ///< shares
  };
  Part easy, hard, positive;
};

struct DetectorStanding {
  DetectorReading reading;
  double loss = 0, classification_loss = 0, box_loss = 0;  ///< of the last batch
  DetectorMarks test;
  double train_map50 = 0;
  LossOrigin origin;  ///< on training scenes
};
/// What the claims look at.
struct DetectorState {
  std::int64_t step = 0;
  std::vector<DetectorStanding> standings;  ///< in the order of the plan's readings

  const DetectorStanding& own() const { return standings.front(); }
  const DetectorStanding* find(std::string_view id) const;
};
/// The prefixes of the records: none for the detector as it is set; besides, where two are
/// compared,
/// `<id>/` of both.
std::vector<std::string> namesOf(const DetectorState& state);
/// Which standing the records with this prefix are about.
const DetectorStanding& standingOf(const DetectorState& state, const std::string& prefix);
VerdictData detectorVerdict(const std::string& preset, const DetectorState& state);

std::unique_ptr<Experiment> makeDetectorTraining(const Parameters& parameters,
                                                 const RunContext& context);

}  // namespace viva
