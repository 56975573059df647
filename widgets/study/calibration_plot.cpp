// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/calibration_plot.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/study/calibration_text.h"
#include "widgets/views/colours.h"

namespace viva {
namespace {

constexpr double kSmallest = 3, kLargest = 8;  ///< radius of a mark; whole at the edges too

std::int64_t percent(double share) { return std::lround(100 * share); }

double shareRight(const Calibration::Bin& bin) { return double(bin.right) / bin.count; }

}  // namespace

CalibrationPlot::CalibrationPlot(const Appearance& appearance, QWidget* parent)
    : QWidget(parent), appearance_(appearance) {
  setMinimumSize(sizeHint() / 1.5);
}

QString CalibrationPlot::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

QSize CalibrationPlot::sizeHint() const {
  return QSizeF(320, 220).toSize() * appearance_.font_scale;
}

void CalibrationPlot::setCalibration(const Calibration& calibration) {
  calibration_ = calibration;
  from_ = 0.5;
  QStringList lines{calibrationText(calibration, Words::in(appearance_.language))};
  for (const Calibration::Bin& bin : calibration.bins) {
    from_ = std::min(from_, std::floor(10 * bin.confidence) / 10);
    lines.append(text({"home.calibration",
                       {{"said", percent(bin.confidence)},
                        {"right", percent(shareRight(bin))},
                        {"count", std::int64_t{bin.count}}}}));
  }
  setAccessibleName(text({"home.calibration_title", {}}));
  setAccessibleDescription(lines.join('\n'));
  setToolTip(accessibleDescription());
  update();
}

QFont CalibrationPlot::font(double pixels) const {
  QFont font = QWidget::font();
  font.setPixelSize(static_cast<int>(std::lround(pixels * appearance_.font_scale)));
  return font;
}

/// Between the numbers of the axes and their titles.
QRectF CalibrationPlot::area() const {
  const QFontMetricsF metrics(font(11));
  const double letter = metrics.height(), scale = appearance_.font_scale;
  const double mark = kLargest * scale;
  return QRectF(rect()).adjusted(letter + metrics.horizontalAdvance("100") + 8 * scale + mark,
                                 mark + 2, -mark - 8 * scale, -2 * letter - 8 * scale - mark);
}

QPointF CalibrationPlot::placeOf(double confidence, double right) const {
  const QRectF plot = area();
  return {plot.left() + plot.width() * (confidence - from_) / (1 - from_),
          plot.bottom() - plot.height() * right};
}

void CalibrationPlot::paintEvent(QPaintEvent*) {
  const Theme& colours = theme(appearance_.dark);
  const double scale = appearance_.font_scale;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(font(11));
  const QRectF plot = area();
  const double letter = painter.fontMetrics().height(), mark = kLargest * scale;

  for (int tick = static_cast<int>(percent(from_)); tick <= 100; tick += 10) {
    const double x = placeOf(tick / 100.0, 0).x();
    painter.setPen(QPen(colours.grid, 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    painter.setPen(colours.muted_text);
    painter.drawText(QRectF(x - 40, plot.bottom() + mark + 2, 80, letter), Qt::AlignHCenter,
                     QStringLiteral("%1").arg(tick));
  }
  for (int tick = 0; tick <= 100; tick += 25) {
    const double y = placeOf(from_, tick / 100.0).y();
    painter.setPen(QPen(colours.grid, 1));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(colours.muted_text);
    painter.drawText(QRectF(0, y - letter / 2, plot.left() - mark - 3 * scale, letter),
                     Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("%1").arg(tick));
  }
  painter.setPen(colours.text);
  painter.drawText(QRectF(plot.left(), plot.bottom() + mark + letter + 4, plot.width(), letter),
                   Qt::AlignHCenter, text({"home.calibration_said", {}}));
  painter.save();
  painter.translate(0, plot.center().y());
  painter.rotate(-90);
  painter.drawText(QRectF(-height() / 2.0, 0, height(), letter), Qt::AlignHCenter,
                   text({"home.calibration_right", {}}));
  painter.restore();

  QPen diagonal(colours.reference, 1.5 * scale, Qt::DashLine);
  painter.setPen(diagonal);
  painter.drawLine(placeOf(from_, from_), placeOf(1, 1));

  // The area of a mark is its number of predictions.
  int most = 1;
  for (const Calibration::Bin& bin : calibration_.bins) most = std::max(most, bin.count);
  const QColor colour = curveColours(appearance_.dark)[0];
  for (const Calibration::Bin& bin : calibration_.bins) {
    const double radius =
        scale * (kSmallest + (kLargest - kSmallest) * std::sqrt(double(bin.count) / most));
    painter.setBrush(colour);
    painter.setPen(QPen(colours.background, 1.5));
    painter.drawEllipse(placeOf(bin.confidence, shareRight(bin)), radius, radius);
  }
}

}  // namespace viva
