// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/cut_shapes.h"

#include <QPainterPathStroker>
#include <QTransform>
#include <algorithm>

namespace viva {
namespace {

/// Curves become polygons at this enlargement, so that their corners are not seen.
constexpr double kFineness = 8;

/// Sutherland and Hodgman (1974), one side of the rectangle at a time. Where the polygon leaves and
/// comes back, edges run along the side, where they cover nothing.
template <typename IsInside, typename Cross>
QPolygonF cutAt(const QPolygonF& polygon, IsInside is_inside, Cross cross) {
  QPolygonF cut;
  for (qsizetype i = 0; i < polygon.size(); ++i) {
    const QPointF& from = polygon[i == 0 ? polygon.size() - 1 : i - 1];
    const QPointF& to = polygon[i];
    if (is_inside(from) != is_inside(to)) cut << cross(from, to);
    if (is_inside(to)) cut << to;
  }
  return cut;
}

QPolygonF cutPolygon(const QRectF& bounds, QPolygonF polygon) {
  const auto at_x = [](double x) {
    return [x](QPointF a, QPointF b) {
      return QPointF(x, a.y() + (x - a.x()) / (b.x() - a.x()) * (b.y() - a.y()));
    };
  };
  const auto at_y = [](double y) {
    return [y](QPointF a, QPointF b) {
      return QPointF(a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x()), y);
    };
  };
  const double left = bounds.left(), right = bounds.right(), top = bounds.top(),
               bottom = bounds.bottom();
  polygon = cutAt(
      polygon, [=](QPointF p) { return p.x() >= left; }, at_x(left));
  polygon = cutAt(
      polygon, [=](QPointF p) { return p.x() <= right; }, at_x(right));
  polygon = cutAt(
      polygon, [=](QPointF p) { return p.y() >= top; }, at_y(top));
  return cutAt(
      polygon, [=](QPointF p) { return p.y() <= bottom; }, at_y(bottom));
}

}  // namespace

// Liang and Barsky (1984).
bool cutSegment(const QRectF& bounds, QPointF& from, QPointF& to) {
  const QPointF way = to - from;
  double enter = 0, leave = 1;
  const auto edge = [&](double direction, double distance) {
    if (direction == 0) return distance >= 0;
    const double t = distance / direction;
    if (direction < 0)
      enter = std::max(enter, t);
    else
      leave = std::min(leave, t);
    return enter <= leave;
  };
  if (!edge(-way.x(), from.x() - bounds.left()) || !edge(way.x(), bounds.right() - from.x()) ||
      !edge(-way.y(), from.y() - bounds.top()) || !edge(way.y(), bounds.bottom() - from.y()))
    return false;
  const QPointF start = from;
  if (leave < 1) to = start + leave * way;
  if (enter > 0) from = start + enter * way;
  return true;
}

std::vector<QPolygonF> cutLine(const QRectF& bounds, const QPolygonF& points) {
  std::vector<QPolygonF> pieces;
  for (qsizetype i = 1; i < points.size(); ++i) {
    QPointF from = points[i - 1], to = points[i];
    if (!cutSegment(bounds, from, to)) continue;
    if (pieces.empty() || pieces.back().back() != from) pieces.push_back({from});
    pieces.back() << to;
  }
  return pieces;
}

QPainterPath cutFill(const QRectF& bounds, const QPainterPath& path) {
  QPainterPath cut;
  cut.setFillRule(path.fillRule());
  const auto fine = QTransform::fromScale(kFineness, kFineness);
  const auto back = QTransform::fromScale(1 / kFineness, 1 / kFineness);
  for (const QPolygonF& polygon : path.toSubpathPolygons(fine)) {
    const QPolygonF inside = cutPolygon(bounds, back.map(polygon));
    if (inside.size() < 3) continue;
    cut.addPolygon(inside);
    cut.closeSubpath();
  }
  return cut;
}

QPainterPath cutStroke(const QRectF& bounds, const QPainterPath& path, const QPen& pen) {
  QPainterPathStroker stroker(pen);
  stroker.setWidth(pen.widthF() > 0 ? pen.widthF() : 1);
  return cutFill(bounds, stroker.createStroke(path));
}

}  // namespace viva
