// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/forecast_bars.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"

namespace viva {

ForecastBars::ForecastBars(const Appearance& appearance, QWidget* parent)
    : QWidget(parent), appearance_(appearance) {
  setMinimumHeight(static_cast<int>(90 * appearance.font_scale));
}

void ForecastBars::setForecast(std::vector<int> cards) {
  cards_ = std::move(cards);
  const Words& words = Words::in(appearance_.language);
  int week = 0;
  for (std::size_t day = 0; day < std::min<std::size_t>(7, cards_.size()); ++day)
    week += cards_[day];
  setAccessibleName(QString::fromStdString(words("home.forecast")));
  setAccessibleDescription(QString::fromStdString(words(Message{
      "home.forecast_says",
      {{"today", std::int64_t{cards_.empty() ? 0 : cards_[0]}}, {"week", std::int64_t{week}}}})));
  setToolTip(accessibleDescription());
  update();
}

void ForecastBars::paintEvent(QPaintEvent*) {
  if (cards_.empty()) return;
  const Theme& colours = theme(appearance_.dark);
  QPainter painter(this);
  QFont font = painter.font();
  font.setPixelSize(static_cast<int>(std::lround(11 * appearance_.font_scale)));
  painter.setFont(font);
  const double letter = painter.fontMetrics().height();
  const QRectF area = QRectF(rect()).adjusted(2, letter + 2, -2, -letter - 2);
  const int most = std::max(1, *std::max_element(cards_.begin(), cards_.end()));
  const double width = area.width() / double(cards_.size());
  for (std::size_t day = 0; day < cards_.size(); ++day) {
    const double height = area.height() * cards_[day] / most;
    const QRectF bar(area.left() + double(day) * width + 1, area.bottom() - height, width - 2,
                     height);
    painter.fillRect(bar, curveColours(appearance_.dark)[0]);
    painter.setPen(colours.text);
    if (cards_[day] > 0 && width > letter)
      painter.drawText(QRectF(bar.left() - 10, bar.top() - letter, bar.width() + 20, letter),
                       Qt::AlignHCenter | Qt::AlignBottom, QString::number(cards_[day]));
    if (day % 7 == 0)
      painter.drawText(
          day == 0 ? QRectF(bar.left(), area.bottom() + 2, 100, letter)
                   : QRectF(bar.left() - 40, area.bottom() + 2, bar.width() + 80, letter),
          day == 0 ? Qt::AlignLeft : Qt::AlignHCenter,
          day == 0 ? QString::fromStdString(Words::in(appearance_.language)("home.today"))
                   : QStringLiteral("+%1").arg(day));
  }
  painter.setPen(QPen(colours.axis, 1));
  painter.drawLine(area.bottomLeft(), area.bottomRight());
}

}  // namespace viva
