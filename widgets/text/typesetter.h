// SPDX-License-Identifier: GPL-3.0-or-later
// Sets the events of a Markdown text into a document. Used by makeNotesDocument alone.
#pragma once

#include <QTextBlockFormat>
#include <QTextCharFormat>
#include <QTextCursor>
#include <algorithm>
#include <vector>

#include "widgets/text/code_highlighter.h"
#include "widgets/text/formulas.h"
#include "widgets/text/markdown.h"
#include "widgets/text/text_style.h"

class QTextTable;

namespace viva {

/// One document, from its first event to its last.
class Typesetter {
 public:
  Typesetter(QTextDocument& document, const TextStyle& style, Formulas& formulas);

  void set(const std::vector<MarkdownEvent>& events);

 private:
  /// Deeper nesting than a page has room for is set at this depth.
  static constexpr int kDeepest = 8;

  struct Open {
    MarkdownEvent::Kind kind;
    QTextCharFormat before;  ///< the character format to go back to
  };
  struct List {
    bool ordered = false;
    int start = 1;    ///< the number of the next item
    double hang = 0;  ///< from the left edge of the sign to that of the text
  };

  double em() const { return style_.size; }
  int depth() const { return std::min<int>(int(lists_.size()), kDeepest); }
  static bool standsAlone(const std::vector<MarkdownEvent>& events, std::size_t i);
  void one(const MarkdownEvent& event);
  void end();
  QTextCharFormat muted() const;
  void text(const QString& text);
  /// Markdown needs a blank after a bold sentence that ends with punctuation; wide punctuation has
  /// its own.
  QString afterWidePunctuation(const QString& text) const;
  /// Qt may break a line on either side of a formula. Punctuation that belongs to it goes with it.
  QString takenByFormula(const QString& text);
  /// The opening bracket before the cursor, taken out of the text.
  QString openingBefore();
  void softBreak();
  void formula(const Formula& formula);
  void displayFormula(const Formula& formula);
  /// Chinese has no italics; slanted characters are hard to read.
  void emphasise();
  void beginCodeSpan();
  void beginLink(const QString& target);

  // typesetter_blocks.cpp
  QTextBlockFormat paragraphFormat() const;
  /// Begins a block, in the empty one that the document, a table or a frame leaves behind if there
  /// is one.
  void block(const QTextBlockFormat& format);
  /// A block that can take text: the item of a tight list begins with its first text.
  void ready();
  void rule();
  void beginHeading(int level);
  void endHeading();
  void beginList(const MarkdownEvent& event);
  void beginItem(QChar task);
  /// Bullets and numbers are text with a hanging indent: they are copied and read aloud with the
  /// item, lists may start anywhere (Qt before 6.6 numbers from 1), and the sign keeps its size.
  void beginItemBlock();
  void beginCode(const QString& language);
  void codeText(const QString& text);
  void codeLine(const QString& line);
  void beginTable(const MarkdownEvent& event);
  void beginCell(const MarkdownEvent& event);
  /// After a frame or a table: the empty block behind it.
  void leaveFrame();
  /// An empty block that nobody uses takes no room.
  void hideBlock();

  const TextStyle& style_;
  Formulas& formulas_;
  QTextDocument& document_;
  QTextCursor cursor_;
  QTextCharFormat plain_, format_;
  std::vector<Open> open_;
  std::vector<List> lists_;
  QTextTable* table_ = nullptr;
  int quotes_ = 0, row_ = -1, column_ = -1, table_rows_ = 0;
  int formula_end_ = -1;  ///< the position behind the formula inserted last
  QChar task_;
  bool fresh_ = true;          ///< the cursor is in an empty block that has no purpose yet
  bool in_block_ = false;      ///< text can go where the cursor is
  bool item_pending_ = false;  ///< an item of a list begins with the next text
  CodeLanguage code_language_ = CodeLanguage::None;
  CodeState code_state_ = kPlainCode;
  bool in_code_ = false, code_line_open_ = false, cell_valid_ = false;
};

}  // namespace viva
