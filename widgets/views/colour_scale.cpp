// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/colour_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/views/axis.h"

namespace viva {
namespace {

constexpr double kDepth = 1e-4;  // of the range: what lies deeper has the lowest colour

}  // namespace

ColourScale::ColourScale(Form form, double minimum, double maximum)
    : form_(form), minimum_(minimum), maximum_(maximum) {
  if (!std::isfinite(minimum_) || !std::isfinite(maximum_) || minimum_ > maximum_) {
    minimum_ = 0;
    maximum_ = 1;
  }
  if (form_ == Form::Diverging) {
    maximum_ = std::max(std::abs(minimum_), std::abs(maximum_));
    minimum_ = -maximum_;
  }
  if (form_ == Form::Logarithmic && !(maximum_ > 0)) form_ = Form::Linear;
  if (form_ == Form::Logarithmic && !(minimum_ > 0)) minimum_ = maximum_ * kDepth;
  if (maximum_ - minimum_ <= std::abs(maximum_) * 1e-12) {
    const double room = maximum_ != 0 ? std::abs(maximum_) / 2 : 0.5;
    maximum_ += room;
    minimum_ -= form_ == Form::Logarithmic ? 0 : room;
  }
}

ColourScale ColourScale::of(const std::vector<float>& values, Form form,
                            std::optional<double> minimum, std::optional<double> maximum) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (float value : values) {
    if (!std::isfinite(value) || (form == Form::Logarithmic && !(value > 0))) continue;
    low = std::min<double>(low, value);
    high = std::max<double>(high, value);
  }
  return {form, minimum.value_or(low), maximum.value_or(high)};
}

double ColourScale::place(double value) const {
  if (std::isnan(value)) return value;
  switch (form_) {
    case Form::Logarithmic:
      if (!(value > minimum_)) return 0;
      return std::min(1.0, std::log(value / minimum_) / std::log(maximum_ / minimum_));
    case Form::Depth: {
      const double part = (value - minimum_) / (maximum_ - minimum_);
      if (!(part > kDepth)) return 0;
      return std::min(1.0, 1 - std::log(part) / std::log(kDepth));
    }
    default:
      return std::clamp((value - minimum_) / (maximum_ - minimum_), 0.0, 1.0);
  }
}

double ColourScale::value(double place) const {
  switch (form_) {
    case Form::Logarithmic:
      return minimum_ * std::pow(maximum_ / minimum_, place);
    case Form::Depth:
      return minimum_ + (maximum_ - minimum_) * (place <= 0 ? 0 : std::pow(kDepth, 1 - place));
    default:
      return minimum_ + place * (maximum_ - minimum_);
  }
}

QImage imageOf(const std::vector<float>& values, int rows, int columns, const ColourScale& scale,
               ColourMap map, bool dark, bool upwards) {
  QImage image(std::max(1, columns), std::max(1, rows), QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  const auto& table = tableOf(map, dark);
  for (int row = 0; row < rows; ++row) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(upwards ? rows - 1 - row : row));
    for (int column = 0; column < columns; ++column) {
      const std::size_t index = static_cast<std::size_t>(row) * columns + column;
      if (index >= values.size()) return image;
      const double place = scale.place(values[index]);
      if (!std::isnan(place)) line[column] = table[static_cast<int>(place * 255 + 0.5)];
    }
  }
  return image;
}

double colourBarWidth(const QFont& font) { return font.pixelSize() * 5.6; }

void drawColourBar(QPainter& painter, const QRectF& area, const ColourScale& scale, ColourMap map,
                   bool dark, const QFont& font) {
  const Theme& colours = theme(dark);
  const double thickness = font.pixelSize() * 0.9;
  const QRectF bar(area.left() + font.pixelSize() * 0.9, area.top(), thickness, area.height());
  QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
  for (int i = 0; i <= 16; ++i)
    gradient.setColorAt(i / 16.0, QColor::fromRgb(mapped(map, i / 16.0, dark)));
  painter.setPen(QPen(colours.axis, 1));
  painter.setBrush(gradient);
  painter.drawRect(bar);
  const int wanted = std::clamp(static_cast<int>(area.height() / (font.pixelSize() * 3)), 1, 6);
  std::vector<Tick> ticks;
  if (scale.form() == ColourScale::Form::Depth) {
    for (int i = 0; i <= wanted; ++i) {
      const double place = static_cast<double>(i) / wanted;
      ticks.push_back(
          {place, readoutNumber(QString::number(scale.value(place), 'g', 2).toDouble())});
    }
  } else {
    const bool logarithmic = scale.form() == ColourScale::Form::Logarithmic;
    ticks = ticksOf({scale.minimum(), scale.maximum(), logarithmic}, wanted);
  }
  // Long labels are made smaller rather than cut; the plot keeps its width while values change.
  double widest = 1;
  for (const Tick& tick : ticks)
    widest = std::max(widest, QFontMetricsF(font).horizontalAdvance(tick.label));
  const double room = area.right() - bar.right() - 7;
  QFont fitting = font;
  fitting.setPixelSize(
      static_cast<int>(font.pixelSize() * std::clamp(room / widest, 0.6, 1.0) + 0.01));
  const QFontMetricsF metrics(fitting);
  painter.setFont(fitting);
  for (const Tick& tick : ticks) {
    if (tick.label.isEmpty()) continue;
    const double y = bar.bottom() - tick.place * bar.height();
    painter.setPen(QPen(colours.axis, 1));
    painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 3, y));
    painter.setPen(colours.muted_text);
    painter.drawText(QPointF(bar.right() + 6, y + metrics.ascent() / 2 - metrics.descent() / 2),
                     tick.label);
  }
}

}  // namespace viva
