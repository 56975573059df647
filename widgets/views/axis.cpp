// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/axis.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace viva {
namespace {

constexpr double kHuge = 1e307;  // keeps differences of two bounds finite

// The largest of 1, 2, 5 times a power of ten that is not above `size`.
double niceBelow(double size) {
  const double power = std::pow(10.0, std::floor(std::log10(size)));
  const double digits = size / power;
  return power * (digits >= 5 ? 5 : digits >= 2 ? 2 : 1);
}

double niceAbove(double size) {
  const double power = std::pow(10.0, std::floor(std::log10(size)));
  const double digits = size / power;
  return power * (digits <= 1.0000001 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
}

std::vector<Tick> linearTicks(const AxisRange& range, int wanted) {
  std::vector<Tick> ticks;
  const double span = range.high / 2 - range.low / 2;
  const double distance = niceAbove(2 * (span / std::max(1, wanted)));
  if (!(distance > 0) || !std::isfinite(distance)) return ticks;
  const double first = std::ceil(range.low / distance - 1e-9);
  for (int i = 0; i < 60; ++i) {
    const double value = (first + i) * distance;
    const double place = range.place(value);
    if (!(place <= 1 + 1e-9)) break;
    ticks.push_back({std::clamp(place, 0.0, 1.0), tickLabel(value, distance)});
  }
  return ticks;
}

QString decadeLabel(int exponent, bool plain) {
  if (plain) return tickLabel(std::pow(10.0, exponent), std::pow(10.0, exponent));
  return QStringLiteral("10") + superscript(exponent);
}

std::vector<Tick> logarithmicTicks(const AxisRange& range, int wanted) {
  const double low = std::log10(range.low), high = std::log10(range.high);
  const int first = static_cast<int>(std::ceil(low - 1e-9));
  const int last = static_cast<int>(std::floor(high + 1e-9));
  const int decades = last - first + 1;
  if (decades < 2) {
    // Less than two powers of ten in sight: label what a linear axis would.
    std::vector<Tick> ticks = linearTicks({range.low, range.high, false}, wanted);
    const double resolution = niceBelow((range.high - range.low) / std::max(1, wanted));
    for (Tick& tick : ticks) {
      const double value = range.low + tick.place * (range.high - range.low);
      tick.place = range.place(value);
      // Rounding in place() must not move a label off its value.
      tick.label = tickLabel(std::round(value / resolution) * resolution, resolution);
    }
    std::erase_if(ticks, [](const Tick& tick) { return !std::isfinite(tick.place); });
    return ticks;
  }
  std::vector<Tick> ticks;
  const int stride =
      std::max(1, static_cast<int>(std::ceil(decades / double(std::max(2, wanted)))));
  const bool plain = first >= -3 && last <= 4;
  for (int exponent = first - 1; exponent <= last; ++exponent) {
    const double decade = std::pow(10.0, exponent);
    if (exponent >= first)
      ticks.push_back({std::clamp(range.place(decade), 0.0, 1.0),
                       (exponent - first) % stride == (decades - 1) % stride
                           ? decadeLabel(exponent, plain)
                           : QString()});
    if (decades > 6) continue;
    for (int digit = 2; digit <= 9; ++digit) {
      const double place = range.place(digit * decade);
      if (place < 0 || place > 1) continue;
      const bool labelled = decades * 3 <= wanted && (digit == 2 || digit == 5);
      if (labelled || decades <= 4)
        ticks.push_back({place, labelled ? tickLabel(digit * decade, decade) : QString()});
    }
  }
  return ticks;
}

}  // namespace

double AxisRange::place(double value) const {
  if (logarithmic) {
    if (!(value > 0)) return std::numeric_limits<double>::quiet_NaN();
    const double from = std::log10(low);
    return (std::log10(value) - from) / (std::log10(high) - from);
  }
  return (value / 2 - low / 2) / (high / 2 - low / 2);
}

double AxisRange::value(double place) const {
  if (logarithmic) {
    const double from = std::log10(low);
    return std::pow(10.0, from + place * (std::log10(high) - from));
  }
  return low + 2 * (place * (high / 2 - low / 2));
}

AxisRange AxisRange::part(double from, double to) const {
  AxisRange result{value(from), value(to), logarithmic};
  const double smallest = std::max(std::abs(result.low), std::abs(result.high)) * 1e-12;
  const bool usable = std::isfinite(result.low) && std::isfinite(result.high) &&
                      result.high - result.low > smallest && std::abs(result.low) < kHuge &&
                      std::abs(result.high) < kHuge && (!logarithmic || result.low > 1e-300);
  return usable ? result : *this;
}

AxisRange roundedRange(double low, double high, bool logarithmic) {
  if (logarithmic) {
    if (!(low > 0) || !(high >= low)) return {0.1, 10, true};
    low = std::clamp(low, 1e-305, kHuge);
    high = std::clamp(high, 1e-305, kHuge);
    double from = std::log10(low), to = std::log10(high);
    const double span = to - from;
    // Coarser the more there is, or a curve that falls for ever would move the axis at every frame.
    const double grain = span > 40   ? 10
                         : span > 16 ? 4
                         : span > 8  ? 2
                         : span > 4  ? 1
                         : span > 1  ? 0.5
                                     : 0.1;
    from = std::floor(from / grain + 1e-6) * grain;
    to = std::ceil(to / grain - 1e-6) * grain;
    if (to - from < 0.3) {
      from -= 0.15;
      to += 0.15;
    }
    return {std::pow(10.0, std::max(from, -306.0)), std::pow(10.0, std::min(to, 307.5)), true};
  }
  if (!(low <= high) || !std::isfinite(low) || !std::isfinite(high)) return {0, 1, false};
  low = std::clamp(low, -kHuge, kHuge);
  high = std::clamp(high, -kHuge, kHuge);
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= size * 1e-12) {
    const double room = size > 0 ? size * 0.1 : 1;
    return {low - room, high + room, false};
  }
  const double grain = niceBelow((high - low) / 10);
  low = std::floor(low / grain + 1e-6) * grain;
  high = std::ceil(high / grain - 1e-6) * grain;
  return {std::max(low, -kHuge), std::min(high, kHuge), false};
}

