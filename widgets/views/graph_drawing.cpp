// SPDX-License-Identifier: GPL-3.0-or-later
// Where a GraphView puts its nodes, arrows and texts, and how it draws them.
#include <QLineF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/graph_text.h"
#include "widgets/views/graph_view.h"
#include "widgets/views/picks.h"

namespace viva {
namespace {

using Shape = GraphData::Shape;

constexpr double kThinnest = 1.4, kThickest = 7;

// Where the line from the centre of a node towards `to` leaves the node.
QPointF borderOf(const QRectF& box, Shape shape, QPointF to) {
  const QPointF centre = box.center(), way = to - centre;
  const double length = std::hypot(way.x(), way.y());
  if (length < 1e-9) return centre;
  if (shape == Shape::Circle) return centre + way / length * (box.width() / 2 + 1);
  const double across = std::abs(way.x()) / (box.width() / 2 + 1);
  const double down = std::abs(way.y()) / (box.height() / 2 + 1);
  const double reach = std::max(across, down);
  return reach <= 1 ? to : centre + way / reach;
}

double lengthOf(const QPolygonF& line) {
  double length = 0;
  for (int i = 1; i < line.size(); ++i) length += QLineF(line[i - 1], line[i]).length();
  return length;
}

// A place on a line of several pieces, as a part of its length, and which way the line goes there.
std::pair<QPointF, QPointF> along(const QPolygonF& line, double part) {
  double left = part * lengthOf(line);
  for (int i = 1; i < line.size(); ++i) {
    const QLineF piece(line[i - 1], line[i]);
    if (piece.length() <= 0) continue;
    if (left <= piece.length() || i + 1 == line.size())
      return {piece.pointAt(std::min(1.0, left / piece.length())),
              (piece.p2() - piece.p1()) / piece.length()};
    left -= piece.length();
  }
  return {line.isEmpty() ? QPointF() : line.first(), {1, 0}};
}

bool crosses(const QPolygonF& line, const QRectF& box) {
  const QPointF corners[] = {box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()};
  for (int i = 1; i < line.size(); ++i) {
    const QLineF piece(line[i - 1], line[i]);
    if (box.contains(piece.p1()) || box.contains(piece.p2())) return true;
    for (int side = 0; side < 4; ++side)
      if (piece.intersects(QLineF(corners[side], corners[(side + 1) % 4]), nullptr) ==
          QLineF::BoundedIntersection)
        return true;
  }
  return false;
}

}  // namespace

QSizeF GraphView::sizeOf(const GraphData::Node& node, double font_factor, bool value) const {
  const QFontMetricsF metrics(baseFont(font_factor));
  const QString label = labelOf(node.label);
  double width = label.isEmpty() ? 0 : metrics.horizontalAdvance(label);
  int lines = label.isEmpty() ? 0 : 1;
  if (node.value && value) {
    // A width that most values share keeps the nodes rather still while the values change.
    QFont bold = baseFont(font_factor);
    bold.setBold(true);
    const QFontMetricsF strong(bold);
    width = std::max({width, strong.horizontalAdvance(QStringLiteral("0.000")),
                      strong.horizontalAdvance(nodeNumber(*node.value))});
    ++lines;
  }
  const double room = node.shape == Shape::Text ? 2 : metrics.height() * 0.4;
  QSizeF size(width + 2 * room, std::max(1, lines) * metrics.height() + room);
  if (node.shape != Shape::Circle) return size;
  const double diameter =
      std::max(metrics.height() * 1.5, std::hypot(width, lines * metrics.height() * 0.8) + 6);
  return {diameter, diameter};
}

QString GraphView::edgeText(const GraphData::Edge& edge) const {
  QString text = labelOf(edge.label);
  if (edge.value)
    text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + nodeNumber(*edge.value);
  return text;
}

double GraphView::widthOf(const GraphData::Edge& edge) const {
  const double scale = std::sqrt(appearance().font_scale);
  if (!edge.value) return 1.8 * scale;
  const auto* graph = data<GraphData>();
  const double largest = std::max(std::abs(graph->minimum), std::abs(graph->maximum));
  const double part = std::abs(*edge.value) / (largest > 0 ? largest : 1);
  return scale *
         (kThinnest + (std::isnan(part) ? 0 : std::min(1.0, part)) * (kThickest - kThinnest));
}

// The sentences are to be read from the last row: as large as leaves room for the nodes.
void GraphView::layLines(Layout& layout, QRectF& rest) const {
  const auto* graph = data<GraphData>();
  if (graph->lines.empty()) return;
  const double part = graph->nodes.empty() ? 1.0 : rest.height() < 260 ? 0.28 : 0.32;
  const double allowed = rest.height() * part;
  for (const double factor : {1.45, 1.3, 1.15, 1.0, 0.9, 0.8}) {
    const QFont font = baseFont(factor);
    const double height = QFontMetricsF(font).height() * 1.12;
    layout.lines.clear();
    layout.line_font = factor;
    QStringList all;
    for (const Message& message : graph->lines)
      all += wrapped(word(message), font, std::max(20.0, rest.width() - 12));
    const int fitting = std::max(1, static_cast<int>(allowed / height));
    const double top = rest.bottom() - std::min<int>(all.size(), fitting) * height - 2;
    for (int i = 0; i < std::min<int>(all.size(), fitting); ++i)
      layout.lines.push_back(
          {{rest.left() + 6, top + i * height, rest.width() - 12, height}, all[i]});
    if (all.size() <= fitting) break;
    // Not even the smallest letters show all of it.
    layout.lines.back().text += QStringLiteral(" …");
  }
  rest.setBottom(layout.lines.front().box.top() - 4);
}

void GraphView::layNodes(Layout& layout, const QRectF& area) const {
  const auto* graph = data<GraphData>();
  const double edge = spec().picks ? 8 : 4;  // the frame of what is picked is whole
  const auto place = [&](double factor, bool values) {
    layout.font = factor;
    layout.values_shown = values;
    layout.nodes.clear();
    double width = 0, height = 0;
    std::vector<QSizeF> sizes;
    for (const auto& node : graph->nodes) {
      sizes.push_back(sizeOf(node, factor, values));
      width = std::max(width, sizes.back().width());
      height = std::max(height, sizes.back().height());
    }
    const QRectF inner =
        area.adjusted(width / 2 + edge, height / 2 + edge, -width / 2 - edge, -height / 2 - edge);
    layout.square = inner;
    if (inner.width() < 0 || inner.height() < 0) {
      layout.square = QRectF(area.center(), QSizeF(0, 0));
      const QPointF centre = area.center();
      for (std::size_t i = 0; i < sizes.size(); ++i)
        layout.nodes.emplace_back(centre - QPointF(sizes[i].width(), sizes[i].height()) / 2,
                                  sizes[i]);
      return sizes.size() <= 1;
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const Point& at = graph->nodes[i].at;
      const auto into = [](double v) { return std::isfinite(v) ? std::clamp(v, 0.0, 1.0) : 0.5; };
      const QPointF centre(inner.left() + into(at.x) * inner.width(),
                           inner.top() + into(at.y) * inner.height());
      layout.nodes.emplace_back(centre - QPointF(sizes[i].width(), sizes[i].height()) / 2,
                                sizes[i]);
    }
    for (std::size_t i = 0; i < sizes.size(); ++i)
      for (std::size_t k = i + 1; k < sizes.size(); ++k)
        if (layout.nodes[i].adjusted(-5, -3, 5, 3).intersects(layout.nodes[k])) return false;
    return true;
  };
  for (const double factor : {1.7, 1.5, 1.35, 1.2, 1.1, 1.0, 0.9, 0.82, 0.75, 0.68})
    if (place(factor, true)) return;
  for (const double factor : {0.82, 0.75, 0.68, 0.6})
    if (place(factor, false)) return;
  // Too small for all of the text: nodes as wide as their neighbours allow, the text cut.
  for (std::size_t i = 0; i < layout.nodes.size(); ++i)
    for (std::size_t k = i + 1; k < layout.nodes.size(); ++k) {
      QRectF &one = layout.nodes[i], &other = layout.nodes[k];
      if (!one.adjusted(-2, -1, 2, 1).intersects(other)) continue;
      const QPointF way = one.center() - other.center();
      const double across = std::abs(way.x()), down = std::abs(way.y());
      for (QRectF* box : {&one, &other}) {
        const QPointF centre = box->center();
        if (across * box->height() >= down * box->width())
          box->setWidth(std::max(4.0, std::min(box->width(), across - 3)));
        else
          box->setHeight(std::max(4.0, std::min(box->height(), down - 2)));
        box->moveCenter(centre);
      }
    }
}

void GraphView::layEdges(Layout& layout) const {
  const auto* graph = data<GraphData>();
  const auto corner = [&](const Point& point) {
    return layout.square.topLeft() +
           QPointF(point.x * layout.square.width(), point.y * layout.square.height());
  };
  for (const auto& edge : graph->edges) {
    QPolygonF line;
    const int from = indexOf(edge.from), to = indexOf(edge.to);
    if (from >= 0 && to >= 0) {
      const QRectF &start = layout.nodes[from], &end = layout.nodes[to];
      for (const Point& point : edge.through)
        if (std::isfinite(point.x) && std::isfinite(point.y)) line << corner(point);
      if (line.isEmpty() && from == to) {
        const double loop = start.height() * 0.7;
        line << start.topRight() + QPointF(loop, start.height() * 0.3)
             << start.topRight() + QPointF(loop, -loop)
             << QPointF(start.center().x(), start.top() - loop);
      }
      const QPointF first = line.isEmpty() ? end.center() : line.first();
      const QPointF last = line.isEmpty() ? start.center() : line.last();
      line.prepend(borderOf(start, graph->nodes[from].shape, first));
      line.append(borderOf(end, graph->nodes[to].shape, last));
    }
    layout.edges.push_back(line);
  }
}

void GraphView::layEdgeTexts(Layout& layout, const QRectF& area) const {
  const auto* graph = data<GraphData>();
  const QFontMetricsF metrics(baseFont(layout.font * 0.88));
  const auto free = [&](const QRectF& box) {
    const auto meets = [&](const QRectF& other) { return other.intersects(box); };
    return area.contains(box) && std::none_of(layout.nodes.begin(), layout.nodes.end(), meets) &&
           std::none_of(layout.edge_texts.begin(), layout.edge_texts.end(),
                        [&](const Layout::EdgeText& text) { return text.box.intersects(box); });
  };
  for (std::size_t i = 0; i < graph->edges.size(); ++i) {
    const QString text = edgeText(graph->edges[i]);
    if (text.isEmpty() || layout.edges[i].size() < 2) continue;
    const QSizeF size(metrics.horizontalAdvance(text) + 6, metrics.height());
    const auto unhindered = [&](const QRectF& box, bool strictly) {
      if (!free(box)) return false;
      for (std::size_t k = 0; strictly && k < layout.edges.size(); ++k)
        if (k != i && crosses(layout.edges[k], box)) return false;
      return true;
    };
    const auto find = [&](bool strictly) -> std::optional<QRectF> {
      for (const double part : {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8}) {
        const auto [at, way] = along(layout.edges[i], part);
        const double off =
            (std::abs(way.y()) * size.width() + std::abs(way.x()) * size.height()) / 2 +
            widthOf(graph->edges[i]) / 2 + 2;
        const QPointF aside(way.y(), -way.x());
        for (const double side : {0.0, 1.0, -1.0}) {
          // On the line only where enough of the line stays in sight.
          if (side == 0 &&
              std::abs(way.x()) * size.width() + std::abs(way.y()) * size.height() + 30 >
                  lengthOf(layout.edges[i]))
            continue;
          const QRectF box(at + side * off * aside - QPointF(size.width(), size.height()) / 2,
                           size);
          if (unhindered(box, strictly)) return box;
        }
      }
      return std::nullopt;
    };
    auto box = find(true);
    if (!box) box = find(false);
    // Where there is no room the read-out tells it.
    if (box) layout.edge_texts.push_back({static_cast<int>(i), *box, text});
  }
}

GraphView::Layout GraphView::layoutFor(const QRectF& area) const {
  Layout layout;
  QRectF rest = area;
  layLines(layout, rest);
  if (data<GraphData>()->nodes.empty()) return layout;
  layNodes(layout, rest);
  layEdges(layout);
  layEdgeTexts(layout, rest);
  return layout;
}

void GraphView::drawEdge(QPainter& painter, const GraphData::Edge& edge,
                         const QPolygonF& line) const {
  if (line.size() < 2) return;
  const bool dark = appearance().dark;
  const Theme& colours = theme(dark);
  const double width = widthOf(edge);
  QColor colour = colours.muted_text;
  if (edge.value && diverges() && *edge.value != 0 && !std::isnan(*edge.value))
    colour = QColor::fromRgb(mapped(ColourMap::Diverging, *edge.value > 0 ? 1 : 0, dark));
  const QLineF last(line[line.size() - 2], line.last());
  const double length = last.length();
  if (!(length > 0)) return;
  const double head = std::min(6 + width * 1.8, length * 0.8);
  const QPointF way = (last.p2() - last.p1()) / length, across(-way.y(), way.x());
  const QPointF neck = last.p2() - way * head;
  QPolygonF shaft = line;
  shaft.last() = neck + way;
  QPen pen(colour, width);
  pen.setJoinStyle(Qt::RoundJoin);
  pen.setCapStyle(Qt::FlatCap);
  if (edge.dashed) pen.setDashPattern({7 / width, 5 / width});
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  painter.drawPolyline(shaft);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  const double half = 3 + width * 0.9;
  painter.drawPolygon(QPolygonF{last.p2(), neck + across * half, neck - across * half});
}

void GraphView::drawNode(QPainter& painter, const GraphData::Node& node, const QRectF& box,
                         const Layout& layout) const {
  const bool dark = appearance().dark;
  const Theme& colours = theme(dark);
  QColor fill = colours.row;
  const bool filled = node.value && node.coloured && !std::isnan(*node.value);
  if (filled)
    fill = QColor::fromRgb(mapped(diverges() ? ColourMap::Diverging : ColourMap::Sequential,
                                  placeOf(*node.value), dark));
  QColor ink = colours.text;
  if (node.shape == Shape::Text) {
    if (filled) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(fill);
      painter.drawRoundedRect(box, 3, 3);
    }
  } else {
    painter.setPen(QPen(colours.axis, 1.4));
    painter.setBrush(fill);
    if (node.shape == Shape::Circle)
      painter.drawEllipse(box);
    else
      painter.drawRoundedRect(box, 5, 5);
  }
  if (filled && contrast(colours.background, fill) > contrast(ink, fill)) ink = colours.background;
  const QFont font = baseFont(layout.font);
  const QFontMetricsF metrics(font);
  QStringList texts;
  if (const QString label = labelOf(node.label); !label.isEmpty()) texts << label;
  if (node.value && layout.values_shown) texts << nodeNumber(*node.value);
  while (texts.size() > 1 && texts.size() * metrics.height() > box.height() + 2) texts.removeLast();
  if (metrics.height() > box.height() + metrics.descent()) texts.clear();
  double y = box.center().y() - texts.size() * metrics.height() / 2 + metrics.ascent();
  for (int i = 0; i < texts.size(); ++i, y += metrics.height()) {
    QFont own = font;
    own.setBold(node.value && layout.values_shown && i + 1 == texts.size());
    const QFontMetricsF own_metrics(own);
    const QString text = own_metrics.elidedText(texts[i], Qt::ElideRight, box.width() + 1);
    painter.setFont(own);
    painter.setPen(ink);
    painter.drawText(QPointF(box.center().x() - own_metrics.horizontalAdvance(text) / 2, y), text);
  }
}

