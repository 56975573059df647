// SPDX-License-Identifier: GPL-3.0-or-later
// The worked example of the README: the square root of a number by gradient descent.
#include <cmath>

#include "lessons/core/experiment.h"

namespace viva {
namespace {

constexpr Parameter<double> kNumber{"number"};
constexpr Parameter<double> kLearningRate{"lr"};

class SquareRoot : public Experiment {
 public:
  explicit SquareRoot(const Parameters& p) : number_(p[kNumber]), rate_(p[kLearningRate]) {}

  void apply(const Parameters& p) override { rate_ = p[kLearningRate]; }
  void initial(Recorder& recorder) override { recorder.add("x", x_); }

  // One update: the gradient of (x^2 - number)^2 / 4 is (x^2 - number) x.
  bool step(Recorder& recorder) override {
    x_ -= rate_ * (x_ * x_ - number_) * x_;
    recorder.add("x", x_);
    return true;
  }

  void snapshot(Frame& frame) const override { frame.at<SeriesData>("x"); }
  void check(CheckSink& sink) const override {
    if (std::abs(x_ * x_ - number_) < 1e-9) sink.compare("root", x_ - std::sqrt(number_), 1e-9);
  }

 private:
  double number_, rate_, x_ = 1;
};

}  // namespace

const ExperimentSpec& squareRoot() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "square-root";
    made.parameters = {real("number", 2).range(0.1, 10),
                       real("lr", 0.1).range(1e-3, 1).logarithmic().live()};
    made.records = [](const Parameters&) { return std::vector<RecordSpec>{{"x", "", false}}; };
    made.views = {series("x", {"x"}, {"axis.x", "", false})};
    made.checks = {"root"};
    made.presets = {{"converges", {}, 60}, {"diverges", {{"lr", "1"}, {"number", "10"}}, 20}};
    made.make = [](const Parameters& p, const RunContext&) -> std::unique_ptr<Experiment> {
      return std::make_unique<SquareRoot>(p);
    };
    return made;
  }();
  return spec;
}

}  // namespace viva
