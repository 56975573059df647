// SPDX-License-Identifier: GPL-3.0-or-later
// What the training is told, and what is remembered of each copy of the net besides its curves.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"
#include "lessons/nn/optimizers.h"

namespace at {
class Tensor;
}

namespace viva {

struct Dataset;
struct Row;
class StackedNet;

enum class TrainingModel { Mlp, Convnet, Embedding };
enum class TrainingData { Moons, Circles, Spirals, Digits, SparseWords, File };

inline const auto kTrainingData =
    choice<TrainingData>("dataset", {{TrainingData::Moons, "moons"},
                                     {TrainingData::Circles, "circles"},
                                     {TrainingData::Spirals, "spirals"},
                                     {TrainingData::Digits, "digits"},
                                     {TrainingData::SparseWords, "sparse-words"},
                                     {TrainingData::File, "file"}})
        .grouped("data");
inline const auto kTrainingFile =
    file("data_file").grouped("data").onlyWhen(kTrainingData, {TrainingData::File});
inline const auto kTrainingStandardize =
    toggle("standardize", true).grouped("data").onlyWhen(kTrainingData, {TrainingData::File});
inline const auto kTrainingSamples =
    integer("samples", 2000)
        .range(200, 20000)
        .logarithmic()
        .grouped("data")
        .onlyWhen(kTrainingData, {TrainingData::Moons, TrainingData::Circles, TrainingData::Spirals,
                                  TrainingData::Digits, TrainingData::SparseWords});
inline const auto kTrainingBatch =
    integer("batch_size", 128).range(1, 1024).logarithmic().grouped("data");
inline const auto kTrainingModel =
    choice<TrainingModel>("model", {{TrainingModel::Mlp, "mlp"},
                                    {TrainingModel::Convnet, "convnet"},
                                    {TrainingModel::Embedding, "embedding"}})
        .grouped("model");
inline const auto kTrainingHidden = integer("hidden", 64)
                                        .range(1, 256)
                                        .logarithmic()
                                        .grouped("model")
                                        .onlyWhen(kTrainingModel, {TrainingModel::Mlp});
inline const auto kTrainingEvaluateEvery =
    integer("evaluate_every", 20).range(1, 1000).logarithmic().grouped("display");
inline const auto kTrainingThreshold =
    real("threshold", 0.95).range(0, 1).stepping(0.005).live().grouped("display");
inline const auto kTrainingShown =
    optimizerChoice("shown", Optimizer::Adam).live().grouped("display");

/// A fifth of the samples is kept for validation.
inline constexpr double kValidationShare = 0.2;

/// One optimizer's run in a few numbers.
class Progress {
 public:
  explicit Progress(Optimizer optimizer) : optimizer_(optimizer) {}

  Optimizer optimizer() const { return optimizer_; }
  void observeLoss(double train_loss);
  void observe(std::int64_t step, double accuracy, double weight_norm);

  /// Of the batches, in nats, averaged over about the last 20; none before the first.
  std::optional<double> trainLoss() const {
    return losses_ > 0 ? std::optional(train_loss_) : std::nullopt;
  }
  /// Of the newest evaluation.
  double accuracy() const { return accuracy_; }
  double weightNorm() const { return weight_norm_; }
  /// The first evaluated step at which the validation accuracy was at least `threshold`.
  std::optional<std::int64_t> stepsTo(double threshold) const;

 private:
  struct Evaluation {
    std::int64_t step;
    double accuracy;
  };
  Optimizer optimizer_;
  double train_loss_ = 0, accuracy_ = 0, weight_norm_ = 0;
  std::int64_t losses_ = 0;
  std::vector<Evaluation> bests_;  ///< those that were better than all before
};

/// A copy's weights in four quarters, from those with the smallest gradients to those with the
/// largest. NaN for none.
struct DecayByGradient {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  Optimizer optimizer;
  /// What weight decay takes off a weight in one update, as a share of the weight: the median.
  std::array<double, 4> shares{kNone, kNone, kNone, kNone};
  /// The norm of the quarter's weights relative to their norm before the first update.
  std::array<double, 4> kept{kNone, kNone, kNone, kNone};
};

/// The training after `step` updates; one entry a copy.
struct TrainingState {
  std::int64_t step;
  double threshold;
  const std::vector<Progress>& progress;
  const std::vector<DecayByGradient>& decays;
};

std::unique_ptr<Experiment> makeOptimizerTraining(const Parameters& parameters,
                                                  const RunContext& context);

/// Judges the claim of `preset`, or says who leads.
VerdictData trainingVerdict(const std::string& preset, const TrainingState& training);

/// How sure a copy of the net is of its answer, over a plane, with the validation samples. For two
/// classes: P(second) - P(first); for more: the largest probability. For inputs that
/// are not points of a plane, the plane is that of their first two principal components, a slice
/// through their space, and the samples are projected onto it.
PlaneData boundaryPlane(const StackedNet& nets, std::int64_t copy, const Dataset& validation);
/// `rows`: what each copy’s optimizer remembers, in the order of `progress`.
TableData trainingStandings(const std::vector<Progress>& progress, const std::vector<Row>& rows,
                            double threshold);
/// `initial`: the weights [parameters] that every copy started from.
std::vector<DecayByGradient> decayByGradient(const std::vector<Optimizer>& optimizers,
                                             const std::vector<UpdateRule>& rules,
                                             const std::vector<Row>& rows,
                                             const at::Tensor& initial);
BarsData decayBars(const std::vector<DecayByGradient>& decays);
BarsData normBars(const std::vector<DecayByGradient>& decays);

/// Every copy's weights as a state dictionary: `adam.0.weight`.
void saveWeights(const StackedNet& nets, const std::vector<Optimizer>& optimizers,
                 WeightSink& sink);

}  // namespace viva
