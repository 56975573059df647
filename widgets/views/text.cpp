// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/text.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

namespace viva {

QFont viewFont(double scale) {
  QFont font;
  font.setFamilies(QStringList{QStringLiteral("Noto Sans"), QStringLiteral("Noto Sans CJK SC"),
                               QStringLiteral("DejaVu Sans")});
  font.setPixelSize(std::max(6, static_cast<int>(std::lround(13 * scale))));
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

QFont codeFont(double scale) {
  QFont font;
  font.setFamilies({QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono"),
                    QStringLiteral("Noto Sans Mono CJK SC"), QStringLiteral("monospace")});
  font.setPixelSize(std::max(1, qRound(13 * scale)));
  font.setStyleHint(QFont::Monospace);
  return font;
}

}  // namespace viva
