// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/stroke.h"

#include <QPaintEngine>
#include <cmath>

#include "widgets/views/cut_shapes.h"
#include "widgets/views/recording.h"

namespace viva {
bool drawsVectors(const QPainter& painter) {
  const QPaintEngine* engine = painter.paintEngine();
  if (!engine) return false;
  const QPaintEngine::Type type = engine->type();
  return type == QPaintEngine::SVG || type == QPaintEngine::Pdf || type == Recording::kVectors;
}

Stroke::Stroke(const CurveStyle& style, double width, const QRectF& bounds, bool vectors)
    : style_(style), width_(widthOf(style, width)), bounds_(bounds), vectors_(vectors) {
  for (double length : style_.dashes) pattern_length_ += length;
}

void Stroke::to(QPointF point) {
  if (!std::isfinite(point.x()) || !std::isfinite(point.y())) {
    lift();
    return;
  }
  const QPointF from = last_.value_or(point), start = from;
  last_ = point;
  QPointF begin = start, end = point;
  if (!cutSegment(bounds_, begin, end)) return;
  if (vectors_) {
    if (polyline_.isEmpty() || polyline_.last() != begin) {
      endPolyline();
      polyline_ << begin;
    }
    if (end != begin) polyline_ << end;
    return;
  }
  if (begin != end) segment(begin, end);
}

void Stroke::segment(QPointF from, QPointF to) {
  if (style_.dashes.isEmpty()) {
    lines_ << QLineF(from, to);
    return;
  }
  const QLineF line(from, to);
  const double length = line.length();
  double at = 0;
  while (at < length) {
    double into = phase_;
    int piece = 0;
    while (into >= style_.dashes[piece] && piece + 1 < style_.dashes.size())
      into -= style_.dashes[piece++];
    const double left = std::max(1e-3, style_.dashes[piece] - into);
    const double next = std::min(length, at + left);
    if (piece % 2 == 0) lines_ << QLineF(line.pointAt(at / length), line.pointAt(next / length));
    phase_ += next - at;
    if (phase_ >= pattern_length_ - 1e-9) phase_ = 0;
    at = next;
  }
}

void Stroke::endPolyline() {
  if (polyline_.size() > 1) polylines_.push_back(polyline_);
  polyline_.clear();
}

void Stroke::flush(QPainter& painter) {
  QPen pen(style_.colour, width_);
  if (vectors_) {
    endPolyline();
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCapStyle(Qt::FlatCap);
    if (!style_.dashes.isEmpty()) {
      QVector<qreal> pattern = style_.dashes;  // QPen counts in pen widths
      for (qreal& length : pattern) length /= width_;
      pen.setDashPattern(pattern);
    }
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    for (const QPolygonF& line : polylines_) painter.drawPolyline(line);
    polylines_.clear();
    return;
  }
  if (lines_.isEmpty()) return;
  pen.setCapStyle(Qt::FlatCap);
  painter.setPen(pen);
  painter.drawLines(lines_);
  lines_.clear();
}

}  // namespace viva
