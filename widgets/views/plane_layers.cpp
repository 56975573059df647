// SPDX-License-Identifier: GPL-3.0-or-later
// How a PlaneView draws the layers of a frame.
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/contours.h"
#include "widgets/views/cut_shapes.h"
#include "widgets/views/plane_view.h"

namespace viva {
namespace {

constexpr std::size_t kManyPoints = 150;  // from here on markers are copied from one picture

void drawContours(QPainter& painter, const Plot& plot, const FieldLayer& field,
                  const QVector<QLineF>& lines, const QColor& colour) {
  QVector<QLineF> placed;
  placed.reserve(lines.size());
  const auto place = [&](QPointF grid) {
    return plot.at(field.x0 + (grid.x() + 0.5) * (field.x1 - field.x0) / field.columns,
                   field.y0 + (grid.y() + 0.5) * (field.y1 - field.y0) / field.rows);
  };
  for (const QLineF& line : lines) {
    const QLineF moved(place(line.p1()), place(line.p2()));
    // Painters of vectors do not clip.
    if (plot.shows(moved.p1()) && plot.shows(moved.p2())) placed << moved;
  }
  if (drawsVectors(painter)) {
    QPainterPath path;
    for (const QLineF& line : placed) {
      path.moveTo(line.p1());
      path.lineTo(line.p2());
    }
    painter.strokePath(path, QPen(colour, 1));
    return;
  }
  painter.setPen(QPen(colour, 1));
  painter.drawLines(placed);
}

}  // namespace

std::size_t PlaneView::leadingFields() const {
  const auto* plane = data<PlaneData>();
  std::size_t count = 0;
  while (plane && count < plane->layers.size() &&
         std::holds_alternative<FieldLayer>(plane->layers[count]))
    ++count;
  return count;
}

void PlaneView::drawLayers(QPainter& painter, const Plot& plot, std::size_t from,
                           std::size_t to) const {
  const auto* plane = data<PlaneData>();
  const auto shown = [this](const std::string& id, const std::string& name) {
    return isShown(id.empty() ? name : id);
  };
  for (std::size_t i = from; i < to; ++i) {
    const PlaneLayer& layer = plane->layers[i];
    if (const auto* field = std::get_if<FieldLayer>(&layer)) {
      drawField(painter, plot, *field);
    } else if (const auto* points = std::get_if<PointsLayer>(&layer)) {
      if (shown(points->id, points->name)) drawPoints(painter, plot, *points);
    } else if (const auto* arrows = std::get_if<ArrowsLayer>(&layer)) {
      if (shown(arrows->id, arrows->name)) drawArrows(painter, plot, *arrows);
    } else if (const auto* path = std::get_if<PathLayer>(&layer)) {
      if (shown(path->id, path->name)) drawPath(painter, plot, *path);
    } else if (const auto* mesh = std::get_if<MeshLayer>(&layer)) {
      drawMesh(painter, plot, *mesh);
    } else if (const auto* boxes = std::get_if<BoxesLayer>(&layer)) {
      drawBoxes(painter, plot, *boxes);
    }
  }
}

const PlaneView::FieldPicture& PlaneView::pictureOf(const FieldLayer& field) const {
  FieldPicture& picture = fields_[field.name];
  const bool dark = appearance().dark;
  if (picture.field == field && picture.dark == dark && !picture.image.isNull()) return picture;
  const auto form = field.diverging     ? ColourScale::Form::Diverging
                    : field.logarithmic ? ColourScale::Form::Depth
                                        : ColourScale::Form::Linear;
  const bool usable = field.rows > 0 && field.columns > 0 &&
                      field.values->size() >= static_cast<std::size_t>(field.rows) * field.columns;
  const ColourScale scale = ColourScale::of(*field.values, form, field.minimum, field.maximum);
  picture = {field, dark, scale, {}, {}};
  const int rows = usable ? field.rows : 0, columns = usable ? field.columns : 0;
  picture.image =
      imageOf(*field.values, rows, columns, picture.scale,
              field.diverging ? ColourMap::MutedDiverging : ColourMap::Muted, dark, true);
  for (int i = 1; usable && i <= field.contours; ++i)
    picture.lines += contour(*field.values, rows, columns,
                             static_cast<float>(picture.scale.value(i / (field.contours + 1.0))));
  return picture;
}

void PlaneView::drawField(QPainter& painter, const Plot& plot, const FieldLayer& field) const {
  if (!field.values || field.rows <= 0 || field.columns <= 0) return;
  const FieldPicture& picture = pictureOf(field);
  const QRectF target(plot.at(field.x0, field.y1), plot.at(field.x1, field.y0));
  const QRectF visible = target.intersected(plot.inner);
  if (visible.isEmpty() || !std::isfinite(target.width()) || !std::isfinite(target.height()))
    return;
  const double across = picture.image.width() / target.width();
  const double down = picture.image.height() / target.height();
  const QRectF source((visible.left() - target.left()) * across,
                      (visible.top() - target.top()) * down, visible.width() * across,
                      visible.height() * down);
  painter.save();
  painter.setClipRect(plot.inner, Qt::IntersectClip);  // to whole pixels
  if (drawsVectors(painter)) {
    // Viewers smooth an embedded image in different ways, or not at all.
    constexpr double kDensity = 2;
    QImage image((visible.size() * kDensity).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter image_painter(&image);
    image_painter.setRenderHint(QPainter::SmoothPixmapTransform);
    image_painter.drawImage(QRectF(image.rect()), picture.image, source);
    image_painter.end();
    painter.drawImage(visible, image);
  } else {
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(visible, picture.image, source);
  }
  painter.restore();
  drawContours(painter, plot, field, picture.lines, theme(appearance().dark).contour);
}

void PlaneView::drawPoints(QPainter& painter, const Plot& plot, const PointsLayer& points) const {
  const bool dark = appearance().dark;
  const QColor edge = theme(dark).background;
  const double size = points.size * std::sqrt(std::max(0.25, appearance().font_scale));
  const bool copied = points.points.size() > kManyPoints && !drawsVectors(painter);
  const double ratio = painter.device() ? painter.device()->devicePixelRatioF() *
                                              std::max(0.1, painter.worldTransform().m11())
                                        : 1;
  std::map<int, QImage> pictures;
  for (std::size_t i = 0; i < points.points.size(); ++i) {
    const int number = i < points.classes.size() ? points.classes[i] : -1;
    const QPointF at = plot.at(points.points[i].x, points.points[i].y);
    if (!plot.shows(at)) continue;
    const auto style = [&] {
      return number >= 0 ? StyleTable::styleOfClass(number, dark)
                         : styleOf(points.id.empty() ? points.name : points.id);
    };
    if (!copied) {
      const CurveStyle s = style();
      drawMarker(painter, s.marker, at, size, s.colour, edge);
      continue;
    }
    QImage& picture = pictures[number];
    if (picture.isNull()) {
      const CurveStyle s = style();
      const int pixels = static_cast<int>(std::ceil((size * 1.5 + 4) * ratio));
      picture = QImage(pixels, pixels, QImage::Format_ARGB32_Premultiplied);
      picture.fill(Qt::transparent);
      picture.setDevicePixelRatio(ratio);
      QPainter marker_painter(&picture);
      marker_painter.setRenderHint(QPainter::Antialiasing);
      drawMarker(marker_painter, s.marker, QPointF(pixels, pixels) / (2 * ratio), size, s.colour,
                 edge);
    }
    const double half = picture.width() / (2 * ratio);
    painter.drawImage(at - QPointF(half, half), picture);
  }
}

void PlaneView::drawArrows(QPainter& painter, const Plot& plot, const ArrowsLayer& arrows) const {
  const CurveStyle style = styleOf(arrows.id.empty() ? arrows.name : arrows.id);
  for (std::size_t i = 0; i < std::min(arrows.from.size(), arrows.to.size()); ++i) {
    QPointF begin = plot.at(arrows.from[i].x, arrows.from[i].y);
    const QPointF tip = plot.at(arrows.to[i].x, arrows.to[i].y);
    const double length = QLineF(begin, tip).length();
    if (!std::isfinite(length) || length < 1 || length > 1e5) continue;
    QPointF end = tip;
    if (!cutSegment(plot.inner, begin, end)) continue;
    const QLineF line(begin, end);
    if (end != tip) {
      // It leaves the plot: without a head.
      painter.setPen(QPen(style.colour, arrows.from.size() > 40 ? 1.4 : 2.6));
      painter.drawLine(line);
      continue;
    }
    const double head = std::min(11.0, length * 0.45);
    if (line.length() <= 0) continue;
    const QPointF along = (line.p2() - line.p1()) / line.length(), across(-along.y(), along.x());
    const QPointF neck = line.p2() - along * head;
    painter.setPen(QPen(style.colour, arrows.from.size() > 40 ? 1.4 : 2.6));
    painter.drawLine(line.p1(), neck);
    painter.setPen(Qt::NoPen);
    painter.setBrush(style.colour);
    painter.drawPolygon(
        QPolygonF{line.p2(), neck + across * head * 0.45, neck - across * head * 0.45});
  }
}

void PlaneView::drawPath(QPainter& painter, const Plot& plot, const PathLayer& path) const {
  const CurveStyle style = styleOf(path.id.empty() ? path.name : path.id);
  const bool vectors = drawsVectors(painter);
  Stroke stroke(style, 2.4, plot.inner.adjusted(-1, -1, 1, 1), vectors);
  for (const Point& point : path.points) stroke.to(plot.at(point.x, point.y));
  stroke.flush(painter);
  if (path.points.empty()) return;
  const QPointF end = plot.at(path.points.back().x, path.points.back().y);
  if (plot.shows(end))
    drawMarker(painter, style.marker, end, widthOf(style, 11), style.colour,
               theme(appearance().dark).background);
}

void PlaneView::drawMesh(QPainter& painter, const Plot& plot, const MeshLayer& mesh) const {
  if (mesh.nodes.size() < static_cast<std::size_t>(mesh.rows) * mesh.columns) return;
  CurveStyle style;
  style.colour = theme(appearance().dark).reference;
  const bool vectors = drawsVectors(painter);
  Stroke stroke(style, 1, plot.inner.adjusted(-1, -1, 1, 1), vectors);
  const auto node = [&](int row, int column) {
    const Point& point = mesh.nodes[static_cast<std::size_t>(row) * mesh.columns + column];
    return plot.at(point.x, point.y);
  };
  for (int row = 0; row < mesh.rows; ++row, stroke.lift())
    for (int column = 0; column < mesh.columns; ++column) stroke.to(node(row, column));
  for (int column = 0; column < mesh.columns; ++column, stroke.lift())
    for (int row = 0; row < mesh.rows; ++row) stroke.to(node(row, column));
  stroke.flush(painter);
}

void PlaneView::drawBoxes(QPainter& painter, const Plot& plot, const BoxesLayer& boxes) const {
  const QFont font = baseFont(0.85);
  const QFontMetricsF metrics(font);
  painter.save();
  painter.setClipRect(plot.inner.adjusted(-1.5, -1.5, 1.5, 1.5), Qt::IntersectClip);
  for (const auto& box : boxes.boxes) {
    const CurveStyle style = styleOf(box.id.empty() ? boxes.name : box.id);
    const QRectF place = QRectF(plot.at(box.x0, box.y1), plot.at(box.x1, box.y0)).normalized();
    if (!place.intersects(plot.inner)) continue;
    painter.setPen(QPen(style.colour, widthOf(style, 2.2)));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(place);
    const QString label = labelOf(box.label);
    if (label.isEmpty()) continue;
    // Above its box, or in it where the plot ends.
    const bool has_room = place.top() - metrics.height() >= plot.inner.top();
    const QRectF tag(
        std::max(place.left(), plot.inner.left()),
        has_room ? place.top() - metrics.height() : std::max(place.top(), plot.inner.top()),
        metrics.horizontalAdvance(label) + 6, metrics.height());
    painter.setPen(Qt::NoPen);
    painter.setBrush(style.colour);
    painter.drawRect(tag);
    painter.setPen(theme(appearance().dark).background);
    painter.setFont(font);
    painter.drawText(QPointF(tag.left() + 3, tag.top() + metrics.ascent()), label);
  }
  painter.restore();
}

}  // namespace viva
