// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plot_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>

#include "widgets/views/colours.h"

namespace viva {

AxisRange PlotView::rangeOf(Axis axis) const {
  const auto& zoom = axis == Axis::X ? zoom_x_ : zoom_y_;
  return zoom ? *zoom : naturalRange(axis);
}

std::vector<Tick> PlotView::ticks(Axis axis, const AxisRange& range, double pixels) const {
  const double font = baseFont().pixelSize();
  // One label says nothing of the scale.
  const int least = pixels < font * 6 ? 1 : 2;
  return ticksOf(range,
                 std::max(least, static_cast<int>(pixels / (font * (axis == Axis::X ? 6 : 2.8)))));
}

QString PlotView::titleOf(Axis axis) const {
  return axisTitle(axis == Axis::X ? spec().x : spec().y);
}

double PlotView::rightMargin(const QRectF&) const { return baseFont().pixelSize() * 1.2; }

Plot PlotView::plotFor(const QRectF& area) const {
  Plot plot{area, {}, rangeOf(Axis::X), rangeOf(Axis::Y)};
  const double margin = rightMargin(area);
  ChartLook look;
  look.size = area.size();
  look.right_margin = margin;
  look.dark = appearance().dark;
  look.font = baseFont(0.92);
  // In a small cell the plot needs the room more than the titles do.
  if (area.height() >= 150) look.x_title = titleOf(Axis::X);
  if (area.width() >= 220) look.y_title = titleOf(Axis::Y);
  look.grid = hasGrid();
  const auto same = [&](const ChartLook& other) {
    return look.dark == other.dark && look.font == other.font && look.x_title == other.x_title &&
           look.y_title == other.y_title;
  };
  if (laid_ && laid_->size == area.size() && laid_->x == plot.x && laid_->y == plot.y &&
      laid_->margin == margin && same(laid_->look)) {
    plot.x = laid_->plot.x;
    plot.y = laid_->plot.y;
    plot.inner = laid_->plot.inner.translated(area.topLeft());
    chart_.setLook(laid_->look);
    return plot;
  }
  Laid laid{area.size(), plot.x, plot.y, margin, look, {}};
  QSizeF inner(area.width() * 0.8, area.height() * 0.8);
  for (int pass = 0; pass < (equalScale() ? 3 : 2); ++pass) {
    if (equalScale() && pass > 0) {
      // Widen the axis that has room to spare, about its centre.
      const double per_pixel_x = (laid.x.high - laid.x.low) / std::max(1.0, inner.width());
      const double per_pixel_y = (laid.y.high - laid.y.low) / std::max(1.0, inner.height());
      const double scale = std::max(per_pixel_x, per_pixel_y);
      const auto widened = [scale](const AxisRange& range, double pixels) {
        const double centre = range.low / 2 + range.high / 2, half = scale * pixels / 2;
        return AxisRange{centre - half, centre + half, false};
      };
      plot.x = widened(laid.x, inner.width());
      plot.y = widened(laid.y, inner.height());
    }
    look.x_ticks = ticks(Axis::X, plot.x, inner.width());
    look.y_ticks = ticks(Axis::Y, plot.y, inner.height());
    chart_.setLook(look);
    inner = chart_.plotArea().size();
  }
  laid.look = look;
  laid.plot = plot;
  laid.plot.inner = chart_.plotArea();
  laid_ = laid;
  plot.inner = chart_.plotArea().translated(area.topLeft());
  return plot;
}

QRectF PlotView::withMarks(const Plot& plot) const {
  const double room = markRoom();
  return plot.inner.adjusted(-room, -room, room, room);
}

void PlotView::render(QPainter& painter, const QRectF& area) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (isEmpty()) {
    drawEmpty(painter, area);
    painter.restore();
    return;
  }
  const Plot plot = plotFor(area);
  if (plot.inner.width() >= 4 && plot.inner.height() >= 4) {
    chart_.draw(painter, area.topLeft());
    painter.save();
    painter.setClipRect(withMarks(plot), Qt::IntersectClip);
    drawContent(painter, plot);
    drawOver(painter, plot);
    painter.restore();
    drawAround(painter, plot);
  }
  painter.restore();
}

