// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/fitting/lessons.h"
#include "lessons/fitting/random_features.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

const std::string kId = "double-descent";
const std::string kProgram = "resources/lessons/overfitting/double_descent.py";

const auto kSamples = integer("train_size", 40).range(10, 100).grouped("data");
const auto kNoise = real("noise", 0.3).range(0, 2).stepping(0.01).grouped("data");
const auto kDraws = integer("draws", 20).range(1, 100).logarithmic().grouped("data");
const auto kRidge = real("ridge", 0).range(0, 1).stepping(0.001).live().grouped("model");

/// From 2 to 16 times the samples, evenly on a logarithmic axis, and closely around the samples.
std::vector<std::int64_t> widthsFor(std::int64_t samples) {
  std::vector<std::int64_t> widths;
  const double ratio = 16 * static_cast<double>(samples) / 2;
  constexpr int kAcross = 36;
  for (int i = 0; i <= kAcross; ++i)
    widths.push_back(std::llround(2 * std::pow(ratio, static_cast<double>(i) / kAcross)));
  for (std::int64_t near = -5; near <= 5; ++near)
    widths.push_back(
        std::max<std::int64_t>(2, samples + near * std::max<std::int64_t>(1, samples / 20)));
  std::sort(widths.begin(), widths.end());
  widths.erase(std::unique(widths.begin(), widths.end()), widths.end());
  return widths;
}

/// What all draws gave at one width.
struct WidthResult {
  std::int64_t width = 0;
  double train = 0, test = 0, weight_norm = 0;  ///< medians
  double lower = 0, upper = 0;                  ///< quartiles of the test error
};

/// The best below the peak, the peak, and the best beyond it: of widths up to half the samples,
/// from there to twice the samples, and above.
struct Landmarks {
  const WidthResult *before = nullptr, *peak = nullptr, *after = nullptr;
};

/// What the claims look at: all landmarks are there.
struct Descent {
  Landmarks found;
  double samples, ridge;
  bool is_done;
};

std::optional<bool> peaksAtInterpolation(const Descent& descent) {
  if (!descent.is_done) return std::nullopt;
  const auto& [before, peak, after] = descent.found;
  return std::abs(static_cast<double>(peak->width) - descent.samples) <= 0.05 * descent.samples &&
         peak->test > 3 * before->test && after->test < before->test;
}

std::optional<bool> ridgeFlattens(const Descent& descent) {
  if (!descent.is_done) return std::nullopt;
  const auto& [before, peak, after] = descent.found;
  return descent.ridge > 0 && peak->test < 1.5 * before->test && after->test < before->test;
}

const Claims<Descent> kClaims{
    {"peak-at-interpolation", 0, peaksAtInterpolation},
    {"ridge-flattens-the-peak", 0, ridgeFlattens},
};

double quantileOf(const torch::Tensor& values, double share) {
  return torch::quantile(values, share).item<double>();
}

