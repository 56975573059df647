// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/lr_valley.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::uint64_t kNoiseStream = 0;
constexpr std::size_t kTrail = 30;

/// Standard normal numbers, drawn many at a time: one by one a draw costs more than a step.
class NormalNumbers {
 public:
  explicit NormalNumbers(at::Generator generator) : generator_(std::move(generator)) {}
  double next() {
    if (place_ == numbers_.size()) {
      numbers_ = numbersOf(torch::randn({1024}, generator_, torch::kFloat64));
      place_ = 0;
    }
    return numbers_[place_++];
  }

 private:
  at::Generator generator_;
  std::vector<double> numbers_;
  std::size_t place_ = 0;
};

class LrValley : public Experiment {
 public:
  LrValley(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        parameters_(parameters),
        noise_(generatorFor(context.seed, kNoiseStream)) {
    for (std::size_t i = 0; i < kBalls; ++i) {
      balls_[i].x = balls_[i].previous = parameters[kValleyStart];
      seen_[i].x = parameters[kValleyStart];
      seen_[i].trail = {seen_[i].x};
      seen_[i].last_number = seen_[i].x;
    }
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    const bool noisy = parameters_[kValleyFunction] == ValleyFunction::Noisy;
    const double noise = noisy ? parameters_[kValleyNoise] * noise_.next() : 0;
    for (std::size_t i = 0; i < kBalls; ++i)
      balls_[i].step(valleyOf(parameters_, i), parameters_[kValleyMethod], rateOf(parameters_, i),
                     momentumOf(parameters_), noise);
    step_ += 1;
    for (std::size_t i = 0; i < kBalls; ++i) look(i);
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<PlaneData>("valley") = valleyPlane(parameters_, seen_);
    frame.at<SeriesData>("limit") = limitCurves(parameters_, seen_);
    frame.at<SeriesData>("spectrum") = spectrumCurves(parameters_, seen_);
    frame.at<TableData>("balls") = ballsTable(parameters_, seen_);
    frame.at<TableData>("floor") = floorTable(parameters_, seen_);
    frame.at<VerdictData>("verdict") = valleyVerdict(preset_, step_, parameters_, seen_);
  }

  /// The limit by formula against the largest rate that still comes closer, found by halving.
  void check(CheckSink& sink) const override {
    const ValleyMethod method = parameters_[kValleyMethod];
    const double momentum = momentumOf(parameters_), curvature = parameters_[kCurvature];
    const Valley valley{ValleyFunction::Quadratic, curvature};
    double converges = 0, diverges = 8 / curvature;
    for (int i = 0; i < 20; ++i) {
      const double rate = (converges + diverges) / 2;
      Ball ball{1, 1};
      double early = 0, late = 0;
      for (int t = 0; t < 4000; ++t) {
        ball.step(valley, method, rate, momentum);
        double& largest = t < 2000 ? early : late;
        largest = std::max(largest, std::abs(ball.x));
      }
      (std::isfinite(late) && late <= early ? converges : diverges) = rate;
    }
    sink.compare("limit", std::abs(converges / rateLimit(method, curvature, momentum) - 1), 1e-3);
  }

 private:
  void look(std::size_t i) {
    BallHistory& seen = seen_[i];
    const double before = std::abs(seen.x), now = std::abs(balls_[i].x);
    seen.came_closer = seen.came_closer && (now < before || now == 0);
    seen.x = balls_[i].x;
    if (std::isfinite(seen.x)) {
      seen.last_number = seen.x;
      seen.number_step = step_;
    }
    seen.trail.push_back(seen.x);
    if (seen.trail.size() > kTrail) seen.trail.erase(seen.trail.begin());
    // Ten times the memory of the slowest mode.
    const double memory = 10 / (rateOf(parameters_, i) * curvatureOf(parameters_, i));
    if (static_cast<double>(step_) < memory || !std::isfinite(seen.x)) return;
    seen.squares += seen.x * seen.x;
    seen.counted += 1;
  }

  void record(Recorder& recorder) const {
    const double minimum = valleyOf(parameters_, 0).minimum();  // of all the same
    for (std::size_t i = 0; i < kBalls; ++i) {
      const double x = balls_[i].x;
      const std::string name = ballName(parameters_, i);
      recorder.add(name + "/x", x);
      recorder.add(name + "/f", valleyOf(parameters_, i).value(x));
      recorder.add(name + "/distance", std::abs(x - minimum));
    }
  }

  std::string preset_;
  Parameters parameters_;
  NormalNumbers noise_;
  std::array<Ball, kBalls> balls_;
  Balls seen_;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeLrValley(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<LrValley>(parameters, context);
}

}  // namespace viva
