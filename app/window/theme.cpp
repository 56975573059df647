// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/theme.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolTip>
#include <cmath>

#include "widgets/views/colours.h"

namespace viva {
namespace {

/// Fusion draws the frame of a box darker than the window: on a dark one it is not to be seen.
class VisibleBoxes : public QProxyStyle {
 public:
  VisibleBoxes() : QProxyStyle(QStyleFactory::create("Fusion")) {}

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element == PE_IndicatorCheckBox || element == PE_IndicatorRadioButton)
      drawFrame(*option, *painter, 0.6, element == PE_IndicatorCheckBox ? 2 : option->rect.width());
    else if (element == PE_FrameLineEdit)
      drawFieldFrame(*option, *painter);
  }

  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                          QPainter* painter, const QWidget* widget) const override {
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    if (control == CC_SpinBox && box && box->frame) drawFieldFrame(*option, *painter);
  }

 private:
  /// Not over Fusion's own frame where that can be seen: on a light window, and with the focus.
  static void drawFieldFrame(const QStyleOption& option, QPainter& painter) {
    if (option.palette.window().color().lightness() < 128 && !(option.state & State_HasFocus))
      drawFrame(option, painter, 0.3, 2);
  }

  static void drawFrame(const QStyleOption& option, QPainter& painter, double opacity,
                        double radius) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const auto group = option.state & State_Enabled ? QPalette::Active : QPalette::Disabled;
    painter.setPen(QPen(option.palette.color(group, QPalette::WindowText), 1));
    painter.setOpacity(opacity);
    painter.setBrush(Qt::NoBrush);
    const QRectF frame = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.drawRoundedRect(frame, radius, radius);
    painter.restore();
  }
};

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
  if (!dynamic_cast<VisibleBoxes*>(QApplication::style())) QApplication::setStyle(new VisibleBoxes);
  const QPalette palette = paletteOf(dark);
  QApplication::setPalette(palette);
  QToolTip::setPalette(palette);
  QFont font = QApplication::font();
  font.setPixelSize(static_cast<int>(std::lround(13 * font_scale)));
  QApplication::setFont(font);
}

}  // namespace viva