class DoubleDescent : public Experiment {
 public:
  DoubleDescent(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        parameters_(parameters),
        widths_(widthsFor(parameters[kSamples])),
        draws_(parameters[kDraws], parameters[kSamples], widths_.back(), parameters[kNoise],
               context.seed) {
    for (auto* tensor : {&draws_.inputs, &draws_.targets, &draws_.test_inputs, &draws_.test_targets,
                         &draws_.directions})
      *tensor = tensor->to(torch::Device(context.device));
    constant_ = draws_.test_targets.square().mean().item<double>();
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }

  bool step(Recorder& recorder) override {
    const torch::NoGradGuard no_grad;
    const std::int64_t width = widths_[results_.size()];
    const auto features = reluFeatures(draws_.inputs, draws_.directions, width);
    const auto weights = ridgeWeights(features, draws_.targets, parameters_[kRidge]);
    const auto seen = torch::bmm(features, weights) - draws_.targets;
    const auto unseen =
        torch::bmm(reluFeatures(draws_.test_inputs, draws_.directions, width), weights) -
        draws_.test_targets;
    const auto train = seen.square().mean({1, 2}), test = unseen.square().mean({1, 2});
    const auto norm = weights.norm(2, {1, 2});
    results_.push_back({width, quantileOf(train, 0.5), quantileOf(test, 0.5), quantileOf(norm, 0.5),
                        quantileOf(test, 0.25), quantileOf(test, 0.75)});

    const WidthResult& result = results_.back();
    recorder.add("width", static_cast<double>(width));
    recorder.add("train_error", result.train);
    recorder.add("test_error", result.test);
    recorder.add("weight_norm", result.weight_norm);
    return results_.size() < widths_.size();
  }

  void snapshot(Frame& frame) const override {
    frame.at<SeriesData>("errors") = errors();
    frame.at<SeriesData>("norms") = norms();
    frame.at<TableData>("landmarks") = landmarks();
    frame.at<VerdictData>("verdict") = verdict();
  }

  /// The first draw by LibTorch's own least squares.
  void check(CheckSink& sink) const override {
    if (results_.empty()) return sink.compare("solution", 0, 1e-5);
    const torch::NoGradGuard no_grad;
    const double ridge = parameters_[kRidge];
    const std::int64_t width = results_.back().width;
    const auto features =
        reluFeatures(draws_.inputs.slice(0, 0, 1), draws_.directions.slice(0, 0, 1), width);
    const auto weights = ridgeWeights(features, draws_.targets.slice(0, 0, 1), ridge)[0].cpu();
    auto matrix = features[0].cpu(), right = draws_.targets[0].cpu();
    if (ridge > 0) {
      matrix = torch::cat({matrix, std::sqrt(ridge) * torch::eye(width, torch::kFloat64)});
      right = torch::cat({right, torch::zeros({width, 1}, torch::kFloat64)});
    }
    const auto expected = std::get<0>(torch::linalg_lstsq(matrix, right, c10::nullopt, "gelsd"));
    sink.compare("solution", ((weights - expected).norm() / expected.norm()).item<double>(), 1e-5);
  }

 private:
  double samples() const { return static_cast<double>(parameters_[kSamples]); }

  SeriesData errors() const {
    SeriesData data;
    const auto add = [&](const char* name, double WidthResult::*part, bool reference) {
      Curve curve{name, {}, {}, {}, reference};
      for (const WidthResult& result : results_) {
        curve.x.push_back(static_cast<double>(result.width));
        // A training error of 1e-28 would leave the test error no room on the axis.
        curve.y.push_back(std::max(1e-4, result.*part));
      }
      data.curves.push_back(std::move(curve));
    };
    add("test_error", &WidthResult::test, false);
    add("train_error", &WidthResult::train, false);
    add("lower_quarter", &WidthResult::lower, true);
    add("upper_quarter", &WidthResult::upper, true);
    data.curves.push_back({"samples", {}, {samples(), samples()}, {1e-4, 20}, true});
    return data;
  }

  SeriesData norms() const {
    Curve curve{"weight_norm", {}, {}, {}, false};
    for (const WidthResult& result : results_) {
      curve.x.push_back(static_cast<double>(result.width));
      curve.y.push_back(result.weight_norm);
    }
    return {{std::move(curve)}};
  }

  Landmarks found() const {
    Landmarks marks;
    for (const WidthResult& result : results_) {
      const auto width = static_cast<double>(result.width);
      const auto better = [&](const WidthResult* best) {
        return !best || result.test < best->test;
      };
      if (width <= samples() / 2) {
        if (better(marks.before)) marks.before = &result;
      } else if (width < 2 * samples()) {
        if (!marks.peak || result.test > marks.peak->test) marks.peak = &result;
      } else if (better(marks.after)) {
        marks.after = &result;
      }
    }
    return marks;
  }

  TableData landmarks() const {
    TableData table;
    table.columns = {{"place"}, {"width"}, {"train_error"}, {"test_error"}, {"weight_norm"}};
    const Landmarks marks = found();
    const auto add = [&](const char* place, const WidthResult* result) {
      TableData::Row row{"", {Word{std::string("double-descent.place.") + place}}};
      row.cells.resize(table.columns.size());
      if (result) {
        row.cells[1] = static_cast<double>(result->width);
        row.cells[2] = result->train;
        row.cells[3] = result->test;
        row.cells[4] = result->weight_norm;
      }
      table.rows.push_back(std::move(row));
    };
    add("before", marks.before);
    add("peak", marks.peak);
    add("after", marks.after);
    return table;
  }

  VerdictData verdict() const {
    const Landmarks marks = found();
    if (!marks.before || !marks.peak || !marks.after)
      return {VerdictData::Mood::Open, {kId + ".verdict.early", {}}};
    const bool is_done = results_.size() == widths_.size();
    return judged(kId, kClaims, preset_, static_cast<std::int64_t>(results_.size()),
                  Descent{marks, samples(), parameters_[kRidge], is_done},
                  {{"peak", readable(marks.peak->test)},
                   {"width", std::to_string(marks.peak->width)},
                   {"samples", std::to_string(parameters_[kSamples])},
                   {"before", readable(marks.before->test)},
                   {"after", readable(marks.after->test)},
                   {"constant", readable(constant_)}});
  }

  std::string preset_;
  Parameters parameters_;
  std::vector<std::int64_t> widths_;
  RegressionDraws draws_;
  std::vector<WidthResult> results_;
  double constant_ = 0;
};

}  // namespace

const ExperimentSpec& doubleDescent() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kSamples, kNoise, kDraws, kRidge};
    made.records = [](const Parameters&) -> std::vector<RecordSpec> {
      return {{"width", ""}, {"train_error", ""}, {"test_error", ""}, {"weight_norm", ""}};
    };
    made.uses_randomness = [](const Parameters&) { return true; };
    const AxisSpec error{"axis.squared_error", "", true}, norm{"axis.weight_norm", "", true};
    made.views = {series("errors", {}, error).xAxis("axis.random_features").logarithmicX().large(),
                  series("norms", {}, norm).xAxis("axis.random_features").logarithmicX(),
                  table("landmarks"), verdict("verdict")};
    made.checks = {"solution"};
    made.presets = {
        preset("peak-at-interpolation").lasting(60).showing("errors", {"norms", "landmarks"}),
        preset("ridge-flattens-the-peak")
            .with({{"ridge", "0.02"}})
            .lasting(60)
            .showing("errors", {"norms", "landmarks"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 60;
    made.sources = {"lessons/fitting/double_descent.cpp", "lessons/fitting/random_features.cpp"};
    made.equivalent = kProgram;
    made.make = makes<DoubleDescent>;
    return made;
  }();
  return spec;
}

}  // namespace viva
