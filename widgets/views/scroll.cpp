// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/scroll.h"

#include <QWheelEvent>
#include <algorithm>

#include "widgets/views/colours.h"

namespace viva {

void Scroll::setRange(double content, double room) {
  content_ = content;
  room_ = room;
  to(offset_);
}

bool Scroll::to(double offset) {
  offset = std::clamp(offset, 0.0, end());
  return std::exchange(offset_, offset) != offset;
}

bool Scroll::show(double top, double bottom) {
  const double below = bottom > offset_ + room_ ? bottom - room_ : offset_;
  return to(std::min(below, top));
}

bool Scroll::wheel(QWheelEvent& event, double line) {
  if (!isNeeded()) return false;
  const double pixels = event.pixelDelta().y();
  to(offset_ - (pixels != 0 ? pixels : event.angleDelta().y() / 120.0 * 3 * line));
  return true;
}

QRectF Scroll::thumb(const QRectF& strip) const {
  if (!isNeeded()) return {};
  const double height = std::clamp(strip.height() * room_ / content_, 16.0, strip.height());
  const double part = offset_ / (content_ - room_);
  return {strip.right() - kWidth + 3, strip.top() + part * (strip.height() - height), kWidth - 4,
          height};
}

void Scroll::draw(QPainter& painter, const QRectF& strip, bool dark) const {
  if (!isNeeded()) return;
  const Theme& colours = theme(dark);
  const QRectF bar = thumb(strip);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colours.row);
  painter.drawRoundedRect(QRectF(bar.left(), strip.top(), bar.width(), strip.height()), 3, 3);
  painter.setBrush(colours.axis);
  painter.drawRoundedRect(bar, 3, 3);
}

bool Scroll::press(QPointF position, const QRectF& strip) {
  if (!isNeeded() || !strip.contains(position)) return false;
  const QRectF bar = thumb(strip);
  const bool on_bar = position.y() >= bar.top() && position.y() <= bar.bottom();
  grip_ = on_bar ? position.y() - bar.top() : bar.height() / 2;
  drag(position, strip);
  return true;
}

bool Scroll::drag(QPointF position, const QRectF& strip) {
  if (!grip_) return false;
  const double way = strip.height() - thumb(strip).height();
  if (way > 0) to((position.y() - *grip_ - strip.top()) / way * (content_ - room_));
  return true;
}

bool Scroll::release() { return std::exchange(grip_, std::nullopt).has_value(); }

}  // namespace viva
