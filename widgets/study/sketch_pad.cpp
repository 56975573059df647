// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/sketch_pad.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/views/axis.h"
#include "widgets/views/colours.h"

namespace viva {
namespace {

/// Of the height, for one press of Up or Down.
constexpr double kKeyStep = 0.02;

AxisRange rangeOf(const DemoRule& rule) { return {rule.low, rule.high, rule.logarithmic}; }

}  // namespace

SketchPad::SketchPad(QWidget* parent) : QWidget(parent), heights_(kColumns) {
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::CrossCursor);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void SketchPad::begin(const DemoRule& rule, const QString& title, std::int64_t steps) {
  rule_ = rule;
  title_ = title;
  steps_ = steps;
  heights_.assign(kColumns, {});
  column_ = 0;
  measured_.clear();
  setAccessibleName(title + ": " + text("demo.sketch_name"));
  setAccessibleDescription(text("demo.sketch_help"));
  update();
}

void SketchPad::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  update();
}

QString SketchPad::text(const char* key) const {
  return QString::fromStdString(Words::in(appearance_.language)(key));
}

SketchedCurve SketchPad::sketch() const {
  SketchedCurve curve;
  for (int i = 0; i < kColumns; ++i)
    if (heights_[static_cast<std::size_t>(i)])
      curve.emplace_back(i / double(kColumns - 1), valueOf(*heights_[static_cast<std::size_t>(i)]));
  return curve;
}

void SketchPad::reveal(SketchedCurve measured) {
  measured_ = std::move(measured);
  update();
}

double SketchPad::heightOf(double value) const { return rangeOf(rule_).place(value); }
double SketchPad::valueOf(double height) const { return rangeOf(rule_).value(height); }

QRectF SketchPad::plot() const {
  const double letter = 13 * appearance_.font_scale;
  return QRectF(rect()).adjusted(letter * 4.5, letter * 2.6, -letter * 1.2, -letter * 3);
}

QPointF SketchPad::toScreen(const QPointF& point) const {
  const QRectF area = plot();
  // What lies outside leaves the plot, far enough for its slope: along the edge it would look flat.
  const double height = std::clamp(heightOf(point.y()), -100.0, 100.0);
  return {area.left() + point.x() * area.width(), area.bottom() - height * area.height()};
}

