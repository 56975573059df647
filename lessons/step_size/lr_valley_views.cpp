// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/step_size/lr_valley.h"

namespace viva {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Word ballWord(const Parameters& p, std::size_t ball) {
  return {"lr-valley.curve." + ballName(p, ball)};
}

bool isQuadratic(const Parameters& p) { return p[kValleyFunction] != ValleyFunction::TwoValleys; }

double theoryOf(const Parameters& p, double curvature, double rate) {
  return shrinkage(p[kValleyMethod], curvature, rate, momentumOf(p));
}

/// Of a plot that these parameters leave empty.
SeriesData noTheory() { return {{Curve{"theory", {}, {}, {}, true}}}; }

/// By what the distance has shrunk a step, on the average since the start; of a ball that has gone
/// beyond all numbers, until then.
double measuredShrinkage(const Parameters& p, const BallHistory& ball) {
  const double from = std::abs(p[kValleyStart]), to = std::abs(ball.last_number);
  if (ball.number_step == 0 || from == 0) return kNaN;
  return std::pow(to / from, 1 / static_cast<double>(ball.number_step));
}

Word fateWord(Fate fate) {
  static const char* const names[]{"monotone", "at_once", "oscillates", "bounces", "diverges"};
  return {std::string("lr-valley.fate.") + names[static_cast<int>(fate)]};
}

/// In which of two valleys, or nowhere.
Word placeWord(const Parameters& p, const BallHistory& ball) {
  if (!std::isfinite(ball.x)) return fateWord(Fate::Diverges);
  const Valley valley = valleyOf(p, 0);
  const bool settled = std::abs(valley.slope(ball.x)) < 1e-3;
  const bool deep = ball.x < 0;
  return {std::string("lr-valley.place.") + (!settled ? "moving" : deep ? "deep" : "shallow")};
}

}  // namespace

bool hasDirections(const Parameters& parameters) {
  return parameters[kValleyFunction] == ValleyFunction::Eigenvalues;
}

std::string ballName(const Parameters& parameters, std::size_t ball) {
  return (hasDirections(parameters) ? "direction-" : "ball-") + std::to_string(ball + 1);
}

double rateOf(const Parameters& parameters, std::size_t ball) {
  return hasDirections(parameters) ? parameters[kSharedRate] : parameters[kBallRates[ball]];
}

double curvatureOf(const Parameters& parameters, std::size_t ball) {
  if (!hasDirections(parameters)) return parameters[kCurvature];
  const double part = static_cast<double>(kBalls - 1 - ball) / (kBalls - 1);
  return parameters[kCurvature] * std::pow(parameters[kConditionNumber], -part);
}

Valley valleyOf(const Parameters& parameters, std::size_t ball) {
  return {parameters[kValleyFunction], curvatureOf(parameters, ball)};
}

double momentumOf(const Parameters& parameters) {
  return parameters[kValleyMethod] == ValleyMethod::GradientDescent ? 0
                                                                    : parameters[kValleyMomentum];
}

PlaneData valleyPlane(const Parameters& parameters, const Balls& balls) {
  const double reach = std::max(1.0, std::abs(parameters[kValleyStart]));
  const double side = isQuadratic(parameters) ? 1.4 * reach : std::max(1.7, 1.1 * reach);
  constexpr int kPoints = 201;
  PlaneData plane;
  double low = 0, high = 0;
  const auto draw = [&](PathLayer path, const Valley& valley) {
    for (int i = 0; i < kPoints; ++i) {
      const double x = side * (2.0 * i / (kPoints - 1) - 1);
      path.points.push_back({x, valley.value(x)});
      low = std::min(low, path.points.back().y);
      high = std::max(high, path.points.back().y);
    }
    plane.layers.emplace_back(std::move(path));
  };
  if (hasDirections(parameters))
    for (std::size_t i = 0; i < kBalls; ++i) {
      const std::string name = ballName(parameters, i);
      draw({name + "-function", ballWord(parameters, i), name, {}}, valleyOf(parameters, i));
    }
  else
    draw({"function", Word{"lr-valley.layer.function"}, "", {}}, valleyOf(parameters, 0));
  plane.x0 = -side;
  plane.x1 = side;
  plane.y0 = low - 0.08 * (high - low);
  plane.y1 = high;
  for (std::size_t i = 0; i < kBalls; ++i) {
    const std::string name = ballName(parameters, i);
    const Valley valley = valleyOf(parameters, i);
    PathLayer trail{name + "-trail", ballWord(parameters, i), name, {}};
    for (const double x : balls[i].trail)
      if (std::isfinite(x)) trail.points.push_back({x, valley.value(x)});
    if (trail.points.size() > 1) plane.layers.emplace_back(std::move(trail));
  }
  for (std::size_t i = 0; i < kBalls; ++i) {
    if (!std::isfinite(balls[i].x)) continue;
    const std::string name = ballName(parameters, i);
    const double height = valleyOf(parameters, i).value(balls[i].x);
    plane.layers.emplace_back(
        PointsLayer{name, ballWord(parameters, i), {{balls[i].x, height}}, {}, name, 12});
  }
  return plane;
}

