// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/valley_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Label ballLabel(std::size_t ball) { return Word{"lr-valley.curve." + ballName(ball)}; }

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

double distanceOf(const Parameters& p, const BallHistory& ball) {
  return std::abs(ball.x - valleyOf(p).minimum());
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
    PathLayer trail{ballName(i) + "-trail", ballLabel(i), ballName(i), {}};
    for (const double x : balls[i].trail)
      if (std::isfinite(x)) trail.points.push_back({x, valley.value(x)});
    if (trail.points.size() > 1) plane.layers.emplace_back(std::move(trail));
  }
  for (std::size_t i = 0; i < kBalls; ++i) {
    if (!std::isfinite(balls[i].x)) continue;
    plane.layers.emplace_back(PointsLayer{
        ballName(i), ballLabel(i), {{balls[i].x, valley.value(balls[i].x)}}, {}, ballName(i), 12});
  }
  return plane;
}

SeriesData limitCurves(const Parameters& parameters, const Balls& balls, std::int64_t step) {
  SeriesData data;
  double last = 0;
  for (std::size_t i = 0; i < kBalls; ++i) last = std::max(last, ballRate(parameters, i));
  if (isQuadratic(parameters)) {
    const double limit =
        rateLimit(parameters[kValleyMethod], parameters[kCurvature], momentumOf(parameters));
    last = 1.25 * std::max(last, limit);
    Curve theory{"theory", Word{"lr-valley.curve.theory"}, {}, {}, true};
    constexpr int kPoints = 400;
    for (int i = 0; i <= kPoints; ++i) {
      theory.x.push_back(last * i / kPoints);
      theory.y.push_back(theoryOf(parameters, theory.x.back()));
    }
    const double high = std::max(1.3, theory.y.back());
    data.curves.push_back(std::move(theory));
    data.curves.push_back(
        {"limit", Word{"lr-valley.curve.limit"}, {limit, limit}, {0, high}, true});
  }
  for (std::size_t i = 0; i < kBalls; ++i)
    data.curves.push_back({ballName(i),
                           ballLabel(i),
                           {ballRate(parameters, i)},
                           {measuredShrinkage(parameters, balls[i], step)},
                           false});
  return data;
}

TableData ballsTable(const Parameters& parameters, const Balls& balls) {
  TableData table;
  table.columns = {{"ball"}, {"rate"}, {"shrinkage"}, {"fate"}, {"x"}};
  for (std::size_t i = 0; i < kBalls; ++i) {
    const double rate = ballRate(parameters, i);
    TableData::Row row{ballName(i), {std::get<Word>(ballLabel(i)), rate}};
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
    const double rate = ballRate(parameters, i);
    TableData::Row row{ballName(i), {std::get<Word>(ballLabel(i)), rate}};
    row.cells.push_back(balls[i].counted > 0 ? TableData::Cell{balls[i].variance()}
                                             : TableData::Cell{});
    row.cells.push_back(has_theory ? TableData::Cell{stationaryVariance(
                                         parameters[kCurvature], rate, parameters[kValleyNoise])}
                                   : TableData::Cell{});
    table.rows.push_back(std::move(row));
  }
  return table;
}

VerdictData valleyVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const Balls& balls) {
  if (step == 0) return {Mood::Open, {"verdict.valley.early", {}}};
  const double limit =
      rateLimit(parameters[kValleyMethod], parameters[kCurvature], momentumOf(parameters));
  std::vector<std::pair<std::string, Argument>> arguments{{"step", step},
                                                          {"limit", readable(limit)}};
  int converged = 0, lost = 0;
  for (std::size_t i = 0; i < kBalls; ++i) {
    const std::string number = std::to_string(i + 1);
    const double distance = distanceOf(parameters, balls[i]);
    arguments.emplace_back("rate" + number, readable(ballRate(parameters, i)));
    arguments.emplace_back("distance" + number, readable(distance));
    arguments.emplace_back("variance" + number, readable(balls[i].variance()));
    converged += distance < 0.5 * std::abs(parameters[kValleyStart]);
    lost += !(distance <= 2 * std::abs(parameters[kValleyStart]));
  }
  arguments.emplace_back("converged", std::int64_t{converged});
  arguments.emplace_back("lost", std::int64_t{lost});
  const auto judged = [&](std::int64_t patience, bool holds) {
    return VerdictData{step < patience ? Mood::Open
                       : holds         ? Mood::Holds
                                       : Mood::Fails,
                       {"verdict.valley." + preset, arguments}};
  };
  const auto distance = [&](std::size_t ball) { return distanceOf(parameters, balls[ball]); };
  const double start = std::abs(parameters[kValleyStart]);
  if (preset == "exactly-at-the-limit")
    return judged(20, distance(0) < distance(2) && distance(1) == 0 && distance(2) < 0.2 * start &&
                          distance(3) == start && distance(4) > 5 * start);
  if (preset == "too-small-is-slow")
    return judged(1000, std::all_of(balls.begin(), balls.end(), [&](const BallHistory& ball) {
                    return ball.came_closer && std::abs(ball.x) < 1e-3 * start;
                  }));
  if (preset == "two-valleys") {
    const auto deep = [&](std::size_t ball) { return balls[ball].x < 0; };
    return judged(200,
                  !deep(0) && !deep(1) && !deep(2) && distance(3) < 1e-6 && distance(4) > 0.05);
  }
  if (preset == "noise-floor") {
    bool holds = true;
    double worst = 0;
    for (std::size_t i = 0; i < kBalls; ++i) {
      const double theory = stationaryVariance(parameters[kCurvature], ballRate(parameters, i),
                                               parameters[kValleyNoise]);
      if (i > 0) holds = holds && balls[i].variance() > balls[i - 1].variance();
      if (balls[i].counted > 0)
        worst = std::max(worst, std::abs(balls[i].variance() / theory - 1));
      else
        holds = false;
    }
    arguments.emplace_back("worst", percent(worst));
    return judged(15000, holds && worst < 0.4);
  }
  if (preset == "momentum-limit")
    return judged(400, distance(0) < 1e-3 && distance(1) < 1e-3 && distance(2) < 0.5 * start &&
                           distance(3) > 0.5 * start && distance(4) > 10 * start);
  if (preset == "nesterov-limit")
    return judged(200, distance(0) < 1e-3 && distance(1) < 1e-3 && distance(2) < 0.5 * start &&
                           distance(3) > 10 * start && distance(4) > 10 * start);
  return {Mood::Open,
          {isQuadratic(parameters) ? "verdict.valley.standing" : "verdict.valley.standing_two",
           arguments}};
}

}  // namespace viva
