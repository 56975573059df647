// SPDX-License-Identifier: GPL-3.0-or-later
// Text that fits into any width.
#pragma once

#include <QLabel>
#include <optional>

namespace viva {

/// Breaks at words and, where one is wider than the line, inside of it.
struct WrappedText {
  static int heightFor(const QString& text, const QFont& font, int width);
  /// In how many lines it is written when only words are broken apart; nothing where a word is
  /// wider than the line.
  static std::optional<int> linesOfWords(const QString& text, const QFont& font, int width);
  static void draw(QPainter& painter, const QRect& place, const QString& text, const QFont& font);
};

/// A QLabel of plain text, which is never wider than there is room.
class WrappedLabel : public QLabel {
  Q_OBJECT

 public:
  explicit WrappedLabel(QWidget* parent = nullptr);
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void clicked();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
};

}  // namespace viva
