// SPDX-License-Identifier: GPL-3.0-or-later
// Typefaces and colours of notes and code, beside the one colour table (widgets/views/colours.h).
#pragma once

#include <QColor>
#include <QFont>

#include "widgets/views/view.h"

namespace viva {

struct TextStyle {
  explicit TextStyle(const Appearance& appearance);

  bool chinese = false;
  QFont body, heading, code;  ///< sizes in device-independent pixels
  double size = 0;            ///< of the body, in device-independent pixels
  QColor background, text, muted, link, rule;
  QColor inset;   ///< behind code and quotations
  QColor stripe;  ///< behind every second row of a table

  // Source text
  QColor keyword, type, string, number, comment, call, mark, current_find, other_find;
};

}  // namespace viva
