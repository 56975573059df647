// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/losses/loss_shapes.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/losses/line_fit.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

enum class Family { Regression, Classification };
enum class FitModel { Line, Constant };

constexpr ParameterName<Family> kFamily{"family"};
constexpr ParameterName<double> kDelta{"delta"};
constexpr ParameterName<double> kGamma{"gamma"};
constexpr ParameterName<double> kSmoothing{"smoothing"};
constexpr ParameterName<FitModel> kModel{"model"};
constexpr ParameterName<Points> kPoints{"points"};
constexpr ParameterName<double> kRate{"lr"};

constexpr double kReach = 10;

struct Fitter {
  const char* name;
  RegressionLoss loss;
};
constexpr Fitter kFitters[]{{"squared", RegressionLoss::Squared},
                            {"absolute", RegressionLoss::Absolute},
                            {"huber", RegressionLoss::Huber}};
struct Classifier {
  const char* name;
  MarginLoss loss;
};
constexpr Classifier kClassifiers[]{{"squared", MarginLoss::Squared},
                                    {"cross-entropy", MarginLoss::CrossEntropy},
                                    {"focal", MarginLoss::Focal},
                                    {"hinge", MarginLoss::Hinge},
                                    {"smoothed", MarginLoss::Smoothed}};

/// Ten points on a line and one far off.
Points defaultPoints() {
  Points points;
  // Hundredths, as they are shown as text.
  for (int i = 0; i < 10; ++i) {
    const int x = -80 + 16 * i;
    points.points.push_back({x / 10.0, (4 * x + 100) / 100.0, 0});
  }
  points.points.push_back({7, -9, 0});
  return points;
}

Word curveWord(const std::string& name) { return {"loss-shapes.curve." + name}; }

class LossShapes : public Experiment {
 public:
  LossShapes(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), parameters_(parameters) {}

  void apply(const Parameters& parameters) override {
    // Long steps again, so that a line follows a point that is dragged.
    if (!(parameters[kPoints] == parameters_[kPoints])) since_ = 0;
    parameters_ = parameters;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    for (std::size_t i = 0; i < fits_.size() && !points().empty(); ++i)
      fits_[i].descend(kFitters[i].loss, points(), parameters_[kDelta], parameters_[kRate],
                       isConstant(), since_);
    since_ += 1;
    step_ += 1;
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<PlaneData>("fit") = plane();
    frame.at<SeriesData>("value") = shapes(false);
    frame.at<SeriesData>("slope") = shapes(true);
    frame.at<BarsData>("pull") = pulls();
    frame.at<TableData>("fits") = table();
    frame.at<VerdictData>("verdict") = judge();
  }

  /// Slopes by formula against autograd of LibTorch's own losses.
  void check(CheckSink& sink) const override {
    const auto residuals = torch::linspace(-4.05, 4.05, 28, torch::kFloat64).requires_grad_();
    const auto zeros = torch::zeros_like(residuals);
    const double delta = parameters_[kDelta];
    namespace F = torch::nn::functional;
    const torch::Tensor losses[]{
        0.5 * F::mse_loss(residuals, zeros, F::MSELossFuncOptions(torch::kSum)),
        F::l1_loss(residuals, zeros, F::L1LossFuncOptions(torch::kSum)),
        F::huber_loss(residuals, zeros, F::HuberLossFuncOptions(torch::kSum).delta(delta))};
    double worst = 0;
    for (std::size_t i = 0; i < fits_.size(); ++i) {
      const auto slopes = numbersOf(torch::autograd::grad({losses[i]}, {residuals})[0]);
      const auto places = numbersOf(residuals.detach());
      for (std::size_t r = 0; r < places.size(); ++r)
        worst = std::max(worst,
                         std::abs(slopes[r] - regressionSlope(kFitters[i].loss, places[r], delta)));
    }
    sink.compare("slopes", worst, 1e-9);
  }

 private:
  const std::vector<Points::Labelled>& points() const {
    return std::get<Points>(parameters_.value("points")).points;
  }
  bool isConstant() const { return parameters_[kModel] == FitModel::Constant; }

