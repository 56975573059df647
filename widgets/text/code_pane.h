// SPDX-License-Identifier: GPL-3.0-or-later
// One source file, to read.
#pragma once

#include <QPlainTextEdit>
#include <optional>

#include "widgets/text/code_highlighter.h"
#include "widgets/text/text_style.h"

namespace viva {

/// A run of lines, counted from 0; `last` belongs to it.
struct LineRange {
  int first = 0, last = 0;
  bool operator==(const LineRange&) const = default;
};

/// The training loop: in C++ the definition of `bool step(` (not a declaration), in Python the
/// outermost loop around the first `.backward(`, `.step()` or `autograd.grad(`. Unset when there is
/// none.
std::optional<LineRange> trainingLoop(const QString& source, CodeLanguage language);

/// Read-only source text with line numbers, one range of lines marked.
class CodePane : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit CodePane(QWidget* parent = nullptr);

  void setSource(const QString& file_name, const QString& source);
  void setStyle(const TextStyle& style);
  const std::optional<LineRange>& marked() const { return marked_; }
  void scrollToMarked();
  /// Finds of the search line, the current one stronger.
  void showFinds(const std::vector<QTextCursor>& found, int current);

  int numbersWidth() const;
  void paintNumbers(QPaintEvent* event);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void showMarks();
  void placeNumbers();

  TextStyle style_;
  CodeHighlighter* highlighter_;
  QWidget* numbers_;
  std::optional<LineRange> marked_;
  QList<QTextEdit::ExtraSelection> finds_;
  bool scroll_pending_ = false;
};

}  // namespace viva
