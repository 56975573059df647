// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes cut to a rectangle: Qt's SVG writer knows no clip rectangle, so what it is given must end
// there.
#pragma once

#include <QPainterPath>
#include <QPen>
#include <QPolygonF>
#include <QRectF>
#include <vector>

namespace viva {

/// Moves the ends of a segment into `bounds`; false: nothing of it is inside.
bool cutSegment(const QRectF& bounds, QPointF& from, QPointF& to);

/// The pieces of a line through `points` that lie in `bounds`.
std::vector<QPolygonF> cutLine(const QRectF& bounds, const QPolygonF& points);

/// What a brush covers of `path` within `bounds`, to be filled without a pen. Curves become
/// polygons.
QPainterPath cutFill(const QRectF& bounds, const QPainterPath& path);

/// What `pen` covers of `path` within `bounds`, to be filled with the brush of the pen.
QPainterPath cutStroke(const QRectF& bounds, const QPainterPath& path, const QPen& pen);

}  // namespace viva
