// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/wrapped_label.h"

#include <QMouseEvent>
#include <QPainter>
#include <QTextLayout>
#include <algorithm>
#include <cmath>

namespace viva {
namespace {

/// `layout` becomes lines of at most `width`; their height together.
double layOut(QTextLayout& layout, int width,
              QTextOption::WrapMode mode = QTextOption::WrapAtWordBoundaryOrAnywhere) {
  QTextOption option;
  option.setWrapMode(mode);
  layout.setTextOption(option);
  double height = 0;
  layout.beginLayout();
  for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
    line.setLineWidth(std::max(1, width));
    line.setPosition({0, height});
    height += line.height();
  }
  layout.endLayout();
  return height;
}

}  // namespace

int WrappedText::heightFor(const QString& text, const QFont& font, int width) {
  QTextLayout layout(text, font);
  return static_cast<int>(std::ceil(layOut(layout, width)));
}

std::optional<int> WrappedText::linesOfWords(const QString& text, const QFont& font, int width) {
  QTextLayout layout(text, font);
  layOut(layout, width, QTextOption::WordWrap);
  for (int i = 0; i < layout.lineCount(); ++i)
    if (layout.lineAt(i).naturalTextWidth() > width) return std::nullopt;
  return layout.lineCount();
}

void WrappedText::draw(QPainter& painter, const QRect& place, const QString& text,
                       const QFont& font) {
  QTextLayout layout(text, font);
  const double height = layOut(layout, place.width());
  layout.draw(&painter, {static_cast<double>(place.left()),
                         place.top() + std::max(0.0, (place.height() - height) / 2)});
}

WrappedLabel::WrappedLabel(QWidget* parent) : QLabel(parent) {
  setTextFormat(Qt::PlainText);
  setWordWrap(true);
}

int WrappedLabel::heightForWidth(int width) const {
  return WrappedText::heightFor(text(), font(), width);
}

/// On one line.
QSize WrappedLabel::sizeHint() const {
  const QFontMetrics metrics = fontMetrics();
  return {metrics.horizontalAdvance(text()) + 2, metrics.lineSpacing()};
}

QSize WrappedLabel::minimumSizeHint() const {
  const QFontMetrics metrics = fontMetrics();
  return {2 * metrics.averageCharWidth(), metrics.lineSpacing()};
}

void WrappedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(palette().color(foregroundRole()));
  WrappedText::draw(painter, rect(), text(), font());
}

void WrappedLabel::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
    Q_EMIT clicked();
  QLabel::mouseReleaseEvent(event);
}

}  // namespace viva
