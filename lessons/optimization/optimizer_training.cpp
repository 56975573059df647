// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/optimizer_training.h"

#include <torch/utils.h>

#include <algorithm>

#include "lessons/nn/row_updates.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/optimization/classification_task.h"
#include "lessons/optimization/gradient_checks.h"

namespace viva {
namespace {

class OptimizerTraining : public Experiment {
 public:
  OptimizerTraining(const Parameters& parameters, const RunContext& context)
      : OptimizerTraining(parameters, context, makeTask(parameters, context.seed)) {}

  OptimizerTraining(const Parameters& parameters, const RunContext& context, TrainingTask task)
      : preset_(context.preset),
        optimizers_(optimizersIn(parameters)),
        validation_(task.data.validation.to(context.device)),
        training_(task.data.training.to(context.device)),
        batches_(training_, parameters[kTrainingBatch], generatorFor(context.seed, kBatchStream)),
        initial_(initialWeights(task.net.weights, generatorFor(context.seed, kInitialisationStream))
                     .to(context.device)),
        nets_(task.net, static_cast<std::int64_t>(optimizers_.size()), initial_),
        evaluate_every_(parameters[kTrainingEvaluateEvery]),
        reading_(std::move(task.reading)) {
    for (std::size_t copy = 0; copy < optimizers_.size(); ++copy) {
      const Optimizer optimizer = optimizers_[copy];
      rules_.push_back(makeRule(optimizer, parameters, nameOf(optimizer) + "."));
      rows_.push_back(freshRow(nets_.weights()[copy], nets_.gradients()[copy]));
      progress_.emplace_back(optimizer);
    }
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    for (std::size_t copy = 0; copy < optimizers_.size(); ++copy)
      configure(rules_[copy], parameters, nameOf(optimizers_[copy]) + ".");
    threshold_ = parameters[kTrainingThreshold];
    shown_ = parameters[kTrainingShown];
  }

  bool step(Recorder& recorder) override {
    const auto [inputs, labels] = batches_.next();     // one batch for all the copies
    const auto logits = nets_.forward(inputs);         // [copies, classes, batch]
    const auto losses = crossEntropy(logits, labels);  // [copies]
    nets_.gradients(losses);                           // into the rows' g

    const torch::NoGradGuard no_grad;
    step_ += 1;
    const auto before = isEvaluated() ? nets_.weights().clone() : torch::Tensor();
    for (std::size_t copy = 0; copy < rows_.size(); ++copy) update(rules_[copy], rows_[copy]);

    recordLosses(recorder, losses);
    if (isEvaluated()) {
      evaluate(recorder);
      const auto moved = (nets_.weights() - before).norm(2, 1) / before.norm(2, 1);
      record(recorder, &Names::update_ratio, numbersOf(moved));
    }
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    const torch::NoGradGuard no_grad;
    frame.at<PlaneData>("boundary") = boundaryPlane(nets_, shownCopy(), validation_);
    frame.at<TableData>("standings") = trainingStandings(progress_, rows_, threshold_);
    const auto decays = decayByGradient(optimizers_, rules_, rows_, initial_);
    frame.at<BarsData>("decay_by_gradient") = decayBars(decays);
    frame.at<BarsData>("norm_by_gradient") = normBars(decays);
    frame.at<VerdictData>("verdict") =
        trainingVerdict(preset_, {step_, threshold_, progress_, decays});
  }

  std::optional<Message> filesRead() const override { return reading_; }
  void save(WeightSink& sink) const override { saveWeights(nets_, optimizers_, sink); }

  void check(CheckSink& sink) const override { checkGradients(nets_, step_, training_, sink); }

 private:
  struct Names {
    std::string train_loss, validation_accuracy, weight_norm, update_ratio;
  };

  void record(Recorder& recorder, std::string Names::*name,
              const std::vector<double>& values) const {
    for (std::size_t copy = 0; copy < values.size(); ++copy)
      recorder.add(names_[copy].*name, values[copy]);
  }

  void recordLosses(Recorder& recorder, const torch::Tensor& losses) {
    const auto values = numbersOf(losses);
    record(recorder, &Names::train_loss, values);
    for (std::size_t copy = 0; copy < values.size(); ++copy)
      progress_[copy].observeLoss(values[copy]);
  }

  bool isEvaluated() const { return step_ % evaluate_every_ == 0; }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const auto logits = nets_.forward(validation_.inputs);
    const auto accuracies = numbersOf(accuracy(logits, validation_.labels));
    const auto norms = numbersOf(nets_.weights().norm(2, 1));
    record(recorder, &Names::validation_accuracy, accuracies);
    record(recorder, &Names::weight_norm, norms);
    for (std::size_t copy = 0; copy < progress_.size(); ++copy)
      progress_[copy].observe(step_, accuracies[copy], norms[copy]);
  }

  /// The first one, where the chosen optimizer does not run.
  std::int64_t shownCopy() const {
    const auto place = std::find(optimizers_.begin(), optimizers_.end(), shown_);
    return place == optimizers_.end() ? 0 : place - optimizers_.begin();
  }

  std::vector<Names> namesOf() const {
    std::vector<Names> names;
    for (Optimizer optimizer : optimizers_) {
      const std::string& name = nameOf(optimizer);
      names.push_back({name + "/train_loss", name + "/validation_accuracy", name + "/weight_norm",
                       name + "/update_ratio"});
    }
    return names;
  }

  std::string preset_;
  std::vector<Optimizer> optimizers_;
  Dataset validation_, training_;
  Batches batches_;
  torch::Tensor initial_;  ///< [parameters]
  StackedNet nets_;
  std::int64_t evaluate_every_, step_ = 0;
  std::optional<Message> reading_;
  double threshold_ = 0;
  Optimizer shown_ = Optimizer::Adam;
  std::vector<UpdateRule> rules_;
  std::vector<Row> rows_;
  std::vector<Progress> progress_;
  std::vector<Names> names_ = namesOf();
};

}  // namespace

void Progress::observeLoss(double train_loss) {
  losses_ += 1;
  const double weight = 1.0 / static_cast<double>(std::min<std::int64_t>(losses_, 20));
  train_loss_ += weight * (train_loss - train_loss_);
}

void Progress::observe(std::int64_t step, double accuracy, double weight_norm) {
  weight_norm_ = weight_norm;
  accuracy_ = accuracy;
  if (bests_.empty() || accuracy > bests_.back().accuracy) bests_.push_back({step, accuracy});
}

std::optional<std::int64_t> Progress::stepsTo(double threshold) const {
  for (const Evaluation& best : bests_)
    if (best.accuracy >= threshold) return best.step;
  return std::nullopt;
}

std::unique_ptr<Experiment> makeOptimizerTraining(const Parameters& parameters,
                                                  const RunContext& context) {
  return std::make_unique<OptimizerTraining>(parameters, context);
}

}  // namespace viva
