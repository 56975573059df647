// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace viva {
namespace {

struct Lab {
  double lightness, a, b;
};

double encode(double linear) {
  linear = std::clamp(linear, 0.0, 1.0);
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

double decode(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

// Björn Ottosson, "A perceptual color space for image processing", 2020.
QRgb toRgb(const Lab& c) {
  const double l = std::pow(c.lightness + 0.3963377774 * c.a + 0.2158037573 * c.b, 3);
  const double m = std::pow(c.lightness - 0.1055613458 * c.a - 0.0638541728 * c.b, 3);
  const double s = std::pow(c.lightness - 0.0894841775 * c.a - 1.2914855480 * c.b, 3);
  const auto byte = [](double v) { return static_cast<int>(std::lround(255 * encode(v))); };
  return qRgb(byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
              byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
              byte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

Lab polar(double lightness, double chroma, double degrees) {
  const double angle = degrees * 3.14159265358979323846 / 180;
  return {lightness, chroma * std::cos(angle), chroma * std::sin(angle)};
}

using Anchors = std::vector<Lab>;

Anchors anchorsOf(ColourMap map, bool dark) {
  switch (map) {
    case ColourMap::Sequential:
      if (dark)
        return {polar(0.20, 0.02, 270), polar(0.36, 0.10, 275), polar(0.52, 0.11, 230),
                polar(0.68, 0.12, 175), polar(0.84, 0.15, 120), polar(0.97, 0.10, 100)};
      return {polar(0.98, 0.02, 105), polar(0.86, 0.11, 125), polar(0.72, 0.11, 165),
              polar(0.57, 0.10, 220), polar(0.42, 0.11, 270), polar(0.27, 0.10, 290)};
    case ColourMap::Muted:
      if (dark) return {polar(0.19, 0.010, 255), polar(0.34, 0.050, 235), polar(0.50, 0.075, 205)};
      return {polar(0.99, 0.005, 250), polar(0.90, 0.045, 225), polar(0.79, 0.070, 245)};
    case ColourMap::Diverging:
      if (dark)
        return {polar(0.72, 0.13, 245), polar(0.45, 0.09, 245), polar(0.24, 0.005, 250),
                polar(0.46, 0.09, 55), polar(0.76, 0.13, 65)};
      return {polar(0.55, 0.13, 245), polar(0.78, 0.075, 240), polar(0.985, 0.003, 90),
              polar(0.80, 0.085, 65), polar(0.60, 0.135, 50)};
    case ColourMap::MutedDiverging:
      if (dark)
        return {polar(0.52, 0.10, 245), polar(0.35, 0.06, 245), polar(0.21, 0.005, 250),
                polar(0.36, 0.06, 55), polar(0.53, 0.10, 60)};
      return {polar(0.72, 0.105, 240), polar(0.86, 0.06, 240), polar(0.99, 0.003, 90),
              polar(0.87, 0.065, 65), polar(0.74, 0.12, 60)};
  }
  return {};
}

std::vector<QRgb> makeTable(ColourMap map, bool dark) {
  const Anchors anchors = anchorsOf(map, dark);
  std::vector<QRgb> table(256);
  for (int i = 0; i < 256; ++i) {
    const double place = i / 255.0 * (anchors.size() - 1);
    const std::size_t first = std::min<std::size_t>(place, anchors.size() - 2);
    const double part = place - first;
    const Lab &from = anchors[first], &to = anchors[first + 1];
    table[i] = toRgb({from.lightness + part * (to.lightness - from.lightness),
                      from.a + part * (to.a - from.a), from.b + part * (to.b - from.b)});
  }
  return table;
}

double luminance(const QColor& colour) {
  return 0.2126 * decode(colour.redF()) + 0.7152 * decode(colour.greenF()) +
         0.0722 * decode(colour.blueF());
}

}  // namespace

const Theme& theme(bool dark) {
  static const Theme light{.background = QColor(0xff, 0xff, 0xff),
                           .text = QColor(0x1b, 0x1f, 0x24),
                           .muted_text = QColor(0x55, 0x5d, 0x66),
                           .grid = QColor(0xe4, 0xe8, 0xec),
                           .axis = QColor(0x8a, 0x93, 0x9c),
                           .accent = QColor(0x0b, 0x62, 0xc4),
                           .good = QColor(0x0a, 0x7a, 0x4f),
                           .bad = QColor(0xc0, 0x36, 0x0c),
                           .reference = QColor(0x6b, 0x72, 0x7a),
                           .contour = QColor(0x5b, 0x74, 0x8c, 110),
                           .row = QColor(0xf3, 0xf5, 0xf8),
                           .shade = QColor(0xff, 0xff, 0xff, 240)};
  static const Theme night{.background = QColor(0x15, 0x19, 0x1e),
                           .text = QColor(0xe8, 0xed, 0xf2),
                           .muted_text = QColor(0xa3, 0xad, 0xb8),
                           .grid = QColor(0x2b, 0x32, 0x3a),
                           .axis = QColor(0x7c, 0x87, 0x92),
                           .accent = QColor(0x6c, 0xb6, 0xff),
                           .good = QColor(0x45, 0xcf, 0x9a),
                           .bad = QColor(0xff, 0x8f, 0x66),
                           .reference = QColor(0x9a, 0xa5, 0xb0),
                           .contour = QColor(0xa8, 0xc0, 0xd6, 80),
                           .row = QColor(0x1e, 0x24, 0x2b),
                           .shade = QColor(0x22, 0x28, 0x30, 240)};
  return dark ? night : light;
}

const CodeColours& codeColours(bool dark) {
  static const CodeColours light{.keyword = QColor(0x1a, 0x4f, 0xb0),
                                 .type = QColor(0x00, 0x66, 0x5c),
                                 .string = QColor(0x9a, 0x45, 0x00),
                                 .number = QColor(0x7a, 0x58, 0x00),
                                 .comment = QColor(0x5c, 0x66, 0x70),
                                 .call = QColor(0x6b, 0x2f, 0x8f)};
  static const CodeColours night{.keyword = QColor(0x8a, 0xb8, 0xff),
                                 .type = QColor(0x6f, 0xd3, 0xc4),
                                 .string = QColor(0xf0, 0xb0, 0x7a),
                                 .number = QColor(0xe6, 0xc3, 0x5c),
                                 .comment = QColor(0x98, 0xa2, 0xad),
                                 .call = QColor(0xd9, 0xb8, 0xf0)};
  return dark ? night : light;
}

const std::vector<QColor>& curveColours(bool dark) {
  static const std::vector<QColor> light{QColor(0x0e, 0x5d, 0xd2), QColor(0xcc, 0x34, 0x00),
                                         QColor(0x00, 0xa6, 0x93), QColor(0x86, 0x20, 0x81),
                                         QColor(0x80, 0x9e, 0x2a), QColor(0x0c, 0x11, 0x40),
                                         QColor(0x5f, 0x81, 0xea), QColor(0x65, 0x21, 0x23)};
  static const std::vector<QColor> night{QColor(0x59, 0x71, 0xf4), QColor(0xee, 0x56, 0x10),
                                         QColor(0x1d, 0xee, 0x79), QColor(0xb8, 0x5c, 0xb3),
                                         QColor(0xff, 0xc6, 0x15), QColor(0xff, 0xff, 0xd8),
                                         QColor(0xab, 0xbd, 0xff), QColor(0xaf, 0x78, 0x52)};
  return dark ? night : light;
}

const std::vector<QRgb>& tableOf(ColourMap map, bool dark) {
  static const std::array<std::array<std::vector<QRgb>, 2>, 4> tables = [] {
    std::array<std::array<std::vector<QRgb>, 2>, 4> made;
    for (int kind = 0; kind < 4; ++kind)
      for (int shade = 0; shade < 2; ++shade)
        made[kind][shade] = makeTable(static_cast<ColourMap>(kind), shade == 1);
    return made;
  }();
  return tables[static_cast<int>(map)][dark ? 1 : 0];
}

QRgb mapped(ColourMap map, double value, bool dark) {
  return tableOf(map, dark)[static_cast<int>(std::lround(255 * std::clamp(value, 0.0, 1.0)))];
}

double contrast(const QColor& one, const QColor& other) {
  const double a = luminance(one), b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

}  // namespace viva
