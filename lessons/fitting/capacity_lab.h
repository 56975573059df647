// SPDX-License-Identifier: GPL-3.0-or-later
// What the capacity lab is told, where its models stand, and how they are shown.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"
#include "lessons/fitting/polynomial_features.h"

namespace viva {

class LabModel;

enum class LabDataset { Moons, Circles, Spirals, DrawnClasses, File, Sine, DrawnCurve };
enum class LabSolver { Descent, Exact };

inline constexpr std::int64_t kMostLabSamples = 500;  ///< of training

/// Of a curve, one period of a sine; of classes, three stretches side by side, the middle one of
/// class 1.
Points labPointsAtFirst(bool is_curve);

inline const auto kLabDataset =
    choice<LabDataset>("dataset", {{LabDataset::Moons, "moons"},
                                   {LabDataset::Circles, "circles"},
                                   {LabDataset::Spirals, "spirals"},
                                   {LabDataset::DrawnClasses, "drawn-classes"},
                                   {LabDataset::File, "file"},
                                   {LabDataset::Sine, "sine"},
                                   {LabDataset::DrawnCurve, "drawn-curve"}})
        .grouped("data");
inline const auto kLabClassPoints = points("class_points", labPointsAtFirst(false))
                                        .range(-2, 2)
                                        .live()
                                        .draggedOn("fit")
                                        .grouped("data")
                                        .onlyWhen(kLabDataset, {LabDataset::DrawnClasses});
inline const auto kLabCurvePoints = points("curve_points", labPointsAtFirst(true))
                                        .range(-2, 2)
                                        .live()
                                        .draggedOn("fit")
                                        .grouped("data")
                                        .onlyWhen(kLabDataset, {LabDataset::DrawnCurve});
inline const auto kLabFile =
    file("data_file").grouped("data").onlyWhen(kLabDataset, {LabDataset::File});
inline const auto kLabTrainSize =
    integer("train_size", 16)
        .range(2, kMostLabSamples)
        .logarithmic()
        .grouped("data")
        .onlyWhen(kLabDataset, {LabDataset::Moons, LabDataset::Circles, LabDataset::Spirals,
                                LabDataset::Sine, LabDataset::File});
inline const auto kLabNoise = real("noise", 0.25)
                                  .range(0, 1)
                                  .stepping(0.01)
                                  .grouped("data")
                                  .onlyWhen(kLabDataset, {LabDataset::Moons, LabDataset::Circles,
                                                          LabDataset::Spirals, LabDataset::Sine});
inline const auto kLabLabelNoise =
    real("label_noise", 0)
        .range(0, 0.5)
        .stepping(0.01)
        .grouped("data")
        .onlyWhen(kLabDataset, {LabDataset::Moons, LabDataset::Circles, LabDataset::Spirals});
inline const auto kLabTestShift =
    real("test_shift", 0)
        .range(-2, 2)
        .stepping(0.01)
        .grouped("data")
        .onlyWhen(kLabDataset,
                  {LabDataset::Moons, LabDataset::Circles, LabDataset::Spirals, LabDataset::Sine});

inline const auto kLabFeatures =
    choice<LabFeatures>("features", {{LabFeatures::Raw, "raw"},
                                     {LabFeatures::Polynomial, "polynomial"},
                                     {LabFeatures::Poor, "poor"}})
        .grouped("model");
inline const auto kLabDegree = integer("degree", 9)
                                   .range(1, 15)
                                   .grouped("model")
                                   .onlyWhen(kLabFeatures, {LabFeatures::Polynomial});
inline const auto kLabDepth = integer("depth", 2).range(0, 4).grouped("model");
inline const auto kLabWidth = integer("width", 64)
                                  .range(1, 128)
                                  .logarithmic()
                                  .grouped("model")
                                  .onlyWhen("depth", {"1", "2", "3", "4"});

inline const auto kLabSolver =
    choice<LabSolver>("solver", {{LabSolver::Descent, "descent"}, {LabSolver::Exact, "exact"}})
        .grouped("training");
inline const auto kLabRate = real("lr", 0.05)
                                 .range(1e-5, 1)
                                 .logarithmic()
                                 .live()
                                 .grouped("training")
                                 .onlyWhen(kLabSolver, {LabSolver::Descent});
inline const auto kLabEpochs = integer("epochs", 100000)
                                   .range(1, 100000)
                                   .logarithmic()
                                   .grouped("training")
                                   .onlyWhen(kLabSolver, {LabSolver::Descent});

inline const auto kLabL1 = real("l1", 0)
                               .range(0, 0.5)
                               .stepping(0.0005)
                               .live()
                               .grouped("remedies")
                               .onlyWhen(kLabSolver, {LabSolver::Descent});
inline const auto kLabL2 = real("l2", 0).range(0, 10).stepping(0.0005).live().grouped("remedies");
inline const auto kLabDropout = real("dropout", 0)
                                    .range(0, 0.9)
                                    .stepping(0.01)
                                    .live()
                                    .grouped("remedies")
                                    .onlyWhen("depth", {"1", "2", "3", "4"});
inline const auto kLabAugmentation = real("augmentation", 0)
                                         .range(0, 1)
                                         .stepping(0.01)
                                         .live()
                                         .grouped("remedies")
                                         .onlyWhen(kLabSolver, {LabSolver::Descent});
inline const auto kLabEarlyStopping =
    toggle("early_stopping", false).grouped("remedies").onlyWhen(kLabSolver, {LabSolver::Descent});
inline const auto kLabPatience = integer("patience", 200)
                                     .range(10, 10000)
                                     .logarithmic()
                                     .grouped("remedies")
                                     .onlyWhen(kLabEarlyStopping);

bool isLabCurve(const Parameters& parameters);
/// Neither drawn by hand nor read from a file: there is a test set too.
bool isLabGenerated(const Parameters& parameters);

/// The parameter in which the other model differs, or none: `compare` names it, and `other.<name>`
/// is its value.
std::optional<std::string> labContrast(const Parameters& parameters);
/// What the other model is told.
Parameters otherLabParameters(const Parameters& parameters);

/// Where a model stands. Losses are means over the samples, without penalties, dropout and
/// augmentation: squared errors of a curve, cross-entropy in nats of classes.
struct LabNumbers {
  double train = 0, validation = 0;
  std::optional<double> test;
  double train_accuracy = 0, validation_accuracy = 0;                ///< of classes
  double weight_norm = 0;                                            ///< L2, without biases
  std::int64_t weights = 0, zero_weights = 0;                        ///< without biases
  double best_validation = std::numeric_limits<double>::infinity();  ///< the smallest so far
  std::int64_t best_epoch = 0;
  std::optional<std::int64_t> stopped_at;  ///< the epoch at which early stopping ended it

  /// Of its samples: see LabData.
  std::optional<double> noise_floor;
  double baseline = 0;

  /// What the last update was told, penalties left out, dropout and augmentation not.
  std::optional<double> update;

  double gap() const { return validation - train; }
};

/// What the numbers say is wrong with a model, if anything.
enum class LabDiagnosis { Good, Overfit, Underfit, Shift };
LabDiagnosis diagnose(const LabNumbers& numbers);
const char* nameOf(LabDiagnosis diagnosis);  ///< `overfit`, as words spell it

/// The model, and the one beside it if there is one.
struct LabFits {
  const LabNumbers& mine;
  const LabNumbers* other = nullptr;
};

std::unique_ptr<Experiment> makeCapacityLab(const Parameters& parameters,
                                            const RunContext& context);

/// On models with enough samples.
VerdictData labVerdict(const std::string& preset, std::int64_t step, const LabFits& fits);

/// The samples, and what the model says in between; with `other`, its curve too.
PlaneData labFit(const LabModel& model, const LabModel* other);
TableData labTable(const LabModel& model, const LabModel* other);
HistogramData labWeights(const LabModel& model, const LabModel* other);

}  // namespace viva
