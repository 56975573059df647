// SPDX-License-Identifier: GPL-3.0-or-later
// What a document says in words alone: formulas as TeX, table cells apart.
#pragma once

#include <QString>
#include <QTextDocument>
#include <vector>

namespace viva {

struct ReadableText {
  QString text;
  std::vector<int> starts;  ///< per character position of the part: where it starts in `text`; one
                            ///< more for the end
};

/// The characters [start, end) of `document`: a formula is `$tex$`, a paragraph ends with a line
/// feed, the cells of a row are separated by tabs.
ReadableText readableText(const QTextDocument& document, int start, int end);

}  // namespace viva
