// SPDX-License-Identifier: GPL-3.0-or-later
// How points are drawn by hand on a PlaneView: a Points parameter named in ViewSpec::drags.
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QLineF>
#include <QMenu>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/plane_view.h"

namespace viva {
namespace {

constexpr double kSpacing = 11;        // pixels between the points of a stroke
constexpr double kEraserReach = 16;    // of the pointer that erases
constexpr double kKeyboardReach = 60;  // of the keyboard's
constexpr std::size_t kMostPoints = 2000;
constexpr std::size_t kMostUndone = 100;

}  // namespace

const ParameterSpec* PlaneView::drawnSpec() const {
  if (!parameters()) return nullptr;
  for (const ParameterSpec& parameter : parameters()->specs())
    if (parameter.kind() == ParameterKind::Points && parameters()->isRelevant(parameter) &&
        std::find(spec().drags.begin(), spec().drags.end(), parameter.name) != spec().drags.end())
      return &parameter;
  return nullptr;
}

bool PlaneView::areDrawnClassed() const {
  const ParameterSpec* spec = drawnSpec();
  if (!spec) return false;
  const auto& points = std::get<Points>(spec->default_value).points;
  return points.empty() || std::any_of(points.begin(), points.end(), [&](const auto& point) {
           return point.label != points.front().label;
         });
}

Points PlaneView::drawn() const {
  const ParameterSpec* spec = drawnSpec();
  if (stroke_ || !spec) return stroke_.value_or(Points{});
  return std::get<Points>(parameters()->value(spec->name));
}

void PlaneView::give(const Points& points, bool finished) {
  const ParameterSpec* spec = drawnSpec();
  if (!spec) return;
  given_ = points;
  update();
  Q_EMIT parameterDragged(QString::fromStdString(spec->name), Value(points), finished);
}

bool PlaneView::addPoint(QPointF position) {
  const ParameterSpec* spec = drawnSpec();
  const Plot now = plot();
  if (!spec || !stroke_ || !now.shows(position)) return false;
  if (QLineF(last_drawn_, position).length() < kSpacing) return false;
  const Points::Labelled point{now.xOf(position.x()), now.yOf(position.y()), drawnClass()};
  const auto allowed = [&](double value) {
    return !(spec->minimum < spec->maximum) || (value >= spec->minimum && value <= spec->maximum);
  };
  if (!allowed(point.x) || !allowed(point.y) || stroke_->points.size() >= kMostPoints) return false;
  stroke_->points.push_back(point);
  last_drawn_ = position;
  setReadout(std::nullopt);
  // The stroke is seen here while it is drawn; a run that goes on hears of it once, as a whole:
  // each change is kept in its file with all points.
  update();
  return true;
}

bool PlaneView::eraseNear(QPointF position, double reach) {
  if (!drawnSpec()) return false;
  const Plot now = plot();
  Points points = drawn();
  auto nearest = points.points.end();
  for (auto point = points.points.begin(); point != points.points.end(); ++point) {
    const double distance = QLineF(now.at(point->x, point->y), position).length();
    if (!(distance < reach)) continue;
    reach = distance;
    nearest = point;
  }
  if (nearest == points.points.end()) return false;
  remember();
  points.points.erase(nearest);
  give(points, true);
  return true;
}

void PlaneView::beginStroke() {
  stroke_ = drawn();
  last_drawn_ = {std::nan(""), std::nan("")};  // no point of this stroke is near yet
}

void PlaneView::remember() {
  undo_.push_back(drawn());
  if (undo_.size() > kMostUndone) undo_.erase(undo_.begin());
}

void PlaneView::undo() {
  if (undo_.empty()) return;
  const Points before = std::move(undo_.back());
  undo_.pop_back();
  give(before, true);
}

void PlaneView::clear() {
  if (drawn().points.empty()) return;
  remember();
  give({}, true);
}

QPointF PlaneView::pencil() const {
  return readout() ? readout()->position : plot().inner.center();
}

void PlaneView::extendMenu(QMenu& menu) {
  if (!drawnSpec()) return;
  menu.addSeparator();
  QAction* undo_action = menu.addAction(word("views.undo_points"));
  undo_action->setEnabled(!undo_.empty());
  connect(undo_action, &QAction::triggered, this, [this] { undo(); });
  QAction* clear_action = menu.addAction(word("views.clear_points"));
  clear_action->setEnabled(!drawn().points.empty());
  connect(clear_action, &QAction::triggered, this, [this] { clear(); });
}

bool PlaneView::event(QEvent* event) {
  if (event->type() == QEvent::ContextMenu && drawnSpec()) {
    // On a point the right button erases; elsewhere it opens the menu as usual.
    auto* menu_event = static_cast<QContextMenuEvent*>(event);
    if (menu_event->reason() == QContextMenuEvent::Mouse &&
        eraseNear(menu_event->pos(), kEraserReach)) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::ShortcutOverride && drawnSpec()) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool digit = key->key() >= Qt::Key_0 && key->key() <= Qt::Key_9 &&
                       !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
    if (digit || key->matches(QKeySequence::Undo) || key->key() == Qt::Key_Space) {
      event->accept();
      return true;
    }
  }
  return PlotView::event(event);
}

