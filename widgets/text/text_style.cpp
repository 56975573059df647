// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/text_style.h"

#include <QFontDatabase>

#include "widgets/views/colours.h"

namespace viva {
namespace {

QFont font(const QStringList& families, double pixels) {
  QFont result;
  result.setFamilies(families);
  result.setPixelSize(std::max(1, qRound(pixels)));
  return result;
}

}  // namespace

TextStyle::TextStyle(const Appearance& appearance) {
  chinese = appearance.language == Language::Chinese;
  const Theme& colours = theme(appearance.dark);
  // Chinese characters fill their square: the same number of pixels looks larger.
  size = (chinese ? 15.0 : 15.5) * appearance.font_scale;
  // In Chinese text quotation marks and dashes are those of the Chinese typeface.
  const QString chinese_sans = QStringLiteral("Noto Sans CJK SC");
  QStringList sans = {QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans"), chinese_sans,
                      QStringLiteral("sans-serif")};
  if (chinese) sans.prepend(chinese_sans);
  const QStringList serif = {QStringLiteral("Noto Serif"), QStringLiteral("DejaVu Serif"),
                             QStringLiteral("Noto Serif CJK SC"), QStringLiteral("serif")};
  body = font(chinese ? sans : serif, size);
  heading = font(sans, size);
  code = font({QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono"),
               QStringLiteral("Noto Sans Mono CJK SC"), QStringLiteral("monospace")},
              13 * appearance.font_scale);
  code.setStyleHint(QFont::Monospace);

  background = colours.background;
  text = colours.text;
  muted = colours.muted_text;
  link = colours.accent;
  rule = colours.axis;
  inset = colours.row;
  stripe = colours.row;

  const bool dark = appearance.dark;
  keyword = dark ? QColor(0x8a, 0xb8, 0xff) : QColor(0x1a, 0x4f, 0xb0);
  type = dark ? QColor(0x6f, 0xd3, 0xc4) : QColor(0x00, 0x66, 0x5c);
  string = dark ? QColor(0xf0, 0xb0, 0x7a) : QColor(0x9a, 0x45, 0x00);
  number = dark ? QColor(0xe6, 0xc3, 0x5c) : QColor(0x7a, 0x58, 0x00);
  comment = dark ? QColor(0x98, 0xa2, 0xad) : QColor(0x5c, 0x66, 0x70);
  call = dark ? QColor(0xd9, 0xb8, 0xf0) : QColor(0x6b, 0x2f, 0x8f);
  mark = dark ? QColor(0x22, 0x33, 0x49) : QColor(0xe9, 0xf2, 0xfd);
  current_find = dark ? QColor(0xa0, 0x62, 0x00) : QColor(0xff, 0xc2, 0x55);
  other_find = dark ? QColor(0x55, 0x47, 0x18) : QColor(0xff, 0xef, 0xb8);
}

}  // namespace viva
