// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fitting/capacity_lab.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lessons/fitting/fitted_model.h"

namespace viva {
namespace {

constexpr std::int64_t kEvaluateEvery = 10;

LabModel modelFor(const Parameters& parameters, const RunContext& context) {
  return {parameters, labData(parameters, context), context};
}

void recordLab(Recorder& recorder, const LabModel& model, const std::string& prefix) {
  const LabNumbers& numbers = model.numbers();
  if (!model.data().isEnough()) return;
  recorder.add(prefix + "train_loss", numbers.train);
  recorder.add(prefix + "validation_loss", numbers.validation);
  recorder.add(prefix + "gap", numbers.gap());
  if (numbers.test) recorder.add(prefix + "test_loss", *numbers.test);
  if (!model.data().is_curve) {
    recorder.add(prefix + "train_accuracy", numbers.train_accuracy);
    recorder.add(prefix + "validation_accuracy", numbers.validation_accuracy);
  }
  recorder.add(prefix + "weight_norm", numbers.weight_norm);
}

class CapacityLab : public Experiment {
 public:
  CapacityLab(const Parameters& parameters, const RunContext& context)
      : context_(context), parameters_(parameters), model_(modelFor(parameters, context)) {
    if (labContrast(parameters)) other_.emplace(modelFor(otherLabParameters(parameters), context));
  }

  void apply(const Parameters& parameters) override {
    const bool points_moved = parameters[kLabClassPoints] != parameters_[kLabClassPoints] ||
                              parameters[kLabCurvePoints] != parameters_[kLabCurvePoints];
    parameters_ = parameters;
    model_.apply(parameters);
    if (other_) other_->apply(otherLabParameters(parameters));
    if (points_moved) takePoints();
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    update(model_, "", recorder);
    if (other_) update(*other_, "other/", recorder);
    step_ += 1;
    const bool is_exact = parameters_[kLabSolver] == LabSolver::Exact;
    if (is_exact || step_ == 1 || step_ % kEvaluateEvery == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    const LabModel* other = other_ ? &*other_ : nullptr;
    frame.at<PlaneData>("fit") = labFit(model_, other);
    frame.at<PlaneData>("other_fit") = labFit(other ? *other : model_, nullptr);
    frame.at<TableData>("numbers") = labTable(model_, other);
    frame.at<HistogramData>("weights") = labWeights(model_, other);
    frame.at<VerdictData>("verdict") = verdict();
  }

  std::optional<Message> filesRead() const override { return model_.data().reading; }

  void save(WeightSink& sink) const override {
    model_.save(sink, "this.");
    if (other_) other_->save(sink, "other.");
  }

  void check(CheckSink& sink) const override {
    double slope = model_.gradientDifference(), restored = model_.restoredDifference();
    if (other_) {
      slope = std::max(slope, other_->gradientDifference());
      restored = std::max(restored, other_->restoredDifference());
    }
    sink.compare("gradient", slope, 1e-4);
    sink.compare("restored", restored, 1e-12);
  }

 private:
  VerdictData verdict() const {
    if (!model_.data().isEnough())
      return {VerdictData::Mood::Open, {"capacity-lab.verdict.few_points", {}}};
    return labVerdict(context_.preset, step_,
                      {model_.numbers(), other_ ? &other_->numbers() : nullptr});
  }

  static void update(LabModel& model, const std::string& prefix, Recorder& recorder) {
    model.update();
    if (const auto loss = model.numbers().update) recorder.add(prefix + "update_loss", *loss);
  }

  void evaluate(Recorder& recorder) {
    model_.evaluate();
    recordLab(recorder, model_, "");
    if (!other_) return;
    other_->evaluate();
    recordLab(recorder, *other_, "other/");
  }

  /// Other classes need other models.
  void takePoints() {
    LabData data = labData(parameters_, context_);
    if (data.labels != model_.data().labels) {
      if (other_) other_.emplace(otherLabParameters(parameters_), data, context_);
      model_ = {parameters_, std::move(data), context_};
    } else {
      if (other_) other_->replaceData(data);
      model_.replaceData(std::move(data));
    }
  }

  RunContext context_;
  Parameters parameters_;
  LabModel model_;
  std::optional<LabModel> other_;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeCapacityLab(const Parameters& parameters,
                                            const RunContext& context) {
  return std::make_unique<CapacityLab>(parameters, context);
}

}  // namespace viva