void PlotView::paintView(QPainter& painter) {
  if (isEmpty()) {
    drawEmpty(painter, rect());
    return;
  }
  const Plot plot = plotFor(rect());
  if (plot.inner.width() < 4 || plot.inner.height() < 4) return;
  const double ratio = devicePixelRatioF();
  const QSize pixels = (QSizeF(size()) * ratio).toSize();
  if (chart_picture_.size() != pixels || !chart_picture_look_ ||
      *chart_picture_look_ != chart_.look()) {
    chart_picture_ = QPixmap(pixels);
    chart_picture_.setDevicePixelRatio(ratio);
    chart_picture_.fill(theme(appearance().dark).background);
    QPainter chart_painter(&chart_picture_);
    chart_painter.setRenderHint(QPainter::Antialiasing);
    chart_.draw(chart_painter, {0, 0});
    chart_picture_look_ = chart_.look();
  }
  painter.drawPixmap(0, 0, chart_picture_);
  painter.save();
  painter.setClipRect(withMarks(plot), Qt::IntersectClip);
  paintContent(painter, plot);
  drawOver(painter, plot);
  drawPointer(painter, plot);
  if (gesture_ == Gesture::Band) {
    QColor fill = theme(appearance().dark).accent;
    painter.setPen(QPen(fill, 1));
    fill.setAlpha(40);
    painter.setBrush(fill);
    painter.drawRect(QRectF(pressed_at_, dragged_to_).normalized().intersected(plot.inner));
  }
  painter.restore();
  drawAround(painter, plot);
}

void PlotView::changed(Change change) {
  if (change == Change::Axes) {
    if (zoom_x_ && zoom_x_->logarithmic != isLogarithmic(Axis::X)) zoom_x_.reset();
    if (zoom_y_ && zoom_y_->logarithmic != isLogarithmic(Axis::Y)) zoom_y_.reset();
  }
  if (change == Change::Appearance || change == Change::Axes) laid_.reset();
}

void PlotView::copyStateFrom(const View& other) {
  View::copyStateFrom(other);
  if (const auto* plot = qobject_cast<const PlotView*>(&other)) {
    zoom_x_ = plot->zoom_x_;
    zoom_y_ = plot->zoom_y_;
  }
}

void PlotView::setZoom(std::optional<AxisRange> x, std::optional<AxisRange> y) {
  if (x == zoom_x_ && y == zoom_y_) return;
  zoom_x_ = x;
  zoom_y_ = y;
  setReadout(std::nullopt);
  Q_EMIT stateChanged();
  update();
}

void PlotView::resetZoom() { setZoom(std::nullopt, std::nullopt); }

void PlotView::zoomBy(double factor) { zoomAround(plot().inner.center(), factor); }

void PlotView::zoomAround(QPointF centre, double factor) {
  if (isEmpty()) return;
  const Plot now = plot();
  const double u = (centre.x() - now.inner.left()) / now.inner.width();
  const double v = (now.inner.bottom() - centre.y()) / now.inner.height();
  const auto part = [factor](const AxisRange& range, double at) {
    return range.part(at - at / factor, at + (1 - at) / factor);
  };
  setZoom(zooms(Axis::X) ? std::optional(part(now.x, u)) : zoom_x_,
          zooms(Axis::Y) ? std::optional(part(now.y, v)) : zoom_y_);
}

void PlotView::pan(QPointF pixels, const Plot& from) {
  const double u = -pixels.x() / from.inner.width(), v = pixels.y() / from.inner.height();
  setZoom(zooms(Axis::X) && u != 0 ? std::optional(from.x.part(u, 1 + u)) : zoom_x_,
          zooms(Axis::Y) && v != 0 ? std::optional(from.y.part(v, 1 + v)) : zoom_y_);
}