SeriesData limitCurves(const Parameters& parameters, const Balls& balls) {
  if (hasDirections(parameters)) return noTheory();
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
      theory.y.push_back(theoryOf(parameters, parameters[kCurvature], theory.x.back()));
    }
    const double high = std::max(1.3, theory.y.back());
    data.curves.push_back(std::move(theory));
    data.curves.push_back({"limit", {}, {limit, limit}, {0, high}, true});
  }
  for (std::size_t i = 0; i < kBalls; ++i)
    data.curves.push_back({ballName(parameters, i),
                           {},
                           {parameters[kBallRates[i]]},
                           {measuredShrinkage(parameters, balls[i])},
                           false});
  return data;
}

SeriesData spectrumCurves(const Parameters& parameters, const Balls& balls) {
  if (!hasDirections(parameters)) return noTheory();
  SeriesData data;
  const double rate = parameters[kSharedRate];
  const double low = curvatureOf(parameters, 0) / 2;
  // Somewhat beyond the steepest direction, to the eigenvalue that this rate would not stand.
  const double limit = rateLimit(parameters[kValleyMethod], rate, momentumOf(parameters));
  const double high = 1.3 * std::max(limit, curvatureOf(parameters, kBalls - 1));
  Curve theory{"theory", {}, {}, {}, true};
  constexpr int kPoints = 400;
  for (int i = 0; i <= kPoints; ++i) {
    theory.x.push_back(low * std::pow(high / low, static_cast<double>(i) / kPoints));
    theory.y.push_back(theoryOf(parameters, theory.x.back(), rate));
  }
  const double top = std::max(1.0, theory.y.back());
  data.curves.push_back(std::move(theory));
  data.curves.push_back({"limit", {}, {limit, limit}, {0, top}, true});
  for (std::size_t i = 0; i < kBalls; ++i)
    data.curves.push_back({ballName(parameters, i),
                           {},
                           {curvatureOf(parameters, i)},
                           {measuredShrinkage(parameters, balls[i])},
                           false});
  return data;
}

TableData ballsTable(const Parameters& parameters, const Balls& balls) {
  TableData table;
  table.columns = {{"ball"}, {"rate"}, {"shrinkage"}, {"fate"}, {"x"}};
  if (hasDirections(parameters)) table.columns[1] = {"eigenvalue"};
  for (std::size_t i = 0; i < kBalls; ++i) {
    const double rate = rateOf(parameters, i), curvature = curvatureOf(parameters, i);
    TableData::Row row{ballName(parameters, i),
                       {ballWord(parameters, i), hasDirections(parameters) ? curvature : rate}};
    if (isQuadratic(parameters)) {
      row.cells.push_back(theoryOf(parameters, curvature, rate));
      row.cells.push_back(
          fateWord(fateOf(parameters[kValleyMethod], curvature, rate, momentumOf(parameters))));
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
    const double rate = rateOf(parameters, i);
    TableData::Row row{ballName(parameters, i), {ballWord(parameters, i), rate}};
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
