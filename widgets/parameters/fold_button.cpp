// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/fold_button.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "widgets/parameters/wrapped_label.h"

namespace viva {
namespace {

constexpr int kMargin = 4;

}  // namespace

FoldButton::FoldButton(QWidget* parent) : QAbstractButton(parent) {
  setCheckable(true);
  setFocusPolicy(Qt::StrongFocus);
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

/// The room for the arrow, before the text.
int FoldButton::arrow() const { return fontMetrics().height(); }

int FoldButton::heightForWidth(int width) const {
  return WrappedText::heightFor(text(), font(), width - arrow() - 2 * kMargin) + 2 * kMargin;
}

QSize FoldButton::sizeHint() const {
  return {fontMetrics().horizontalAdvance(text()) + 2 + arrow() + 2 * kMargin,
          fontMetrics().lineSpacing() + 2 * kMargin};
}

QSize FoldButton::minimumSizeHint() const {
  return {arrow() + 2 * kMargin + 2 * fontMetrics().averageCharWidth(), sizeHint().height()};
}

void FoldButton::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  const QColor accent = palette().color(QPalette::Highlight);
  QColor ground = palette().color(QPalette::Button);
  if (isDown() || underMouse())
    ground = ground.lighter(palette().window().color().lightness() < 128 ? 120 : 104);
  painter.setPen(hasFocus() ? QPen(accent, 2) : QPen(Qt::NoPen));
  painter.setBrush(ground);
  painter.drawRoundedRect(hasFocus() ? frame.adjusted(1, 1, -1, -1) : frame, 4, 4);

  const double size = arrow() * 0.22;
  QPainterPath triangle;  // to the right
  triangle.moveTo(-size * 0.6, -size);
  triangle.lineTo(size, 0);
  triangle.lineTo(-size * 0.6, size);
  triangle.closeSubpath();
  painter.save();
  painter.translate(kMargin + arrow() / 2.0, height() / 2.0);
  if (isChecked()) painter.rotate(90);
  painter.setPen(Qt::NoPen);
  painter.setBrush(palette().color(QPalette::ButtonText));
  painter.drawPath(triangle);
  painter.restore();

  painter.setPen(palette().color(QPalette::ButtonText));
  WrappedText::draw(painter, rect().adjusted(kMargin + arrow(), kMargin, -kMargin, -kMargin),
                    text(), font());
}

bool FoldButton::event(QEvent* event) {
  if (event->type() == QEvent::Enter || event->type() == QEvent::Leave) update();
  return QAbstractButton::event(event);
}

}  // namespace viva
