// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/theme.h"

#include <QApplication>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>
#include <cmath>

#include "widgets/views/colours.h"

namespace viva {
namespace {

QPalette paletteOf(bool dark) {
  const Theme& colours = theme(dark);
  const QColor window = dark ? colours.background.lighter(125) : QColor(0xf1, 0xf2, 0xf4);
  QPalette palette;
  palette.setColor(QPalette::Window, window);
  palette.setColor(QPalette::WindowText, colours.text);
  palette.setColor(QPalette::Base, colours.background);
  palette.setColor(QPalette::AlternateBase, colours.row);
  palette.setColor(QPalette::Text, colours.text);
  palette.setColor(QPalette::PlaceholderText, colours.muted_text);
  palette.setColor(QPalette::Button, dark ? window.lighter(130) : QColor(0xe6, 0xe8, 0xeb));
  palette.setColor(QPalette::ButtonText, colours.text);
  palette.setColor(QPalette::BrightText, colours.bad);
  palette.setColor(QPalette::ToolTipBase, colours.background);
  palette.setColor(QPalette::ToolTipText, colours.text);
  palette.setColor(QPalette::Highlight, colours.accent);
  palette.setColor(QPalette::HighlightedText, colours.background);
  palette.setColor(QPalette::Link, colours.accent);
  for (const QPalette::ColorRole role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, colours.muted_text);
  return palette;
}

}  // namespace

void applyTheme(bool dark, double font_scale) {
  if (QApplication::style()->objectName() != "fusion")
    QApplication::setStyle(QStyleFactory::create("Fusion"));
  const QPalette palette = paletteOf(dark);
  QApplication::setPalette(palette);
  QToolTip::setPalette(palette);
  QFont font = QApplication::font();
  font.setPixelSize(static_cast<int>(std::lround(13 * font_scale)));
  QApplication::setFont(font);
}

}  // namespace viva
