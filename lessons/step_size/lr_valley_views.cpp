// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/step_size/lr_valley.h"

namespace viva {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Word ballWord(std::size_t ball) { return {"lr-valley.curve." + ballName(ball)}; }

bool isQuadratic(const Parameters& p) { return p[kValleyFunction] != ValleyFunction::TwoValleys; }

double theoryOf(const Parameters& p, double rate) {
  return shrinkage(p[kValleyMethod], p[kCurvature], rate, momentumOf(p));
}

/// By what the distance has shrunk a step, on the average since the start.
double measuredShrinkage(const Parameters& p, const BallHistory& ball, std::int64_t step) {
  const double from = std::abs(p[kValleyStart]), to = std::abs(ball.x);
  if (step == 0 || from == 0 || !std::isfinite(to)) return kNaN;
  return std::pow(to / from, 1 / static_cast<double>(step));
}

Word fateWord(Fate fate) {
  static const char* const names[]{"monotone", "at_once", "oscillates", "bounces", "diverges"};
  return {std::string("lr-valley.fate.") + names[static_cast<int>(fate)]};
}

/// In which of two valleys, or nowhere.
Word placeWord(const Parameters& p, const BallHistory& ball) {
  if (!std::isfinite(ball.x)) return fateWord(Fate::Diverges);
  const Valley valley = valleyOf(p);
  const bool settled = std::abs(valley.slope(ball.x)) < 1e-3;
  const bool deep = ball.x < 0;
  return {std::string("lr-valley.place.") + (!settled ? "moving" : deep ? "deep" : "shallow")};
}

}  // namespace

std::string ballName(std::size_t ball) { return "ball-" + std::to_string(ball + 1); }

Valley valleyOf(const Parameters& parameters) {
  return {parameters[kValleyFunction], parameters[kCurvature]};
}

double momentumOf(const Parameters& parameters) {
  return parameters[kValleyMethod] == ValleyMethod::GradientDescent ? 0
                                                                    : parameters[kValleyMomentum];
}

PlaneData valleyPlane(const Parameters& parameters, const Balls& balls) {
  const Valley valley = valleyOf(parameters);
  const double reach = std::max(1.0, std::abs(parameters[kValleyStart]));
  const double side = isQuadratic(parameters) ? 1.4 * reach : std::max(1.7, 1.1 * reach);
  constexpr int kPoints = 201;
  PlaneData plane;
  PathLayer path{"function", Word{"lr-valley.layer.function"}, "", {}};
  double low = 0, high = 0;
  for (int i = 0; i < kPoints; ++i) {
    const double x = side * (2.0 * i / (kPoints - 1) - 1);
    path.points.push_back({x, valley.value(x)});
    low = std::min(low, path.points.back().y);
    high = std::max(high, path.points.back().y);
  }
  plane.x0 = -side;
  plane.x1 = side;
  plane.y0 = low - 0.08 * (high - low);
  plane.y1 = high;
  plane.layers.emplace_back(std::move(path));
  for (std::size_t i = 0; i < kBalls; ++i) {
    PathLayer trail{ballName(i) + "-trail", ballWord(i), ballName(i), {}};
    for (const double x : balls[i].trail)
      if (std::isfinite(x)) trail.points.push_back({x, valley.value(x)});
    if (trail.points.size() > 1) plane.layers.emplace_back(std::move(trail));
  }
  for (std::size_t i = 0; i < kBalls; ++i) {
    if (!std::isfinite(balls[i].x)) continue;
    plane.layers.emplace_back(PointsLayer{
        ballName(i), ballWord(i), {{balls[i].x, valley.value(balls[i].x)}}, {}, ballName(i), 12});
  }
  return plane;
}

SeriesData limitCurves(const Parameters& parameters, const Balls& balls, std::int64_t step) {
  SeriesData data;
  double last = 0;
  for (std::size_t i = 0; i < kBalls; ++i) last = std::max(last, parameters[kBallRates[i]]);
  if (isQuadratic(parameters)) {
    const double limit =
        rateLimit(parameters[kValleyMethod], parameters[kCurvature], momentumOf(parameters));
    last = 1.25 * std::max(last, limit);
    Curve theory{"theory", {}, {}, {}, true};
    constexpr int kPoints = 400;
    for (int i = 0; i <= kPoints; ++i) {
      theory.x.push_back(last * i / kPoints);
      theory.y.push_back(theoryOf(parameters, theory.x.back()));
    }
    const double high = std::max(1.3, theory.y.back());
    data.curves.push_back(std::move(theory));
    data.curves.push_back({"limit", {}, {limit, limit}, {0, high}, true});
  }
  for (std::size_t i = 0; i < kBalls; ++i)
    data.curves.push_back({ballName(i),
                           {},
                           {parameters[kBallRates[i]]},
                           {measuredShrinkage(parameters, balls[i], step)},
                           false});
  return data;
}

TableData ballsTable(const Parameters& parameters, const Balls& balls) {
  TableData table;
  table.columns = {{"ball"}, {"rate"}, {"shrinkage"}, {"fate"}, {"x"}};
  for (std::size_t i = 0; i < kBalls; ++i) {
    const double rate = parameters[kBallRates[i]];
    TableData::Row row{ballName(i), {ballWord(i), rate}};
    if (isQuadratic(parameters)) {
      row.cells.push_back(theoryOf(parameters, rate));
      row.cells.push_back(fateWord(
          fateOf(parameters[kValleyMethod], parameters[kCurvature], rate, momentumOf(parameters))));
    } else {
      row.cells.push_back(std::monostate{});
      row.cells.push_back(placeWord(parameters, balls[i]));
    }
    row.cells.push_back(balls[i].x);
    table.rows.push_back(std::move(row));
  }
  return table;
}

TableData floorTable(const Parameters& parameters, const Balls& balls) {
  TableData table;
  table.columns = {{"ball"}, {"rate"}, {"variance"}, {"variance_theory"}};
  const bool has_theory = parameters[kValleyFunction] == ValleyFunction::Noisy &&
                          parameters[kValleyMethod] == ValleyMethod::GradientDescent;
  for (std::size_t i = 0; i < kBalls; ++i) {
    const double rate = parameters[kBallRates[i]];
    TableData::Row row{ballName(i), {ballWord(i), rate}};
    row.cells.push_back(balls[i].counted > 0 ? TableData::Cell{balls[i].variance()}
                                             : TableData::Cell{});
    row.cells.push_back(has_theory ? TableData::Cell{stationaryVariance(
                                         parameters[kCurvature], rate, parameters[kValleyNoise])}
                                   : TableData::Cell{});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace viva
