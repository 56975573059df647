// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of colours. Measured by a test: text at least 4.5 to 1 on its background, curves
// and marks at least 3 to 1 (WCAG 2.1, success criteria 1.4.3 and 1.4.11).
#pragma once

#include <QColor>
#include <vector>

namespace viva {

struct Theme {
  QColor background;  ///< of the card and of the plot
  QColor text, muted_text;
  QColor grid, axis;
  QColor accent;     ///< handles, focus, cursor
  QColor good, bad;  ///< the claim holds, it does not
  QColor reference;  ///< a theory drawn over the measurement
  QColor contour;
  QColor row;    ///< every second row of a table, what the pointer is over
  QColor shade;  ///< behind the read-out
};
const Theme& theme(bool dark);

/// Of source text and of what goes over a wire.
struct CodeColours {
  QColor keyword, type, string, number, comment, call;
};
const CodeColours& codeColours(bool dark);

/// Colours that people with any of the common colour vision deficiencies tell apart; in the
/// spirit of Okabe and Ito (2008); found by a search for the largest distance under protanopia and
/// deuteranopia among colours that stand out of the background.
const std::vector<QColor>& curveColours(bool dark);

/// Maps from [0, 1], even in lightness (OKLab), the low end near the background. `sequential` uses
/// the whole range of lightness, `muted` leaves room for the curves drawn over it, `diverging` is
/// neutral at 0.5, `muted diverging` both.
enum class ColourMap { Sequential, Muted, Diverging, MutedDiverging };
QRgb mapped(ColourMap map, double value, bool dark);
/// 256 entries of the map, for images.
const std::vector<QRgb>& tableOf(ColourMap map, bool dark);

/// Contrast ratio of WCAG 2.1, 1 to 21.
double contrast(const QColor& one, const QColor& other);

}  // namespace viva
