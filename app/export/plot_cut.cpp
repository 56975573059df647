// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/plot_cut.h"

#include <algorithm>
#include <cmath>

namespace viva {
namespace {

/// The axes' ranges and a good deal around them.
class Surroundings {
 public:
  Surroundings(const Point& x, const Point& y) : x_(widened(x)), y_(widened(y)) {}

  void cut(PlotLine& line) const {
    PlotLine kept = line;
    kept.x.clear();
    kept.y.clear();
    const auto add = [&kept](const Point& point) {
      kept.x.push_back(point.x);
      kept.y.push_back(point.y);
    };
    const auto at = [&line](std::size_t i) { return Point{line.x[i], line.y[i]}; };
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      if (holds(at(i))) {
        if (i > 0 && isFar(at(i - 1))) add(between(at(i), at(i - 1)));
        add(at(i));
      } else {
        if (i > 0 && isFar(at(i)) && holds(at(i - 1))) add(between(at(i - 1), at(i)));
        add({NAN, NAN});
      }
    }
    line = std::move(kept);
  }
  void cut(PlotPoints& points) const {
    PlotPoints kept = points;
    kept.points.clear();
    kept.classes.clear();
    for (std::size_t i = 0; i < points.points.size(); ++i) {
      if (!holds(points.points[i])) continue;
      kept.points.push_back(points.points[i]);
      if (i < points.classes.size()) kept.classes.push_back(points.classes[i]);
    }
    points = std::move(kept);
  }
  void cut(PlotArrows& arrows) const {
    PlotArrows kept = arrows;
    kept.from.clear();
    kept.to.clear();
    for (std::size_t i = 0; i < std::min(arrows.from.size(), arrows.to.size()); ++i) {
      if (!holds(arrows.from[i]) || !holds(arrows.to[i])) continue;
      kept.from.push_back(arrows.from[i]);
      kept.to.push_back(arrows.to[i]);
    }
    arrows = std::move(kept);
  }
  static void cut(PlotGrid&) {}
  static void cut(PlotBars&) {}

 private:
  static Point widened(const Point& range) {
    constexpr double kTimes = 30;  // 16,383 points are 41 times the width of the axis
    return {range.x - kTimes * (range.y - range.x), range.y + kTimes * (range.y - range.x)};
  }
  bool holds(const Point& p) const {
    return p.x >= x_.x && p.x <= x_.y && p.y >= y_.x && p.y <= y_.y;
  }
  bool isFar(const Point& p) const { return std::isfinite(p.x) && std::isfinite(p.y) && !holds(p); }
  /// Where the way from `inside` to `outside` leaves.
  Point between(const Point& inside, const Point& outside) const {
    double part = 1;
    const auto limit = [&part](double from, double to, const Point& range) {
      if (to > range.y) part = std::min(part, (range.y - from) / (to - from));
      if (to < range.x) part = std::min(part, (range.x - from) / (to - from));
    };
    limit(inside.x, outside.x, x_);
    limit(inside.y, outside.y, y_);
    return {inside.x + part * (outside.x - inside.x), inside.y + part * (outside.y - inside.y)};
  }

  Point x_, y_;  ///< low, high
};

}  // namespace

Plot withoutFarPlaces(Plot plot) {
  if (!plot.x_range || !plot.y_range) return plot;
  const Surroundings surroundings(*plot.x_range, *plot.y_range);
  for (PlotMark& mark : plot.marks) std::visit([&](auto& kind) { surroundings.cut(kind); }, mark);
  return plot;
}

}  // namespace viva
