// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/step_size/lessons.h"
#include "lessons/step_size/lr_valley.h"

namespace viva {
namespace {

const std::string kId = "lr-valley";
const std::string kProgram = "resources/lessons/learning-rate/lr_valley.py";

using Settings = std::vector<std::pair<std::string, std::string>>;

/// What the claims look at.
struct Reading {
  const Parameters& parameters;
  const Balls& balls;

  double start() const { return std::abs(parameters[kValleyStart]); }
  /// Of ball 1, 2, ... from the lowest point.
  double distance(std::size_t ball) const {
    return std::abs(balls[ball - 1].x - valleyOf(parameters, ball - 1).minimum());
  }
  double variance(std::size_t ball) const { return balls[ball - 1].variance(); }
  /// What theory says that the distance of this ball is multiplied by at every step.
  double factor(std::size_t ball) const {
    return shrinkage(parameters[kValleyMethod], curvatureOf(parameters, ball - 1),
                     rateOf(parameters, ball - 1), momentumOf(parameters));
  }
  bool isDeep(std::size_t ball) const { return balls[ball - 1].x < 0; }
  /// By how much a mean square differs from theory, of those that have any: the largest share.
  double worst() const {
    double worst = 0;
    for (std::size_t i = 0; i < kBalls; ++i)
      if (balls[i].counted > 0)
        worst = std::max(
            worst, std::abs(balls[i].variance() / stationaryVariance(parameters[kCurvature],
                                                                     parameters[kBallRates[i]],
                                                                     parameters[kValleyNoise]) -
                            1));
    return worst;
  }
};

bool partAtTheLimit(const Reading& now) {
  return now.distance(1) < now.distance(3) && now.distance(2) == 0 &&
         now.distance(3) < 0.2 * now.start() && now.distance(4) == now.start() &&
         now.distance(5) > 5 * now.start();
}

bool allArrive(const Reading& now) {
  return std::all_of(now.balls.begin(), now.balls.end(), [&](const BallHistory& ball) {
    return ball.came_closer && std::abs(ball.x) < 1e-3 * now.start();
  });
}

bool onlyLargerLeap(const Reading& now) {
  return !now.isDeep(1) && !now.isDeep(2) && !now.isDeep(3) && now.distance(4) < 1e-6 &&
         now.distance(5) > 0.05;
}

bool stayOnTheFloor(const Reading& now) {
  for (std::size_t ball = 2; ball <= kBalls; ++ball)
    if (!(now.variance(ball) > now.variance(ball - 1))) return false;
  const auto is_counted = [](const BallHistory& ball) { return ball.counted > 0; };
  return std::all_of(now.balls.begin(), now.balls.end(), is_counted) && now.worst() < 0.4;
}

bool partAtTheLimitOfMomentum(const Reading& now) {
  return now.distance(1) < 1e-3 && now.distance(2) < 1e-3 && now.distance(3) < 0.5 * now.start() &&
         now.distance(4) > 0.5 * now.start() && now.distance(5) > 10 * now.start();
}

bool partAtTheLimitOfNesterov(const Reading& now) {
  return now.distance(1) < 1e-3 && now.distance(2) < 1e-3 && now.distance(3) < 0.5 * now.start() &&
         now.distance(4) > 10 * now.start() && now.distance(5) > 10 * now.start();
}

/// The flattest and the steepest direction are equally late, and those between have arrived.
bool bothEndsAreLate(const Reading& now) {
  const double flat = now.distance(1), steep = now.distance(5);
  return flat > 0.8 * steep && flat < 1.25 * steep && flat < 0.2 * now.start() &&
         now.distance(2) < 0.1 * flat && now.distance(3) < 0.1 * flat &&
         now.distance(4) < 0.1 * flat;
}

const Claims<Reading> kClaims{
    {"exactly-at-the-limit", 20, partAtTheLimit},
    {"too-small-is-slow", 1000, allArrive},
    {"two-valleys", 200, onlyLargerLeap},
    {"noise-floor", 15000, stayOnTheFloor},
    {"momentum-limit", 400, partAtTheLimitOfMomentum},
    {"nesterov-limit", 200, partAtTheLimitOfNesterov},
    {"eigenvalues", 100, bothEndsAreLate, When::From, nullptr,
     [](const Reading& now) { return hasDirections(now.parameters); }},
};

/// `more`, and the rate of each ball.
Settings rates(const std::array<const char*, kBalls>& rates, Settings more = {}) {
  for (std::size_t i = 0; i < kBalls; ++i) more.emplace_back(kBallRates[i].name, rates[i]);
  return more;
}

}  // namespace

VerdictData valleyVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const Balls& balls) {
  const Reading now{parameters, balls};
  std::int64_t converged = 0, lost = 0;
  Arguments numbers{{"step", step},
                    {"limit", readable(rateLimit(parameters[kValleyMethod], parameters[kCurvature],
                                                 momentumOf(parameters)))},
                    {"worst", percent(now.worst())}};
  for (std::size_t ball = 1; ball <= kBalls; ++ball) {
    const std::string number = std::to_string(ball);
    const double distance = now.distance(ball);
    numbers.emplace_back("rate" + number, readable(rateOf(parameters, ball - 1)));
    numbers.emplace_back("factor" + number, readable(now.factor(ball)));
    numbers.emplace_back("distance" + number, readable(distance));
    numbers.emplace_back("variance" + number, readable(now.variance(ball)));
    converged += distance < 0.5 * now.start();
    lost += !(distance <= 2 * now.start());
  }
  numbers.emplace_back("converged", converged);
  numbers.emplace_back("lost", lost);
  VerdictData verdict = judged(kId, kClaims, preset, step, now, std::move(numbers));
  if (verdict.sentence.key == kId + ".verdict.standing") {
    if (parameters[kValleyFunction] == ValleyFunction::TwoValleys) verdict.sentence.key += "_two";
    if (hasDirections(parameters)) verdict.sentence.key += "_directions";
  }
  return verdict;
}

