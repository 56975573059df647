// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/presenter_line.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <chrono>

namespace viva {
namespace {

using namespace std::chrono_literals;

constexpr auto kShortest = 3000ms, kALetter = 70ms;
constexpr int kFading = 700;  ///< milliseconds
constexpr double kOpacity = 0.9;
constexpr int kBreak = Qt::AlignCenter | Qt::TextWordWrap;

}  // namespace

PresenterLine::PresenterLine(QWidget* over) : QWidget(over) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setFocusPolicy(Qt::NoFocus);
  over->installEventFilter(this);
  hide();
  read_.setSingleShot(true);
  connect(&read_, &QTimer::timeout, this, &PresenterLine::fade);
  fading_.setDuration(kFading);
  fading_.setStartValue(1.0);
  fading_.setEndValue(0.0);
  connect(&fading_, &QVariantAnimation::valueChanged, this, qOverload<>(&QWidget::update));
  connect(&fading_, &QVariantAnimation::finished, this, &QWidget::hide);
}

void PresenterLine::say(const QString& text, bool calm) {
  text_ = text;
  calm_ = calm;
  setAccessibleName(text);
  fading_.stop();
  place();
  show();
  raise();
  update();
  read_.start(std::max<std::chrono::milliseconds>(kShortest, kALetter * text.size()));
}

void PresenterLine::fade() {
  read_.stop();
  if (isHidden()) return;
  calm_ ? hide() : fading_.start();
}

void PresenterLine::place() {
  const QRect room = parentWidget()->rect();
  const int line = fontMetrics().height();
  const QRect text = fontMetrics().boundingRect(
      QRect(0, 0, room.width() * 9 / 10 - 2 * line, room.height()), kBreak, text_);
  QRect box(QPoint(), text.size() + QSize(2 * line, line));
  box.moveCenter(room.center());
  box.moveBottom(room.bottom() - 3 * line);
  setGeometry(box);
}

void PresenterLine::paintEvent(QPaintEvent*) {
  const bool fades = fading_.state() == QAbstractAnimation::Running;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setOpacity(kOpacity * (fades ? fading_.currentValue().toDouble() : 1));
  painter.setPen(Qt::NoPen);
  // The colours turned round, so that it stands out from whatever is below.
  painter.setBrush(palette().color(QPalette::Text));
  const double round = fontMetrics().height() / 2.0;
  painter.drawRoundedRect(rect(), round, round);
  painter.setPen(palette().color(QPalette::Base));
  painter.drawText(rect().adjusted(fontMetrics().height() / 2, 0, -fontMetrics().height() / 2, 0),
                   kBreak, text_);
}

void PresenterLine::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) place();
  QWidget::changeEvent(event);
}

bool PresenterLine::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize) place();
  return QWidget::eventFilter(watched, event);
}

}  // namespace viva
