// SPDX-License-Identifier: GPL-3.0-or-later
// Seven optimizers, one surface, one start: who takes which way down, and why.
#include "lessons/optimization/optimizer_race.h"

#include <cmath>
#include <random>

#include "lessons/optimization/slope.h"
#include "lessons/optimization/surface_field.h"

namespace viva {
namespace {

PointsLayer markerOf(Optimizer optimizer, Point place) {
  PointsLayer marker;
  marker.name = nameOf(optimizer);
  marker.label = labelOf(optimizer);
  marker.id = nameOf(optimizer);
  marker.points = {place};
  marker.size = 11;
  return marker;
}

class OptimizerRace : public Experiment {
 public:
  OptimizerRace(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        surface_(p[kRaceSurface], p[kRaceKappa]),
        start_(p[kRaceStart]),
        field_(surface_, start_),
        slope_(kOptimizers.size(), context.device),
        positions_(kOptimizers.size(), Pair{start_.x, start_.y}),
        randomness_(context.seed) {
    for (const Optimizer optimizer : optimizersIn(p))
      racers_.emplace_back(optimizer, p, surface_, start_);
    apply(p);
    slope_.evaluate(surface_, positions_, shift_);
  }

  void apply(const Parameters& p) override {
    noise_ = p[kRaceNoise];
    drift_ = p[kRaceDrift];
    for (Racer& racer : racers_) configure(racer.rule, p, nameOf(racer.optimizer) + ".");
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    const Pair noise = drawNoise();
    for (Racer& racer : racers_) {
      const Pair before = positions_[racer.row];
      const Pair& slope = slope_.gradient(racer.row);
      const Pair gradient{slope[0] + noise[0], slope[1] + noise[1]};
      update(racer.rule, positions_[racer.row], gradient);
      recorder.add(racer.step_size_record, distance(before, positions_[racer.row]));
    }
    ++step_;
    shift_ += drift_;
    slope_.evaluate(surface_, positions_, shift_);
    record(recorder);
    return true;
  }

  void check(CheckSink& sink) const override {
    sink.compare("gradient", differenceFromClosedForm(slope_, surface_, positions_, shift_), 1e-9);
  }

  void save(WeightSink& sink) const override {
    for (const Racer& racer : racers_)
      sink.add(weightOf(nameOf(racer.optimizer), positions_[racer.row]));
  }

  void snapshot(Frame& frame) const override {
    PlaneData& plane = frame.at<PlaneData>("plane");
    field_.show(plane, shift_);
    RaceState race{surface_, start_, step_, {}};
    for (const Racer& racer : racers_) {
      plane.layers.push_back(markerOf(racer.optimizer, racer.standing.position()));
      race.contestants.push_back({racer.optimizer, racer.rule, racer.standing});
    }
    frame.at<SeriesData>("value");
    frame.at<SeriesData>("value_linear");
    frame.at<SeriesData>("step_size");
    frame.at<TableData>("standings") = raceStandings(race);
    frame.at<VerdictData>("verdict") = raceVerdict(preset_, race);
  }

 private:
  struct Racer {
    Racer(Optimizer which, const Parameters& p, const Surface& surface, Point start)
        : optimizer(which),
          row(static_cast<int>(which)),
          rule(makeRule(which, p, nameOf(which) + ".")),
          standing(surface, start),
          x_record(nameOf(which) + "/x"),
          y_record(nameOf(which) + "/y"),
          value_record(nameOf(which) + "/f"),
          step_size_record(nameOf(which) + "/step_size") {}
    Optimizer optimizer;
    int row;  // its walker on the slope: the same whoever else races
    UpdateRule rule;
    Standing standing;
    std::string x_record, y_record, value_record, step_size_record;
  };

  /// One draw for everybody: nobody has a luckier race than the others.
  Pair drawNoise() {
    if (noise_ == 0) return {};
    const double along_x = noise_ * normal_(randomness_);
    return {along_x, noise_ * normal_(randomness_)};
  }

  static double distance(const Pair& from, const Pair& to) {
    return std::hypot(to[0] - from[0], to[1] - from[1]);
  }

  void record(Recorder& recorder) {
    for (Racer& racer : racers_) {
      const Pair& position = positions_[racer.row];
      const double value = slope_.value(racer.row);
      recorder.add(racer.x_record, position[0]);
      recorder.add(racer.y_record, position[1]);
      recorder.add(racer.value_record, value);
      racer.standing.observe(step_, position, value, shift_);
    }
  }

  std::string preset_;
  Surface surface_;
  Point start_;
  SurfaceField field_;
  Slope slope_;
  std::vector<Pair> positions_;
  std::vector<Racer> racers_;
  std::mt19937_64 randomness_;
  std::normal_distribution<double> normal_;
  double noise_ = 0, drift_ = 0, shift_ = 0;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeOptimizerRace(const Parameters& parameters,
                                              const RunContext& context) {
  return std::make_unique<OptimizerRace>(parameters, context);
}

}  // namespace viva
