// SPDX-License-Identifier: GPL-3.0-or-later
// Markdown as a flat list of what stands in it. Nothing in it is executed or loaded.
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <vector>

#include "widgets/text/formulas.h"

namespace viva {

enum class ColumnAlignment { Natural, Left, Centre, Right };

/// One turn of the parser. A block or span begins, holds text, formulas and further ones, and ends.
struct MarkdownEvent {
  enum class Kind {
    // Blocks; each Begin has its End.
    BeginParagraph,
    BeginHeading,  ///< level
    BeginQuote,
    BeginList,   ///< ordered, start, rows: how many items
    BeginItem,   ///< task: ' ' or 'x' for check boxes, else null
    BeginCode,   ///< text: the language of the fence
    BeginTable,  ///< rows, columns
    BeginRow,
    BeginCell,  ///< heading, alignment
    Rule,
    // Spans
    BeginEmphasis,
    BeginStrong,
    BeginStruck,
    BeginCodeSpan,
    BeginLink,  ///< text: the target
    // Leaves
    Text,     ///< text
    Formula,  ///< formula
    SoftBreak,
    HardBreak,
    End,  ///< of the block or span begun last
  };
  Kind kind;
  QString text;
  Formula formula;
  int level = 0, start = 1, rows = 0, columns = 0;
  bool ordered = false, heading = false;
  QChar task;
  ColumnAlignment alignment = ColumnAlignment::Natural;
};

/// GitHub's dialect with `$formula$` and `$$formula$$`. HTML stands as text; an image is its
/// alternative text. Any input is Markdown; more than 4 MiB is cut off.
std::vector<MarkdownEvent> parseMarkdown(const QString& markdown);

/// Markdown that shows plain text sign by sign: nothing in it is a mark, lines and spaces stay.
QString markdownOfPlain(const QString& text);

/// What tests and navigation need to know about a text.
struct MarkdownOutline {
  struct Heading {
    int level;
    QString text;  ///< formulas as `$tex$`
  };
  std::vector<Heading> headings;
  std::vector<Formula> formulas;  ///< in order, with repetitions
  QStringList links;              ///< targets in order, with repetitions
};
MarkdownOutline outlineOf(const QString& markdown);

/// `What an update rule is` -> `what-an-update-rule-is`: the target of `[...](#...)`.
QString anchorOf(const QString& heading);

}  // namespace viva