void GraphView::outline(QPainter& painter, int node, const Layout& layout, double away) const {
  const QRectF box = layout.nodes[node].adjusted(-away, -away, away, away);
  if (data<GraphData>()->nodes[node].shape == Shape::Circle)
    painter.drawEllipse(box);
  else
    painter.drawRoundedRect(box, 6, 6);
}

void GraphView::render(QPainter& painter, const QRectF& area) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (isEmpty()) {
    drawEmpty(painter, area);
    painter.restore();
    return;
  }
  const auto* graph = data<GraphData>();
  const Theme& colours = theme(appearance().dark);
  const Layout layout = layoutFor(area);
  for (std::size_t i = 0; i < layout.edges.size(); ++i)
    drawEdge(painter, graph->edges[i], layout.edges[i]);
  for (std::size_t i = 0; i < layout.nodes.size(); ++i)
    drawNode(painter, graph->nodes[i], layout.nodes[i], layout);
  const Picked picked(parameters(), spec().picks);
  for (std::size_t i = 0; i < layout.nodes.size(); ++i)
    if (picked.has(static_cast<std::int64_t>(i)))
      for (const auto& [colour, width] :
           {std::pair{colours.background, 5.0}, {colours.accent, 2.4}}) {
        painter.setPen(QPen(colour, width));
        painter.setBrush(Qt::NoBrush);
        outline(painter, static_cast<int>(i), layout, 4);
      }
  painter.setFont(baseFont(layout.font * 0.88));
  const QFontMetricsF metrics(painter.font());
  for (const Layout::EdgeText& text : layout.edge_texts) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.shade);
    painter.drawRoundedRect(text.box, 3, 3);
    painter.setPen(colours.text);
    painter.drawText(QPointF(text.box.left() + 3, text.box.top() + metrics.ascent()), text.text);
  }
  painter.setFont(baseFont(layout.line_font));
  const QFontMetricsF line_metrics(painter.font());
  painter.setPen(colours.text);
  for (const Layout::Line& line : layout.lines)
    painter.drawText(QPointF(line.box.left(), line.box.top() + line_metrics.ascent()), line.text);
  painter.restore();
}

void GraphView::paintView(QPainter& painter) {
  render(painter, rect());
  if (!readout() || isEmpty()) return;
  const Layout layout = layoutFor(rect());
  painter.setPen(QPen(theme(appearance().dark).accent, 3));
  painter.setBrush(Qt::NoBrush);
  if (read_node_ >= 0 && read_node_ < static_cast<int>(layout.nodes.size())) {
    outline(painter, read_node_, layout, 2);
  } else if (read_edge_ >= 0 && read_edge_ < static_cast<int>(layout.edges.size())) {
    painter.drawPolyline(layout.edges[read_edge_]);
  }
}

}  // namespace viva
