// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/losses/loss_shapes.h"

#include <torch/autograd.h>
#include <torch/nn.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lessons/losses/line_fit.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

Word curveWord(const std::string& name) { return {"loss-shapes.curve." + name}; }

class LossShapes : public Experiment {
 public:
  LossShapes(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), parameters_(parameters) {}

  void apply(const Parameters& parameters) override {
    // Long steps again, so that a line follows a point that is dragged.
    if (!(parameters[kDrawnPoints] == parameters_[kDrawnPoints])) since_ = 0;
    parameters_ = parameters;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    for (std::size_t i = 0; i < fits_.size() && !points().empty(); ++i)
      fits_[i].descend(kRegressionLosses[i].loss, points(), parameters_[kHuberDelta],
                       parameters_[kFitRate], isConstant(), since_);
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
    frame.at<VerdictData>("verdict") = lossShapesVerdict(preset_, step_, reading());
  }

  /// Slopes by formula against autograd of LibTorch's own losses.
  void check(CheckSink& sink) const override {
    const auto residuals = torch::linspace(-4.05, 4.05, 28, torch::kFloat64).requires_grad_();
    const auto zeros = torch::zeros_like(residuals);
    const double delta = parameters_[kHuberDelta];
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
        worst = std::max(worst, std::abs(slopes[r] - regressionSlope(kRegressionLosses[i].loss,
                                                                     places[r], delta)));
    }
    sink.compare("slopes", worst, 1e-9);
  }

 private:
  const std::vector<Points::Labelled>& points() const {
    return std::get<Points>(parameters_.value(kDrawnPoints.name)).points;
  }
  bool isConstant() const { return parameters_[kFitModel] == FitModel::Constant; }

  void record(Recorder& recorder) const {
    for (std::size_t i = 0; i < fits_.size() && !points().empty(); ++i) {
      const std::string prefix = kRegressionLosses[i].name + "/";
      recorder.add(prefix + "slope", fits_[i].slope);
      recorder.add(prefix + "offset", fits_[i].offset);
      recorder.add(prefix + "loss", meanLoss(fits_[i], kRegressionLosses[i].loss, points(),
                                             parameters_[kHuberDelta]));
      recorder.add(prefix + "median_residual", medianResidual(fits_[i], points()));
    }
  }

  PlaneData plane() const {
    PlaneData data{-kPlaneReach, kPlaneReach, -kPlaneReach, kPlaneReach, {}};
    for (std::size_t i = 0; i < fits_.size(); ++i) {
      PathLayer line{kRegressionLosses[i].name,
                     curveWord(kRegressionLosses[i].name),
                     kRegressionLosses[i].name,
                     {}};
      for (const double x : {-kPlaneReach, kPlaneReach}) line.points.push_back({x, fits_[i].at(x)});
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
    const auto add = [&](const std::string& name, double reach, auto valueAt) {
      Curve curve{name, {}, {}, {}, false};
      for (int i = 0; i <= kSteps; ++i) {
        curve.x.push_back(reach * (2.0 * i / kSteps - 1));
        curve.y.push_back(valueAt(curve.x.back()));
      }
      data.curves.push_back(std::move(curve));
    };
    if (parameters_[kLossFamily] == LossFamily::Regression) {
      for (const auto& fitter : kRegressionLosses)
        add(fitter.name, 4, [&](double r) {
          const double delta = parameters_[kHuberDelta];
          return slope ? regressionSlope(fitter.loss, r, delta)
                       : regressionLoss(fitter.loss, r, delta);
        });
      return data;
    }
    const MarginShape shape{parameters_[kShapeGamma], parameters_[kShapeSmoothing]};
    for (const auto& classifier : kMarginLosses)
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
      BarsData::Group group{kRegressionLosses[f].name, {}, {}};
      for (const auto& point : points())
        group.values.push_back(std::abs(regressionSlope(
            kRegressionLosses[f].loss, fits_[f].at(point.x) - point.y, parameters_[kHuberDelta])));
      if (points().empty()) group.values.push_back(0);
      bars.groups.push_back(std::move(group));
    }
    return bars;
  }

  double largestPull(std::size_t fit) const {
    double largest = 0;
    for (const auto& point : points())
      largest = std::max(largest, std::abs(regressionSlope(kRegressionLosses[fit].loss,
                                                           fits_[fit].at(point.x) - point.y,
                                                           parameters_[kHuberDelta])));
    return largest;
  }

  TableData table() const {
    TableData data;
    data.columns = {{"fit"}, {"slope"}, {"offset"}, {"median_residual", TableData::Best::Smallest}};
    for (std::size_t i = 0; i < fits_.size(); ++i)
      data.rows.push_back({kRegressionLosses[i].name,
                           {curveWord(kRegressionLosses[i].name), fits_[i].slope, fits_[i].offset,
                            medianResidual(fits_[i], points())}});
    const LineFit closed = leastSquares(points(), isConstant());
    data.rows.push_back({"",
                         {Word{"loss-shapes.curve.closed"}, closed.slope, closed.offset,
                          medianResidual(closed, points())}});
    return data;
  }

  FitsReading reading() const {
    return {static_cast<std::int64_t>(points().size()),
            medianResidual(fits_[0], points()),
            medianResidual(fits_[1], points()),
            medianResidual(fits_[2], points()),
            largestPull(0),
            largestPull(2),
            parameters_[kHuberDelta]};
  }

  std::string preset_;
  Parameters parameters_;
  std::array<LineFit, 3> fits_{};
  std::int64_t step_ = 0, since_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeLossShapes(const Parameters& parameters,
                                           const RunContext& context) {
  return std::make_unique<LossShapes>(parameters, context);
}

}  // namespace viva
