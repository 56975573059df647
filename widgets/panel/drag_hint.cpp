// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/drag_hint.h"

#include <QPainter>

#include "widgets/views/view.h"

namespace viva {
namespace {

constexpr int kTip = 8, kGap = 14;  ///< pixels: the bubble's tip, and from it to the handle

}  // namespace

DragHint::DragHint(QWidget* parent) : QLabel(parent) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setForegroundRole(QPalette::HighlightedText);
  setContentsMargins(8 + kTip, 3, 8, 3);
  hide();
}

void DragHint::pointIn(View* view) {
  const auto handle = view ? view->handlePosition() : std::nullopt;
  if (!handle) return hide();
  if (parentWidget() != view) setParent(view);
  adjustSize();
  const int right = view->width() - width() - 2;
  move(std::min(qRound(handle->x()) + kGap, right),
       std::clamp(qRound(handle->y()) - height() / 2, 0, std::max(0, view->height() - height())));
  show();
}

void DragHint::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(palette().color(QPalette::Highlight));
  painter.drawRoundedRect(rect().adjusted(kTip, 0, 0, 0), 5, 5);
  const double middle = height() / 2.0;
  painter.drawPolygon(
      QPolygonF{QPointF(0, middle), QPointF(kTip, middle - 5), QPointF(kTip, middle + 5)});
  QLabel::paintEvent(event);
}

}  // namespace viva