void PlotView::zoomToBand(const QRectF& band) {
  const Plot now = plot();
  const QRectF inside = band.intersected(now.inner);
  // A flat band means one axis only.
  const bool use_x = zooms(Axis::X) && inside.width() >= 8;
  const bool use_y = zooms(Axis::Y) && inside.height() >= 8;
  if (!use_x && !use_y) return;
  const auto across = [&](double pixel) { return (pixel - now.inner.left()) / now.inner.width(); };
  const auto up = [&](double pixel) { return (now.inner.bottom() - pixel) / now.inner.height(); };
  setZoom(
      use_x ? std::optional(now.x.part(across(inside.left()), across(inside.right()))) : zoom_x_,
      use_y ? std::optional(now.y.part(up(inside.bottom()), up(inside.top()))) : zoom_y_);
}

void PlotView::mousePressEvent(QMouseEvent* event) {
  if (isEmpty()) return View::mousePressEvent(event);
  pressed_at_ = dragged_to_ = event->position();
  pressed_plot_ = plot();
  if (event->button() == Qt::MiddleButton ||
      (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier)))
    gesture_ = Gesture::Pan;
  else if (event->button() == Qt::LeftButton && dragBegins(pressed_at_))
    gesture_ = Gesture::Handle;
  else if (event->button() == Qt::LeftButton && pressed_plot_.inner.contains(pressed_at_))
    gesture_ = Gesture::Band;
  else
    return View::mousePressEvent(event);
  setReadout(std::nullopt);
  event->accept();
}

void PlotView::mouseMoveEvent(QMouseEvent* event) {
  dragged_to_ = event->position();
  switch (gesture_) {
    case Gesture::Band:
      update();
      break;
    case Gesture::Pan:
      pan(dragged_to_ - pressed_at_, pressed_plot_);
      break;
    case Gesture::Handle:
      dragTo(dragged_to_);
      break;
    case Gesture::None:
      setReadout(isEmpty() ? std::nullopt : readoutAt(event->position()));
      break;
  }
}

void PlotView::mouseReleaseEvent(QMouseEvent* event) {
  const Gesture gesture = std::exchange(gesture_, Gesture::None);
  if (gesture == Gesture::Band) {
    const QRectF band = QRectF(pressed_at_, event->position()).normalized();
    if (band.width() >= 8 || band.height() >= 8)
      zoomToBand(band);
    else
      clicked(pressed_at_);
  } else if (gesture == Gesture::Handle) {
    dragDone();
  }
  update();
}

void PlotView::mouseDoubleClickEvent(QMouseEvent* event) {
  gesture_ = Gesture::None;
  resetZoom();
  event->accept();
}

void PlotView::wheelEvent(QWheelEvent* event) {
  const QPointF position = event->position();
  if (isEmpty() || !plot().inner.contains(position) || event->angleDelta().y() == 0)
    return event->ignore();
  zoomAround(position, std::pow(1.25, event->angleDelta().y() / 120.0));
  setReadout(readoutAt(position));
  event->accept();
}

void PlotView::keyPressEvent(QKeyEvent* event) {
  const bool far = event->modifiers().testFlag(Qt::ShiftModifier);
  int right = 0, up = 0;
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoomBy(1.25);
      return;
    case Qt::Key_Minus:
    case Qt::Key_Underscore:
      zoomBy(0.8);
      return;
    case Qt::Key_0:
      resetZoom();
      return;
    case Qt::Key_Escape:
      if (!readout()) break;
      setReadout(std::nullopt);
      return;
    case Qt::Key_Left:
      right = -1;
      break;
    case Qt::Key_Right:
      right = 1;
      break;
    case Qt::Key_Up:
      up = 1;
      break;
    case Qt::Key_Down:
      up = -1;
      break;
    default:
      break;
  }
  if ((right || up) && !isEmpty()) {
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
      const Plot now = plot();
      pan({-right * now.inner.width() / 10, up * now.inner.height() / 10}, now);
    } else {
      moveReadout(right, up, far);
    }
    return;
  }
  View::keyPressEvent(event);
}

void PlotView::resizeEvent(QResizeEvent* event) {
  setReadout(std::nullopt);
  View::resizeEvent(event);
}

}  // namespace viva
