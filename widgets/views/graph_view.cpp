// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_view.h"

#include <QKeyEvent>
#include <QLineF>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/views/axis.h"
#include "widgets/views/colours.h"
#include "widgets/views/graph_text.h"
#include "widgets/views/picks.h"

namespace viva {
namespace {

// The distance of a point from a line of several pieces.
double distanceTo(const QPolygonF& line, QPointF at) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 1; i < line.size(); ++i) {
    const QPointF way = line[i] - line[i - 1], from = at - line[i - 1];
    const double length = QPointF::dotProduct(way, way);
    const double part =
        length > 0 ? std::clamp(QPointF::dotProduct(from, way) / length, 0.0, 1.0) : 0;
    best = std::min(best, QLineF(at, line[i - 1] + part * way).length());
  }
  return best;
}

}  // namespace

GraphView::GraphView(const ViewSpec& spec, const std::string& experiment,
                     const Appearance& appearance, QWidget* parent)
    : View(spec, experiment, appearance, parent) {}

bool GraphView::isEmpty() const {
  const auto* graph = data<GraphData>();
  return !graph || (graph->nodes.empty() && graph->lines.empty());
}

void GraphView::changed(Change change) {
  if (change != Change::Frame && change != Change::Parameters) return;
  const auto* graph = data<GraphData>();
  const bool node_left = !graph || read_node_ >= static_cast<int>(graph->nodes.size());
  const bool edge_left = !graph || read_edge_ >= static_cast<int>(graph->edges.size());
  if (node_left) read_node_ = -1;
  if (edge_left) read_edge_ = -1;
  if (!readout()) return;
  const QPointF position = readout()->position;
  setReadout(read_node_ >= 0   ? readoutOfNode(read_node_, position)
             : read_edge_ >= 0 ? readoutOfEdge(read_edge_, position)
                               : std::nullopt);
}

int GraphView::indexOf(const std::string& node) const {
  const auto& nodes = data<GraphData>()->nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].id == node) return static_cast<int>(i);
  return -1;
}

bool GraphView::diverges() const {
  const auto* graph = data<GraphData>();
  return graph->minimum < 0 && graph->maximum > 0;
}

double GraphView::placeOf(double value) const {
  const auto* graph = data<GraphData>();
  if (diverges()) {
    const double reach = std::max(-graph->minimum, graph->maximum);
    return std::clamp(0.5 + 0.5 * value / reach, 0.0, 1.0);
  }
  const double range = graph->maximum - graph->minimum;
  return range > 0 ? std::clamp((value - graph->minimum) / range, 0.0, 1.0) : 0.5;
}

void GraphView::addWrapped(Readout& readout, const QString& text) const {
  const double width = std::clamp(this->width() * 0.7, 120.0, 460.0);
  for (const QString& line : wrapped(text, baseFont(0.95), width))
    readout.lines.push_back({{}, line, false});
}

std::optional<Readout> GraphView::readoutOfNode(int number, QPointF position) const {
  const auto& node = data<GraphData>()->nodes[number];
  Readout readout;
  readout.position = position;
  const QString label = labelOf(node.label);
  readout.lines.push_back({{}, label.isEmpty() ? QString::fromStdString(node.id) : label, true});
  if (node.value)
    readout.lines.push_back(
        {{},
         word(Message{"views.value", {{"value", readoutNumber(*node.value).toStdString()}}}),
         false});
  if (!node.detail.key.empty()) addWrapped(readout, word(node.detail));
  if (Picked(parameters(), spec().picks).has(number))
    readout.lines.push_back({{}, word("views.picked"), false});
  return readout;
}

std::optional<Readout> GraphView::readoutOfEdge(int number, QPointF position) const {
  const auto* graph = data<GraphData>();
  const auto& edge = graph->edges[number];
  Readout readout;
  readout.position = position;
  const auto name = [&](const std::string& id) {
    const int node = indexOf(id);
    const QString label = node < 0 ? QString() : labelOf(graph->nodes[node].label);
    return label.isEmpty() ? QString::fromStdString(id) : label;
  };
  readout.lines.push_back({{}, name(edge.from) + QStringLiteral(" → ") + name(edge.to), true});
  const QString label = labelOf(edge.label);
  if (!label.isEmpty()) readout.lines.push_back({{}, label, false});
  if (edge.value)
    readout.lines.push_back(
        {{},
         word(Message{"views.value", {{"value", readoutNumber(*edge.value).toStdString()}}}),
         false});
  return readout;
}

std::optional<Readout> GraphView::readoutAt(QPointF position) const {
  if (isEmpty()) return std::nullopt;
  const Layout layout = layoutFor(rect());
  for (std::size_t i = 0; i < layout.nodes.size(); ++i)
    if (layout.nodes[i].contains(position)) return readoutOfNode(static_cast<int>(i), position);
  for (const Layout::EdgeText& text : layout.edge_texts)
    if (text.box.contains(position)) return readoutOfEdge(text.edge, position);
  for (std::size_t i = 0; i < layout.edges.size(); ++i)
    if (distanceTo(layout.edges[i], position) < 7)
      return readoutOfEdge(static_cast<int>(i), position);
  return std::nullopt;
}

