// SPDX-License-Identifier: GPL-3.0-or-later
// What the views with two axes have in common: chart frame, zoom, pan, read-out by keyboard.
#pragma once

#include <QPixmap>
#include <memory>

#include "widgets/views/axis.h"
#include "widgets/views/chart_frame.h"
#include "widgets/views/view.h"

namespace viva {

/// Where values are on the painter.
struct Plot {
  QRectF area;   ///< of the whole view
  QRectF inner;  ///< of the plot
  AxisRange x, y;
  bool operator==(const Plot&) const = default;

  double horizontal(double value) const { return inner.left() + x.place(value) * inner.width(); }
  double vertical(double value) const { return inner.bottom() - y.place(value) * inner.height(); }
  QPointF at(double x_value, double y_value) const {
    return {horizontal(x_value), vertical(y_value)};
  }
  /// False for what is not finite, unlike QRectF::contains.
  bool shows(QPointF at) const {
    return at.x() >= inner.left() && at.x() <= inner.right() && at.y() >= inner.top() &&
           at.y() <= inner.bottom();
  }
  double xOf(double pixel) const { return x.value((pixel - inner.left()) / inner.width()); }
  double yOf(double pixel) const { return y.value((inner.bottom() - pixel) / inner.height()); }
};

class PlotView : public View {
  Q_OBJECT

 public:
  void render(QPainter& painter, const QRectF& area) const override;
  bool canZoom() const override { return true; }
  bool isZoomed() const override { return zoom_x_ || zoom_y_; }
  void zoomBy(double factor) override;
  void resetZoom() override;
  /// Shows these ranges; unset for all of the data.
  void setZoom(std::optional<AxisRange> x, std::optional<AxisRange> y);
  void copyStateFrom(const View& other) override;
  /// Where values are in the widget now.
  Plot plot() const { return plotFor(rect()); }

 protected:
  using View::View;

  /// The range that shows all data.
  virtual AxisRange naturalRange(Axis axis) const = 0;
  virtual std::vector<Tick> ticks(Axis axis, const AxisRange& range, double pixels) const;
  virtual QString titleOf(Axis axis) const;
  virtual double rightMargin(const QRectF& area) const;
  virtual bool zooms(Axis) const { return true; }
  virtual bool hasGrid() const { return true; }
  virtual bool equalScale() const { return false; }
  /// How far marks reach that stand at the edge of the plot: what is drawn is clipped that far
  /// outside of it. Whoever asks for such room ends at the edge what else is drawn.
  virtual double markRoom() const { return 0; }
  /// What is plotted, clipped to the plot.
  virtual void drawContent(QPainter& painter, const Plot& plot) const = 0;
  /// The same from caches, for the screen.
  virtual void paintContent(QPainter& painter, const Plot& plot) { drawContent(painter, plot); }
  /// Cursor and handles: over the content, clipped to the plot.
  virtual void drawOver(QPainter&, const Plot&) const {}
  /// What marks the read-out in the plot; on the screen only.
  virtual void drawPointer(QPainter&, const Plot&) const {}
  /// Colour bars and notes, not clipped.
  virtual void drawAround(QPainter&, const Plot&) const {}
  /// Keyboard: one step of the read-out to the right and up. `far` with Shift.
  virtual void moveReadout(int /*right*/, int /*up*/, bool /*far*/) {}
  /// A press and release at the same place that no handle took.
  virtual void clicked(QPointF /*position*/) {}
  /// A press that a handle takes; then moves and the release come to dragTo and dragDone.
  virtual bool dragBegins(QPointF /*position*/) { return false; }
  virtual void dragTo(QPointF /*position*/) {}
  virtual void dragDone() {}

  Plot plotFor(const QRectF& area) const;
  void changed(Change change) override;
  void paintView(QPainter& painter) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum class Gesture { None, Band, Pan, Handle };
  AxisRange rangeOf(Axis axis) const;
  QRectF withMarks(const Plot& plot) const;
  void zoomAround(QPointF centre, double factor);
  void pan(QPointF pixels, const Plot& from);
  void zoomToBand(const QRectF& band);

  std::optional<AxisRange> zoom_x_, zoom_y_;
  mutable ChartFrame chart_;
  struct Laid {
    QSizeF size;
    AxisRange x, y;
    double margin = 0;
    ChartLook look;
    Plot plot;
  };
  mutable std::optional<Laid> laid_;
  QPixmap chart_picture_;
  std::optional<ChartLook> chart_picture_look_;
  Gesture gesture_ = Gesture::None;
  QPointF pressed_at_, dragged_to_;
  Plot pressed_plot_;
};

}  // namespace viva