void PlaneView::mousePressEvent(QMouseEvent* event) {
  if (drawnSpec() && event->button() == Qt::LeftButton &&
      event->modifiers().testFlag(Qt::ShiftModifier) && plot().shows(event->position())) {
    eraseNear(event->position(), kEraserReach);
    event->accept();
    return;
  }
  PlotView::mousePressEvent(event);
}

void PlaneView::mouseDoubleClickEvent(QMouseEvent* event) {
  // Two points drawn quickly are two points.
  if (drawnSpec() && plot().shows(event->position())) return mousePressEvent(event);
  PlotView::mouseDoubleClickEvent(event);
}

void PlaneView::keyPressEvent(QKeyEvent* event) {
  if (!drawnSpec()) return PlotView::keyPressEvent(event);
  const bool plain = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
  if (event->matches(QKeySequence::Undo)) return undo();
  if (plain && areDrawnClassed() && event->key() >= Qt::Key_0 && event->key() <= Qt::Key_9) {
    drawn_class_ = event->key() - Qt::Key_0;
    update();
    return;
  }
  const QPointF at = pencil();
  switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: {
      const Points before = drawn();
      beginStroke();
      const bool added = addPoint(at);
      const Points after = *std::exchange(stroke_, std::nullopt);
      if (added) {
        undo_.push_back(before);
        give(after, true);
      }
      setReadout(readoutAt(at));
      return;
    }
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      eraseNear(at, kKeyboardReach);
      return;
    default:
      break;
  }
  PlotView::keyPressEvent(event);
}

const PointsLayer* PlaneView::layerOfDrawn() const {
  const auto* plane = data<PlaneData>();
  const ParameterSpec* spec = drawnSpec();
  if (!plane || !spec || !parameters()) return nullptr;
  const auto& points = std::get<Points>(parameters()->value(spec->name)).points;
  for (const PlaneLayer& layer : plane->layers) {
    const auto* shown = std::get_if<PointsLayer>(&layer);
    if (shown && shown->classes.empty() && !points.empty() &&
        std::equal(points.begin(), points.end(), shown->points.begin(), shown->points.end(),
                   [](const auto& a, const Point& b) { return a.x == b.x && a.y == b.y; }))
      return shown;
  }
  return nullptr;
}

// Points of no class look as the lesson shows them; where it shows something else in their place
// (samples about them), rings, which hide nothing.
void PlaneView::drawDrawn(QPainter& painter, const Plot& plot) const {
  if (!drawnSpec()) return;
  const bool dark = appearance().dark, is_classed = areDrawnClassed();
  const double size = 10 * std::sqrt(std::max(0.25, appearance().font_scale));
  const PointsLayer* layer = is_classed ? nullptr : layerOfDrawn();
  for (const Points::Labelled& point : drawn().points) {
    const QPointF at = plot.at(point.x, point.y);
    if (!plot.shows(at)) continue;
    if (!is_classed && !layer) {
      painter.setPen(QPen(theme(dark).accent, 1.6));
      painter.setBrush(Qt::NoBrush);
      painter.drawEllipse(at, size * 0.4, size * 0.4);
      continue;
    }
    const CurveStyle style = layer ? styleOf(layer->id.empty() ? layer->name : layer->id)
                                   : StyleTable::styleOfClass(point.label, dark);
    drawMarker(painter, style.marker, at, size, style.colour, theme(dark).background);
  }
}

// What a click would draw, and how to go on.
void PlaneView::drawHint(QPainter& painter, const Plot& plot) const {
  if (!drawnSpec() || plot.inner.width() < 180) return;
  if (!hasFocus() && !underMouse() && !drawn().points.empty()) return;
  const Theme& colours = theme(appearance().dark);
  const QFont font = baseFont(0.95);
  const QFontMetricsF metrics(font);
  const double line = metrics.height();
  const QString text = metrics.elidedText(
      areDrawnClassed() ? word(Message{"views.drawing", {{"class", std::int64_t{drawn_class_}}}})
                        : word("views.drawing_one_kind"),
      Qt::ElideRight, plot.inner.width() - line * 2 - 16);
  const QRectF box(plot.inner.left() + 6, plot.inner.top() + 6,
                   metrics.horizontalAdvance(text) + line * 1.6 + 8, line * 1.3);
  painter.setPen(QPen(colours.grid, 1));
  painter.setBrush(colours.shade);
  painter.drawRoundedRect(box, 4, 4);
  const CurveStyle style = StyleTable::styleOfClass(drawnClass(), appearance().dark);
  drawMarker(painter, style.marker, {box.left() + line * 0.8, box.center().y()}, line * 0.6,
             style.colour, colours.background);
  painter.setFont(font);
  painter.setPen(colours.text);
  painter.drawText(QPointF(box.left() + line * 1.6,
                           box.center().y() + metrics.ascent() / 2 - metrics.descent() / 2),
                   text);
}

}  // namespace viva