void GraphView::mouseMoveEvent(QMouseEvent* event) {
  read_node_ = read_edge_ = -1;
  const QPointF position = event->position();
  if (!isEmpty()) {
    const Layout layout = layoutFor(rect());
    for (std::size_t i = 0; i < layout.nodes.size() && read_node_ < 0; ++i)
      if (layout.nodes[i].contains(position)) read_node_ = static_cast<int>(i);
    for (const Layout::EdgeText& text : layout.edge_texts)
      if (read_node_ < 0 && text.box.contains(position)) read_edge_ = text.edge;
    for (std::size_t i = 0; i < layout.edges.size() && read_node_ < 0 && read_edge_ < 0; ++i)
      if (distanceTo(layout.edges[i], position) < 7) read_edge_ = static_cast<int>(i);
  }
  setReadout(read_node_ >= 0   ? readoutOfNode(read_node_, position)
             : read_edge_ >= 0 ? readoutOfEdge(read_edge_, position)
                               : std::nullopt);
}

void GraphView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || isEmpty() || !spec().picks)
    return View::mouseReleaseEvent(event);
  const Layout layout = layoutFor(rect());
  for (std::size_t i = 0; i < layout.nodes.size(); ++i)
    if (layout.nodes[i].contains(event->position())) return pickAt(static_cast<std::int64_t>(i));
}

void GraphView::keyPressEvent(QKeyEvent* event) {
  QPointF way;
  switch (event->key()) {
    case Qt::Key_Left:
      way = {-1, 0};
      break;
    case Qt::Key_Right:
      way = {1, 0};
      break;
    case Qt::Key_Up:
      way = {0, -1};
      break;
    case Qt::Key_Down:
      way = {0, 1};
      break;
    case Qt::Key_Escape:
      if (!readout()) return View::keyPressEvent(event);
      return setReadout(std::nullopt);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      if (!spec().picks || !readout() || read_node_ < 0) return View::keyPressEvent(event);
      return pickAt(read_node_);
    default:
      return View::keyPressEvent(event);
  }
  if (isEmpty() || data<GraphData>()->nodes.empty()) return View::keyPressEvent(event);
  const Layout layout = layoutFor(rect());
  read_edge_ = -1;
  if (read_node_ < 0 || !readout()) {
    read_node_ = std::max(0, read_node_);
  } else {
    // The nearest node in that direction; what lies aside counts as farther.
    const QPointF from = layout.nodes[read_node_].center();
    double best = std::numeric_limits<double>::infinity();
    int found = read_node_;
    for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
      const QPointF step = layout.nodes[i].center() - from;
      const double along = QPointF::dotProduct(step, way);
      if (static_cast<int>(i) == read_node_ || along < 2) continue;
      const double aside = std::abs(step.x() * way.y()) + std::abs(step.y() * way.x());
      const double distance = along + 2.5 * aside;
      if (distance >= best) continue;
      best = distance;
      found = static_cast<int>(i);
    }
    read_node_ = found;
  }
  setReadout(readoutOfNode(read_node_, layout.nodes[read_node_].center()));
}

void GraphView::resizeEvent(QResizeEvent* event) {
  setReadout(std::nullopt);
  View::resizeEvent(event);
}

QString GraphView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const auto* graph = data<GraphData>();
  QStringList parts;
  if (!graph->nodes.empty())
    parts << word(Message{"views.summary_graph",
                          {{"nodes", static_cast<std::int64_t>(graph->nodes.size())},
                           {"edges", static_cast<std::int64_t>(graph->edges.size())}}});
  for (const auto& node : graph->nodes)
    if (node.value)
      parts << word(Message{"views.summary_node",
                            {{"node", labelOf(node.label).toStdString()},
                             {"value", readoutNumber(*node.value).toStdString()}}});
  for (const Message& line : graph->lines) parts << word(line);
  if (spec().picks) parts << word("views.summary_pick_nodes");
  return parts.join(QStringLiteral(" "));
}

DataTable GraphView::dataTable() const {
  DataTable table;
  table.headings = {"from", "to", "label", "value"};
  const auto* graph = data<GraphData>();
  if (!graph) return table;
  const auto add = [&](const std::string& from, const std::string& to, const Label& label,
                       std::optional<double> value) {
    auto& row = table.rows.emplace_back();
    row.emplace_back(from);
    row.emplace_back(to);
    row.emplace_back(labelOf(label).toStdString());
    addCell(row, value);
  };
  for (const auto& node : graph->nodes) add(node.id, "", node.label, node.value);
  for (const auto& edge : graph->edges) add(edge.from, edge.to, edge.label, edge.value);
  return table;
}

}  // namespace viva
