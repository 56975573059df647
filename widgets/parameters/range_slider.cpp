// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/range_slider.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace viva {

RangeSlider::RangeSlider(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RangeSlider::setMaximum(int maximum) {
  maximum_ = std::max(1, maximum);
  setRange(low_, high_);
}

void RangeSlider::setRange(int low, int high) {
  low_ = std::clamp(low, 0, maximum_);
  high_ = std::clamp(high, low_, maximum_);
  update();
}

QSize RangeSlider::sizeHint() const {
  return {160, static_cast<int>(std::lround(2 * radius())) + 6};
}

QSize RangeSlider::minimumSizeHint() const { return {80, sizeHint().height()}; }

double RangeSlider::radius() const { return fontMetrics().height() * 0.45; }

double RangeSlider::placeOf(int position) const {
  const double margin = radius() + 2;
  return margin + (width() - 2 * margin) * position / maximum_;
}

int RangeSlider::positionAt(double x) const {
  const double margin = radius() + 2;
  const double part = (x - margin) / std::max(1.0, width() - 2 * margin);
  return static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * maximum_));
}

void RangeSlider::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double middle = height() / 2.0;
  const auto bar = [&](double from, double to, const QColor& colour) {
    painter.setPen(QPen(colour, 4, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(from, middle), QPointF(to, middle));
  };
  bar(placeOf(0), placeOf(maximum_), palette().color(QPalette::Button).darker(125));
  bar(placeOf(low_), placeOf(high_), palette().color(QPalette::Highlight));
  for (const bool high : {!moves_high_, moves_high_}) {
    painter.setBrush(palette().color(QPalette::Base));
    const bool chosen = hasFocus() && high == moves_high_;
    painter.setPen(QPen(palette().color(QPalette::Highlight), chosen ? 3.5 : 1.8));
    painter.drawEllipse(QPointF(placeOf(high ? high_ : low_), middle), radius(), radius());
  }
}

void RangeSlider::move(int position) {
  const auto before = std::pair(low_, high_);
  if (moves_high_)
    high_ = std::clamp(position, low_, maximum_);
  else
    low_ = std::clamp(position, 0, high_);
  if (before == std::pair(low_, high_)) return;
  update();
  Q_EMIT rangeDragged(low_, high_);
}

void RangeSlider::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  const double x = event->position().x();
  const double to_low = std::abs(x - placeOf(low_)), to_high = std::abs(x - placeOf(high_));
  // Where both stand at one place, the side of the press says which is meant.
  moves_high_ = to_high < to_low || (to_high == to_low && x > placeOf(high_));
  move(positionAt(x));
  update();
}

void RangeSlider::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) move(positionAt(event->position().x()));
}

void RangeSlider::keyPressEvent(QKeyEvent* event) {
  const int now = moves_high_ ? high_ : low_;
  const int stride = event->modifiers() & Qt::ShiftModifier ? std::max(1, maximum_ / 10)
                                                            : std::max(1, maximum_ / 100);
  switch (event->key()) {
    case Qt::Key_Left:
      return move(now - stride);
    case Qt::Key_Right:
      return move(now + stride);
    case Qt::Key_Home:
      return move(0);
    case Qt::Key_End:
      return move(maximum_);
    case Qt::Key_Up:
    case Qt::Key_Down:
      moves_high_ = event->key() == Qt::Key_Up;
      return update();
    default:
      return QWidget::keyPressEvent(event);
  }
}

void RangeSlider::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void RangeSlider::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

}  // namespace viva