  void record(Recorder& recorder) const {
    for (std::size_t i = 0; i < fits_.size() && !points().empty(); ++i) {
      const std::string prefix = std::string(kFitters[i].name) + "/";
      recorder.add(prefix + "slope", fits_[i].slope);
      recorder.add(prefix + "offset", fits_[i].offset);
      recorder.add(prefix + "loss",
                   meanLoss(fits_[i], kFitters[i].loss, points(), parameters_[kDelta]));
      recorder.add(prefix + "median_residual", medianResidual(fits_[i], points()));
    }
  }

  PlaneData plane() const {
    PlaneData data{-kReach, kReach, -kReach, kReach, {}};
    for (std::size_t i = 0; i < fits_.size(); ++i) {
      PathLayer line{kFitters[i].name, curveWord(kFitters[i].name), kFitters[i].name, {}};
      for (const double x : {-kReach, kReach}) line.points.push_back({x, fits_[i].at(x)});
      data.layers.emplace_back(std::move(line));
    }
    PointsLayer drawn{"points", Word{"loss-shapes.parameter.points"}, {}, {}, "points", 9};
    for (const auto& point : points()) drawn.points.push_back({point.x, point.y});
    data.layers.emplace_back(std::move(drawn));
    return data;
  }

  SeriesData shapes(bool slope) const {
    SeriesData data;
    constexpr int kSteps = 240;
    const auto add = [&](const char* name, double reach, auto valueAt) {
      Curve curve{name, curveWord(name), {}, {}, false};
      for (int i = 0; i <= kSteps; ++i) {
        curve.x.push_back(reach * (2.0 * i / kSteps - 1));
        curve.y.push_back(valueAt(curve.x.back()));
      }
      data.curves.push_back(std::move(curve));
    };
    if (parameters_[kFamily] == Family::Regression) {
      for (const Fitter& fitter : kFitters)
        add(fitter.name, 4, [&](double r) {
          const double delta = parameters_[kDelta];
          return slope ? regressionSlope(fitter.loss, r, delta)
                       : regressionLoss(fitter.loss, r, delta);
        });
      return data;
    }
    const MarginShape shape{parameters_[kGamma], parameters_[kSmoothing]};
    for (const Classifier& classifier : kClassifiers)
      add(classifier.name, 6, [&](double m) {
        return slope ? marginSlope(classifier.loss, m, shape)
                     : marginLoss(classifier.loss, m, shape);
      });
    return data;
  }

  /// How hard each point pulls at each line.
  BarsData pulls() const {
    BarsData bars;
    for (std::size_t i = 0; i < points().size(); ++i)
      bars.categories.emplace_back(std::to_string(i + 1));
    if (points().empty()) bars.categories.emplace_back("–");
    for (std::size_t f = 0; f < fits_.size(); ++f) {
      BarsData::Group group{kFitters[f].name, curveWord(kFitters[f].name), {}};
      for (const auto& point : points())
        group.values.push_back(std::abs(regressionSlope(
            kFitters[f].loss, fits_[f].at(point.x) - point.y, parameters_[kDelta])));
      if (points().empty()) group.values.push_back(0);
      bars.groups.push_back(std::move(group));
    }
    return bars;
  }

  double largestPull(std::size_t fit) const {
    double largest = 0;
    for (const auto& point : points())
      largest = std::max(
          largest, std::abs(regressionSlope(kFitters[fit].loss, fits_[fit].at(point.x) - point.y,
                                            parameters_[kDelta])));
    return largest;
  }

  TableData table() const {
    TableData data;
    data.columns = {{"fit"}, {"slope"}, {"offset"}, {"median_residual", TableData::Best::Smallest}};
    for (std::size_t i = 0; i < fits_.size(); ++i)
      data.rows.push_back({kFitters[i].name,
                           {curveWord(kFitters[i].name), fits_[i].slope, fits_[i].offset,
                            medianResidual(fits_[i], points())}});
    const LineFit closed = leastSquares(points(), isConstant());
    data.rows.push_back({"",
                         {Word{"loss-shapes.curve.closed"}, closed.slope, closed.offset,
                          medianResidual(closed, points())}});
    return data;
  }

