// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_text.h"

#include <QTextLayout>
#include <cmath>

#include "widgets/views/axis.h"

namespace viva {

QString nodeNumber(double value) {
  const double size = std::abs(value);
  if (!std::isfinite(value) || value == 0) return readoutNumber(value);
  const QString minus = value < 0 ? QStringLiteral("−") : QString();
  if (size >= 1e4 || size < 1e-3) {
    const int exponent = static_cast<int>(std::floor(std::log10(size)));
    return minus + QString::number(size / std::pow(10.0, exponent), 'f', 1) +
           QStringLiteral("×10") + superscript(exponent);
  }
  if (size >= 100 || (size == std::floor(size) && size < 1000))
    return minus + QString::number(size, 'f', 0);
  return minus + QString::number(size, 'f', size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

QStringList wrapped(const QString& text, const QFont& font, double width) {
  QStringList lines;
  for (const QString& paragraph : text.split(u'\n')) {
    QTextLayout layout(paragraph, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
      line.setLineWidth(width);
      lines << paragraph.mid(line.textStart(), line.textLength()).trimmed();
    }
    layout.endLayout();
  }
  return lines;
}

}  // namespace viva