AxisRange stepRange(double last) {
  if (!(last > 0)) return {0, 1, false};
  static constexpr double kStops[] = {1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
  const double power = std::pow(10.0, std::floor(std::log10(last)));
  for (double stop : kStops)
    if (last <= stop * power * (1 + 1e-12))
      return {0, std::max(4.0, std::round(stop * power)), false};
  return {0, last, false};
}

std::vector<Tick> ticksOf(const AxisRange& range, int wanted) {
  return range.logarithmic ? logarithmicTicks(range, wanted) : linearTicks(range, wanted);
}

QString superscript(int exponent) {
  static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
  QString text = exponent < 0 ? QStringLiteral("⁻") : QString();
  for (QChar digit : QString::number(std::abs(exponent))) text += digits[digit.digitValue()];
  return text;
}

QString tickLabel(double value, double resolution) {
  if (std::abs(value) < std::abs(resolution) * 1e-6) return QStringLiteral("0");
  const QString minus = value < 0 ? QStringLiteral("−") : QString();
  const double size = std::abs(value);
  const auto decimals = [&](double scale) {
    const double grain = std::abs(resolution) / scale;
    int count = grain > 0 ? std::max(0, static_cast<int>(std::ceil(-std::log10(grain) - 1e-9))) : 6;
    // A resolution like 0.25 needs one more.
    while (count < 9 && grain > 0 &&
           std::abs(std::round(grain * std::pow(10.0, count)) - grain * std::pow(10.0, count)) >
               1e-6)
      ++count;
    return std::min(count, 9);
  };
  if (size >= 1e9 || size < 1e-4) {
    const int exponent = static_cast<int>(std::floor(std::log10(size) + 1e-12));
    const double power = std::pow(10.0, exponent);
    const QString digits = QString::number(size / power, 'f', std::min(3, decimals(power)));
    if (digits == QLatin1String("1")) return minus + QStringLiteral("10") + superscript(exponent);
    return minus + digits + QStringLiteral("×10") + superscript(exponent);
  }
  if (size >= 1e6)
    return minus + QString::number(size / 1e6, 'f', decimals(1e6)) + QStringLiteral("M");
  if (size >= 1e4)
    return minus + QString::number(size / 1e3, 'f', decimals(1e3)) + QStringLiteral("k");
  return minus + QString::number(size, 'f', decimals(1));
}

QString readoutNumber(double value, int digits) {
  if (std::isnan(value)) return QStringLiteral("NaN");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  if (value == std::floor(value) && std::abs(value) < 1e7)
    return QString::number(value, 'f', 0).replace(u'-', u'−');
  const double size = std::abs(value);
  if (size >= 1e6 || size < 1e-4) {
    const QString text = QString::number(size, 'e', digits - 2);
    const int split = text.indexOf(u'e');
    return (value < 0 ? QStringLiteral("−") : QString()) + text.left(split) +
           QStringLiteral("×10") + superscript(text.mid(split + 1).toInt());
  }
  if (size >= std::pow(10.0, digits)) return QString::number(value, 'f', 0).replace(u'-', u'−');
  return QString::number(value, 'g', digits).replace(u'-', u'−');
}

}  // namespace viva
