// SPDX-License-Identifier: GPL-3.0-or-later
// Axes, grid, labels and titles of a plot, drawn by Qt Charts. What is plotted is ours.
#pragma once

#include <QFont>
#include <QPainter>
#include <QRectF>
#include <QString>
#include <memory>
#include <vector>

#include "widgets/views/axis.h"

namespace viva {

struct ChartLook {
  QSizeF size;
  double right_margin = 0;  ///< kept free of the plot: the last label, a colour bar
  bool dark = false;
  QFont font;
  QString x_title, y_title;
  std::vector<Tick> x_ticks, y_ticks;  ///< Qt Charts never sees the values, only places in [0, 1]
  bool grid = true;
  bool operator==(const ChartLook&) const = default;
};

/// What of an axis title fits into `room` pixels: all of it, it without the unit in brackets, or,
/// to be cut, at least half; else nothing.
QString fittingTitle(const QString& title, const QFont& font, double room);

class ChartFrame {
 public:
  ChartFrame();
  ~ChartFrame();
  ChartFrame(const ChartFrame&) = delete;
  ChartFrame& operator=(const ChartFrame&) = delete;

  /// Does nothing when nothing differs; otherwise lays out anew (1 to 2 ms).
  void setLook(const ChartLook& look);
  const ChartLook& look() const { return look_; }
  /// Where the curves go, relative to the top left corner of the frame.
  QRectF plotArea() const { return plot_area_; }
  void draw(QPainter& painter, QPointF top_left);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  ChartLook look_;
  QRectF plot_area_;
  QString y_title_;  ///< what of it fits
};

}  // namespace viva
