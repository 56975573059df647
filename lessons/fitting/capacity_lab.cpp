// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fitting/capacity_lab.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lessons/fitting/lab_model.h"
#include "lessons/fitting/lab_parameters.h"
#include "lessons/fitting/lab_report.h"

namespace viva {
namespace {

constexpr std::int64_t kEvaluateEvery = 10;

LabModel modelFor(const Parameters& parameters, const RunContext& context) {
  return {parameters, labData(parameters, context), context};
}

class CapacityLab : public Experiment {
 public:
  CapacityLab(const Parameters& parameters, const RunContext& context)
      : context_(context), parameters_(parameters), model_(modelFor(parameters, context)) {
    if (labContrast(parameters)) other_.emplace(modelFor(otherLabParameters(parameters), context));
  }

  void apply(const Parameters& parameters) override {
    const bool points_moved =
        parameters.value("class_points") != parameters_.value("class_points") ||
        parameters.value("curve_points") != parameters_.value("curve_points");
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
    frame.at<VerdictData>("verdict") = labVerdict(context_.preset, step_, model_, other);
  }

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

  /// Another number of classes needs other models.
  void takePoints() {
    LabData data = labData(parameters_, context_);
    if (data.classes != model_.data().classes) {
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

const ExperimentSpec& capacityLab() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "capacity-lab";
    made.parameters = labParameters();
    made.records = labRecords;
    made.validate = labProblem;
    // Without points nothing is learnt, whatever the seed.
    made.uses_randomness = [](const Parameters& p) {
      const LabDataset dataset = p[kLabDataset];
      if (dataset == LabDataset::DrawnClasses) return p[kClassPoints].points.size() > 2;
      return dataset != LabDataset::DrawnCurve || p[kCurvePoints].points.size() > 2;
    };
    made.views = labViews();
    made.checks = {"gradient", "restored"};
    made.presets = labPresets();
    made.default_steps = 1500;
    made.sources = {"lessons/fitting/capacity_lab.cpp", "lessons/fitting/lab_model.cpp",
                    "lessons/fitting/lab_data.cpp", "lessons/fitting/lab_features.cpp"};
    made.equivalent = "resources/lessons/overfitting/capacity_lab.py";
    made.make = [](const Parameters& parameters,
                   const RunContext& context) -> std::unique_ptr<Experiment> {
      return std::make_unique<CapacityLab>(parameters, context);
    };
    return made;
  }();
  return spec;
}

}  // namespace viva
