// SPDX-License-Identifier: GPL-3.0-or-later
// Turns the points of a curve into what is cheap to draw.
#pragma once

#include <QLineF>
#include <QPainter>
#include <QPolygonF>
#include <QVector>
#include <optional>

#include "widgets/views/styles.h"

namespace viva {

/// Whether this painter makes a file of vectors (SVG, PDF) rather than pixels.
bool drawsVectors(const QPainter& painter);

/// A pen that moves along a curve, in pixels. It cuts the dashes itself, so that a curve can grow
/// at its end without drawing it all again and short segments still look dashed, and it clips to
/// the plot. An antialiased drawPolyline is 60 times slower than drawLines.
class Stroke {
 public:
  /// `bounds`: what lies outside is left out. `vectors`: whole polylines, dashed by the painter.
  Stroke(const CurveStyle& style, double width, const QRectF& bounds, bool vectors);

  void to(QPointF point);
  void lift() { last_.reset(); }
  /// Draws what was collected since the last call.
  void flush(QPainter& painter);

 private:
  void segment(QPointF from, QPointF to);
  void endPolyline();

  CurveStyle style_;
  double width_;
  QRectF bounds_;
  bool vectors_;
  std::optional<QPointF> last_;
  double phase_ = 0;  // how far into the dash pattern
  double pattern_length_ = 0;
  QVector<QLineF> lines_;
  QPolygonF polyline_;
  std::vector<QPolygonF> polylines_;
};

}  // namespace viva