void SketchPad::paintEvent(QPaintEvent*) {
  const Theme& colours = theme(appearance_.dark);
  const QRectF area = plot();
  QPainter painter(this);
  painter.fillRect(rect(), colours.background);
  QFont font = painter.font();
  font.setPixelSize(static_cast<int>(std::lround(13 * appearance_.font_scale)));
  painter.setFont(font);
  const double letter = painter.fontMetrics().height();
  painter.setPen(colours.text);
  painter.drawText(QRectF(area.left(), 4, area.width(), letter), Qt::AlignLeft, title_);

  const auto line = [&](const QColor& colour, QPointF from, QPointF to) {
    painter.setPen(QPen(colour, 1));
    painter.drawLine(from, to);
  };
  for (const Tick& tick : ticksOf(rangeOf(rule_), 6)) {
    const double y = area.bottom() - tick.place * area.height();
    line(colours.grid, {area.left(), y}, {area.right(), y});
    painter.setPen(colours.muted_text);
    painter.drawText(QRectF(0, y - letter / 2, area.left() - 6, letter), Qt::AlignRight,
                     tick.label);
  }
  for (const Tick& tick : ticksOf({0, double(std::max<std::int64_t>(steps_, 1)), false}, 6)) {
    const double x = area.left() + tick.place * area.width();
    line(colours.grid, {x, area.top()}, {x, area.bottom()});
    painter.setPen(colours.muted_text);
    painter.drawText(QRectF(x - 60, area.bottom() + 4, 120, letter), Qt::AlignHCenter, tick.label);
  }
  painter.drawText(QRectF(area.left(), area.bottom() + letter + 4, area.width(), letter),
                   Qt::AlignHCenter, text("axis.step"));
  painter.setPen(QPen(colours.axis, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(area);

  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(area.adjusted(-2, -2, 2, 2));
  const auto curve = [&](const SketchedCurve& points, const QPen& pen) {
    painter.setPen(pen);
    for (std::size_t i = 1; i < points.size(); ++i)
      painter.drawLine(toScreen(points[i - 1]), toScreen(points[i]));
  };
  const QColor mine = curveColours(appearance_.dark)[1], real = curveColours(appearance_.dark)[0];
  const SketchedCurve drawn = sketch();
  curve(drawn, QPen(mine, 3, Qt::DashLine));
  curve(measured_, QPen(real, 2.5));
  painter.setClipping(false);

  if (drawn.empty() && !isRevealed()) {
    painter.setPen(colours.muted_text);
    painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, text("demo.sketch_help"));
  }
  if (hasFocus() && !isRevealed()) {
    const double x = area.left() + column_ / double(kColumns - 1) * area.width();
    painter.setPen(QPen(colours.accent, 1.5));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
  }
  if (isRevealed()) {  // a legend: line style and words, not colour alone
    // Beside the title, where it hides nothing of the curves.
    double x = area.right();
    const double y = 4 + letter / 2;
    for (const auto& [pen, key] : {std::pair{QPen(mine, 3, Qt::DashLine), "demo.sketch_yours"},
                                   std::pair{QPen(real, 2.5), "demo.sketch_real"}}) {
      if (drawn.empty() && pen.style() == Qt::DashLine) continue;
      const QString words = text(key);
      x -= painter.fontMetrics().horizontalAdvance(words) + 42;
      painter.setPen(pen);
      painter.drawLine(QPointF(x, y), QPointF(x + 36, y));
      painter.setPen(colours.text);
      painter.drawText(QPointF(x + 42, y + letter * 0.3), words);
      x -= 20;
    }
  }
}

/// Sets every column between two places, so that a quick stroke leaves no gap.
void SketchPad::draw(const QPointF& from, const QPointF& to) {
  const QRectF area = plot();
  const auto column = [&](const QPointF& point) {
    return std::clamp((point.x() - area.left()) / area.width(), 0.0, 1.0) * (kColumns - 1);
  };
  const auto height = [&](const QPointF& point) {
    return std::clamp((area.bottom() - point.y()) / area.height(), 0.0, 1.0);
  };
  const double a = column(from), b = column(to);
  const int first = static_cast<int>(std::lround(std::min(a, b)));
  const int last = static_cast<int>(std::lround(std::max(a, b)));
  for (int i = first; i <= last; ++i) {
    const double part = a == b ? 1 : std::clamp((i - a) / (b - a), 0.0, 1.0);
    heights_[static_cast<std::size_t>(i)] = height(from) + part * (height(to) - height(from));
  }
  // What lies between two strokes is a straight line: a sketch has no holes.
  int known = -1;
  for (int i = 0; i < kColumns; ++i) {
    if (!heights_[static_cast<std::size_t>(i)]) continue;
    for (int hole = known + 1; known >= 0 && hole < i; ++hole) {
      const double part = double(hole - known) / (i - known);
      heights_[static_cast<std::size_t>(hole)] =
          *heights_[static_cast<std::size_t>(known)] +
          part *
              (*heights_[static_cast<std::size_t>(i)] - *heights_[static_cast<std::size_t>(known)]);
    }
    known = i;
  }
  update();
  Q_EMIT sketched();
}

void SketchPad::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || isRevealed() || !isEnabled()) return;
  last_ = event->position();
  draw(last_, last_);
}

void SketchPad::mouseMoveEvent(QMouseEvent* event) {
  if (!(event->buttons() & Qt::LeftButton) || isRevealed() || !isEnabled()) return;
  draw(last_, event->position());
  last_ = event->position();
}

void SketchPad::keyPressEvent(QKeyEvent* event) {
  const int step = event->modifiers() & Qt::ControlModifier ? 10 : 1;
  const auto set = [&](double change) {
    auto& height = heights_[static_cast<std::size_t>(column_)];
    const double next = std::clamp(height.value_or(0.5) + change, 0.0, 1.0);
    const QRectF area = plot();
    const QPointF place(area.left() + column_ / double(kColumns - 1) * area.width(),
                        area.bottom() - next * area.height());
    draw(place, place);
    sayHeight();
  };
  const auto go = [&](int columns) {
    const auto before = heights_[static_cast<std::size_t>(column_)];
    column_ = std::clamp(column_ + columns, 0, kColumns - 1);
    if (!heights_[static_cast<std::size_t>(column_)] && before && !isRevealed()) {
      heights_[static_cast<std::size_t>(column_)] = before;
      set(0);  // the line goes on level
      return;
    }
    sayHeight();
    update();
  };
  switch (event->key()) {
    case Qt::Key_Left:
      return go(-step);
    case Qt::Key_Right:
      return go(step);
    case Qt::Key_Up:
    case Qt::Key_Down:
      if (!isRevealed()) set(event->key() == Qt::Key_Up ? kKeyStep * step : -kKeyStep * step);
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

void SketchPad::sayHeight() {
  const auto height = heights_[static_cast<std::size_t>(column_)];
  const double step = std::round(column_ / double(kColumns - 1) * double(steps_));
  const QString where =
      readoutNumber(step) + ": " + (height ? readoutNumber(valueOf(*height)) : QStringLiteral("–"));
  setAccessibleDescription(where);
  QAccessibleEvent said(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&said);
}

}  // namespace viva
