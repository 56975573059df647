// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/contours.h"

#include <cmath>

namespace viva {

QVector<QLineF> contour(const std::vector<float>& values, int rows, int columns, float level) {
  QVector<QLineF> lines;
  for (int row = 0; row + 1 < rows; ++row) {
    const float* low = values.data() + static_cast<std::size_t>(row) * columns;
    const float* high = low + columns;
    for (int column = 0; column + 1 < columns; ++column) {
      const float a = low[column], b = low[column + 1], c = high[column + 1], d = high[column];
      const int corners = (a > level) | (b > level) << 1 | (c > level) << 2 | (d > level) << 3;
      if (corners == 0 || corners == 15) continue;
      if (!std::isfinite(a + b + c + d)) continue;
      const auto part = [level](float from, float to) { return (level - from) / (to - from); };
      const auto bottom = [&] { return QPointF(column + part(a, b), row); };
      const auto right = [&] { return QPointF(column + 1, row + part(b, c)); };
      const auto top = [&] { return QPointF(column + part(d, c), row + 1); };
      const auto left = [&] { return QPointF(column, row + part(a, d)); };
      const bool middle = (a + b + c + d) / 4 > level;
      switch (corners) {
        case 1:
        case 14:
          lines << QLineF(left(), bottom());
          break;
        case 2:
        case 13:
          lines << QLineF(bottom(), right());
          break;
        case 4:
        case 11:
          lines << QLineF(right(), top());
          break;
        case 8:
        case 7:
          lines << QLineF(top(), left());
          break;
        case 3:
        case 12:
          lines << QLineF(left(), right());
          break;
        case 6:
        case 9:
          lines << QLineF(bottom(), top());
          break;
        case 5:
        case 10:
          if ((corners == 5) == middle) {
            lines << QLineF(left(), top()) << QLineF(bottom(), right());
          } else {
            lines << QLineF(left(), bottom()) << QLineF(right(), top());
          }
          break;
      }
    }
  }
  return lines;
}

}  // namespace viva
