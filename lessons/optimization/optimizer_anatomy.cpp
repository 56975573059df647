// SPDX-License-Identifier: GPL-3.0-or-later
// One optimizer, one step at a time: what it remembers, what it makes of the gradient, where it
// therefore goes.
#include "lessons/optimization/optimizer_anatomy.h"

#include <algorithm>
#include <cmath>

#include "lessons/optimization/slope.h"
#include "lessons/optimization/surface_field.h"

namespace viva {
namespace {

class OptimizerAnatomy : public Experiment {
 public:
  OptimizerAnatomy(const Parameters& p, const RunContext& context)
      : optimizer_(p[kAnatomyOptimizer]),
        surface_(p[kAnatomySurface], p[kAnatomyKappa]),
        field_(surface_, p[kAnatomyStart]),
        slope_(1, context.device),
        theta_{Pair{p[kAnatomyStart].x, p[kAnatomyStart].y}},
        rule_(makeRule(optimizer_, p, "")) {
    apply(p);
    slope_.evaluate(surface_, theta_, 0);
    before_ = theta_[0];
  }

  void apply(const Parameters& p) override {
    configure(rule_, p, "");
    arrow_scale_ = p[kAnatomyArrowScale];
  }

  void initial(Recorder& recorder) override { recordState(recorder); }

  bool step(Recorder& recorder) override {
    before_ = theta_[0];
    gradient_ = slope_.gradient(0);
    taken_apart_ = takeApart(rule_, before_, gradient_);
    update(rule_, theta_[0], gradient_);
    ++step_;

    slope_.evaluate(surface_, theta_, 0);
    recordState(recorder);
    recordPair(recorder, "gradient", gradient_);
    recordPair(recorder, "step", actualChange());
    recordPair(recorder, "effective_rate", taken_apart_.effective_rate);
    if (taken_apart_.first_moment) recordPair(recorder, "first_moment", *taken_apart_.first_moment);
    if (taken_apart_.second_moment)
      recordPair(recorder, "second_moment", *taken_apart_.second_moment);
    return true;
  }

  void check(CheckSink& sink) const override {
    sink.compare("gradient", differenceFromClosedForm(slope_, surface_, theta_, 0), 1e-9);
    sink.compare("formula", differenceFromFormula(), 1e-9);
  }

  void save(WeightSink& sink) const override { sink.add(weightOf("theta", theta_[0])); }

  void snapshot(Frame& frame) const override {
    const Dissection dissection{optimizer_,  rule_,     step_,
                                before_,     theta_[0], step_ == 0 ? slope_.gradient(0) : gradient_,
                                taken_apart_};
    PlaneData& plane = frame.at<PlaneData>("plane");
    field_.show(plane, 0);
    addArrows(plane, dissection, arrow_scale_);
    frame.at<TableData>("formula") = formulaTable(dissection);
    frame.at<SeriesData>("effective_rate");
    frame.at<SeriesData>("value");
    frame.at<VerdictData>("verdict") = explain(dissection);
  }

 private:
  Pair actualChange() const { return {theta_[0][0] - before_[0], theta_[0][1] - before_[1]}; }

  /// Between the step that the rule took and the one that its formula, line by line, comes to.
  double differenceFromFormula() const {
    if (step_ == 0) return 0;
    double largest = 0;
    for (int i : kCoordinates) {
      const double expected = before_[i] + taken_apart_.change[i];
      if (!std::isfinite(expected) || !std::isfinite(theta_[0][i])) continue;
      const double scale = std::max({1.0, std::abs(before_[i]), std::abs(expected)});
      largest = std::max(largest, std::abs(theta_[0][i] - expected) / scale);
    }
    return largest;
  }

  void recordState(Recorder& recorder) {
    recorder.add("x", theta_[0][0]);
    recorder.add("y", theta_[0][1]);
    recorder.add("f", slope_.value(0));
  }

  static void recordPair(Recorder& recorder, const std::string& name, const Pair& pair) {
    recorder.add(name + "/x", pair[0]);
    recorder.add(name + "/y", pair[1]);
  }

  Optimizer optimizer_;
  Surface surface_;
  SurfaceField field_;
  Slope slope_;
  std::vector<Pair> theta_;
  UpdateRule rule_;
  Pair before_{}, gradient_{};
  TakenApart taken_apart_{};
  double arrow_scale_ = 1;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeOptimizerAnatomy(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<OptimizerAnatomy>(parameters, context);
}

}  // namespace viva
