// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QRectF>
#include <optional>

class QWheelEvent;

namespace viva {

/// How far a view that is taller than its room is scrolled down, and the bar that shows it. Lengths
/// in device-independent pixels.
class Scroll {
 public:
  /// The offset stays within what there is.
  void setRange(double content, double room);
  double offset() const { return offset_; }
  double room() const { return room_; }
  bool isNeeded() const { return content_ > room_ + 0.5; }
  double end() const { return content_ > room_ ? content_ - room_ : 0; }
  bool isAtEnd() const { return offset_ >= end() - 0.5; }
  /// True: it moved.
  bool to(double offset);
  /// So far that `top` to `bottom` of the content is seen, the top rather than the bottom.
  bool show(double top, double bottom);
  /// False where there is nothing to scroll: the event is for what is around.
  bool wheel(QWheelEvent& event, double line);

  static constexpr double kWidth = 10;
  /// Of the bar in the strip where it is drawn.
  QRectF thumb(const QRectF& strip) const;
  void draw(QPainter& painter, const QRectF& strip, bool dark) const;
  /// The bar taken by the pointer: false outside of the strip.
  bool press(QPointF position, const QRectF& strip);
  /// True while it is taken.
  bool drag(QPointF position, const QRectF& strip);
  bool release();

 private:
  double content_ = 0, room_ = 0, offset_ = 0;
  std::optional<double> grip_;  ///< of the pointer from the top of the bar
};

}  // namespace viva
