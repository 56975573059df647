// SPDX-License-Identifier: GPL-3.0-or-later
// A line to search with, under a text.
#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QTextCursor>
#include <QToolButton>
#include <QWidget>
#include <functional>
#include <vector>

#include "widgets/text/text_style.h"

namespace viva {

/// Searches one document, ignoring case. The owner shows the finds: it is told by foundChanged()
/// and moves to the current one.
class FindBar : public QWidget {
  Q_OBJECT

 public:
  explicit FindBar(QWidget* parent = nullptr);

  void setAppearance(const Appearance& appearance);
  /// The text to search, and where a search begins.
  void setDocument(QTextDocument* document);
  /// Shows the bar with `text` selected in it, and searches from `from` on.
  void open(const QString& text, int from);
  void close();

  const std::vector<QTextCursor>& found() const { return found_; }
  int current() const { return current_; }  ///< -1: nothing found

  void next() { move(1); }
  void previous() { move(-1); }

 Q_SIGNALS:
  void foundChanged();
  void closed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void search();
  void move(int by);
  void showCount();

  QTextDocument* document_ = nullptr;
  Appearance appearance_;
  QLineEdit* line_;
  QLabel* count_;
  QToolButton *next_, *previous_, *close_;
  std::vector<QTextCursor> found_;
  int current_ = -1;
  int from_ = 0;
};

}  // namespace viva