  VerdictData judge() const {
    if (points().empty()) return {Mood::Open, {"verdict.shapes.no_points", {}}};
    if (step_ == 0) return {Mood::Open, {"verdict.shapes.early", {}}};
    const double squared = medianResidual(fits_[0], points());
    const double absolute = medianResidual(fits_[1], points());
    const double huber = medianResidual(fits_[2], points());
    const std::vector<std::pair<std::string, Argument>> arguments{
        {"squared", readable(squared)},
        {"absolute", readable(absolute)},
        {"huber", readable(huber)},
        {"squared_pull", readable(largestPull(0))},
        {"huber_pull", readable(largestPull(2))},
        {"delta", readable(parameters_[kDelta])},
        {"points", static_cast<std::int64_t>(points().size())}};
    const auto judged = [&](bool holds) {
      return VerdictData{step_ < 1500 ? Mood::Open
                         : holds      ? Mood::Holds
                                      : Mood::Fails,
                         {"verdict.shapes." + preset_, arguments}};
    };
    if (preset_ == "outliers") return judged(squared > 3 * absolute && squared > 0.2);
    if (preset_ == "huber")
      return judged(std::abs(largestPull(2) - parameters_[kDelta]) < 1e-9 &&
                    largestPull(0) > 5 * largestPull(2) && huber < 0.5 * squared);
    return {Mood::Open, {"verdict.shapes.standing", arguments}};
  }

  std::string preset_;
  Parameters parameters_;
  std::array<LineFit, 3> fits_{};
  std::int64_t step_ = 0, since_ = 0;
};

}  // namespace

const ExperimentSpec& lossShapes() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "loss-shapes";
    ParameterSpec drawn =
        points("points").range(-kReach, kReach).live().draggedOn("fit").grouped("fit");
    drawn.default_value = defaultPoints();
    made.parameters = {
        std::move(drawn),
        choice("model", {"line", "constant"}, "line").live().grouped("fit"),
        real("lr", 0.5).range(0.01, 1).logarithmic().live().grouped("fit"),
        choice("family", {"regression", "classification"}, "regression").live().grouped("shapes"),
        real("delta", 1).range(0.05, 10).logarithmic().live().grouped("shapes"),
        real("gamma", 2)
            .range(0, 5)
            .stepping(0.1)
            .live()
            .grouped("shapes")
            .onlyWhen("family", {"classification"}),
        real("smoothing", 0.1)
            .range(0, 0.5)
            .stepping(0.01)
            .live()
            .grouped("shapes")
            .onlyWhen("family", {"classification"}),
    };
    made.records = [](const Parameters&) {
      std::vector<RecordSpec> records;
      for (const Fitter& fitter : kFitters)
        for (const char* quantity : {"slope", "offset", "loss", "median_residual"})
          records.push_back({std::string(fitter.name) + "/" + quantity, ""});
      return records;
    };
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {plane("fit", {"axis.fit_x", "", false}, {"axis.fit_y", "", false}),
                  series("value", {}, {"axis.loss_value", "", false}),
                  series("slope", {}, {"axis.loss_slope", "", false}),
                  bars("pull", {"axis.point", "", false}, {"axis.pull", "", false}),
                  table("fits"),
                  series("loss", {"*/loss"}, {"axis.own_loss", "", true}),
                  verdict("verdict")};
    made.views[0].drags = {"points"};
    made.views[0].room = Room::Large;
    for (const std::size_t i : {1, 2}) made.views[i].x = {"axis.loss_argument", "", false};
    for (const std::size_t small : {4, 5}) made.views[small].room = Room::Small;
    made.checks = {"slopes"};
    made.presets = {
        {"outliers", {}, 3000, {"fit", "pull", "slope", "fits"}},
        {"huber", {{"delta", "0.5"}}, 3000, {"fit", "value", "slope", "pull"}},
    };
    made.default_steps = 3000;
    made.sources = {"lessons/losses/loss_shapes.cpp", "lessons/losses/line_fit.cpp",
                    "lessons/losses/losses.cpp"};
    made.equivalent = "resources/lessons/loss-functions/loss_shapes.py";
    made.make = [](const Parameters& parameters,
                   const RunContext& context) -> std::unique_ptr<Experiment> {
      return std::make_unique<LossShapes>(parameters, context);
    };
    return made;
  }();
  return spec;
}

}  // namespace viva
