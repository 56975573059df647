// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/text_style.h"

#include <QFontDatabase>

#include "widgets/views/colours.h"
#include "widgets/views/text.h"

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
  code = codeFont(appearance.font_scale);

  background = colours.background;
  text = colours.text;
  muted = colours.muted_text;
  link = colours.accent;
  rule = colours.axis;
  inset = colours.row;
  stripe = colours.row;

  const bool dark = appearance.dark;
  const CodeColours& code_colours = codeColours(dark);
  keyword = code_colours.keyword;
  type = code_colours.type;
  string = code_colours.string;
  number = code_colours.number;
  comment = code_colours.comment;
  call = code_colours.call;
  mark = dark ? QColor(0x22, 0x33, 0x49) : QColor(0xe9, 0xf2, 0xfd);
  current_find = dark ? QColor(0xa0, 0x62, 0x00) : QColor(0xff, 0xc2, 0x55);
  other_find = dark ? QColor(0x55, 0x47, 0x18) : QColor(0xff, 0xef, 0xb8);
}

}  // namespace viva