const ExperimentSpec& lrValley() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kValleyFunction, kCurvature,    kConditionNumber, kValleyStart,
                       kValleyNoise,    kValleyMethod, kValleyMomentum,  kSharedRate};
    made.parameters.insert(made.parameters.end(), kBallRates.begin(), kBallRates.end());
    made.records = [](const Parameters& parameters) {
      std::vector<RecordSpec> records;
      for (std::size_t i = 0; i < kBalls; ++i)
        for (const char* quantity : {"x", "f", "distance"})
          records.push_back({ballName(parameters, i) + "/" + quantity, "", true});
      return records;
    };
    made.uses_randomness = [](const Parameters& parameters) {
      return parameters[kValleyFunction] == ValleyFunction::Noisy && parameters[kValleyNoise] > 0;
    };
    made.views = {plane("valley").xAxis("axis.valley_x").yAxis("axis.valley_f"),
                  series("distance", {"*/distance"}).yAxis("axis.valley_distance").logarithmicY(),
                  series("limit", {}).xAxis("axis.rate").yAxis("axis.shrinkage"),
                  table("balls"),
                  series("path", {"*/x"}).yAxis("axis.valley_x").small(),
                  table("floor").small(),
                  series("spectrum", {})
                      .xAxis("axis.eigenvalue")
                      .logarithmicX()
                      .yAxis("axis.shrinkage")
                      .small(),
                  verdict("verdict")};
    made.checks = {"limit"};
    made.presets = {
        preset("exactly-at-the-limit")
            .with(rates({"0.05", "0.1", "0.19", "0.2", "0.21"}))
            .lasting(60)
            .showing("distance", {"valley", "limit"}),
        preset("too-small-is-slow")
            .with(rates({"0.001", "0.003", "0.01", "0.03", "0.1"}))
            .lasting(1000)
            .showing("distance", {"valley", "balls"}),
        preset("two-valleys")
            .with(rates({"0.003", "0.03", "0.1", "0.18", "0.25"},
                        {{"function", "two-valleys"}, {"start", "1.6"}}))
            .lasting(400)
            .showing("valley", {"path", "balls"}),
        preset("noise-floor")
            .with(rates({"0.01", "0.03", "0.1", "0.3", "1"},
                        {{"function", "noisy"}, {"L", "1"}, {"noise", "1"}, {"start", "3"}}))
            .lasting(20000)
            .showing("floor", {"valley"}),
        preset("momentum-limit")
            .with(rates({"0.1", "0.21", "0.37", "0.38", "0.39"}, {{"method", "heavy-ball"}}))
            .lasting(600)
            .showing("limit", {"distance", "balls"}),
        preset("nesterov-limit")
            .with(rates({"0.05", "0.1", "0.13", "0.14", "0.19"}, {{"method", "nesterov"}}))
            .lasting(300)
            .showing("limit", {"distance", "balls"}),
        preset("eigenvalues")
            .with({{"function", "eigenvalues"}, {"L", "100"}, {"kappa", "100"}, {"lr", "0.0198"}})
            .lasting(200)
            .showing("spectrum", {"distance", "balls"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 200;
    made.sources = {"lessons/step_size/lr_valley.cpp", "lessons/step_size/valley.cpp"};
    made.equivalent = kProgram;
    made.make = makeLrValley;
    return made;
  }();
  return spec;
}

}  // namespace viva
