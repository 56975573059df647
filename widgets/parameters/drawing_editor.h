// SPDX-License-Identifier: GPL-3.0-or-later
// The editor of a Drawing: paper, the picture as the net sees it, undo and clear.
#pragma once

#include <QBoxLayout>
#include <QImage>
#include <QLabel>
#include <QToolButton>
#include <optional>
#include <vector>

#include "widgets/parameters/value_editor.h"
#include "widgets/parameters/wrapped_label.h"

namespace viva {

/// Paper that mouse, pen and finger draw on; by keyboard the arrow keys move a cursor from pixel to
/// pixel of the net's picture, Space puts the pen down and up, Backspace undoes, Delete clears.
class DrawingPaper : public QWidget {
  Q_OBJECT

 public:
  DrawingPaper(const ParameterSpec& spec, QWidget* parent);

  const Drawing& drawing() const { return drawing_; }
  void setDrawing(const Drawing& drawing);
  bool canUndo() const { return !undo_.empty(); }
  void undo();
  void clear();
  void setWords(const Words& words, const QString& label);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {80, 80}; }

 Q_SIGNALS:
  /// `finished` is false while a stroke is drawn.
  void drawn(bool finished);
  /// It would not fit into a run file and a link.
  void refused(const QString& problem);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  QRectF square() const;
  Point pointAt(QPointF position) const;
  Point cursorPoint() const;
  void putDown(const Point& point);
  void moveTo(const Point& point);
  void putUp();
  void give(const Drawing& drawing, bool finished);
  void moveCursor(int right, int down);
  void say();

  const ParameterSpec& spec_;
  Drawing drawing_;
  std::optional<Drawing> before_;  ///< the stroke that is being drawn
  std::vector<Drawing> undo_;
  std::optional<Drawing> given_;  ///< what was last announced
  int column_, row_;
  bool by_keyboard_ = false;
  const Words* words_ = &Words::in(Language::English);
};

class DrawingEditor : public ValueEditor {
  Q_OBJECT

 public:
  explicit DrawingEditor(const ParameterSpec& spec);
  void setValue(const Value& value) override;
  void setWords(const Words& words, const QString& label, const QString& meaning) override;

  DrawingPaper* paper() const { return paper_; }
  QToolButton* undoButton() const { return undo_; }
  QToolButton* clearButton() const { return clear_; }
  /// [side, side], ink white on black as images are shown.
  const QImage& seen() const { return seen_; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refresh();

  const ParameterSpec& spec_;
  DrawingPaper* paper_;
  QLabel* net_;
  WrappedLabel* net_title_;
  QBoxLayout* parts_;
  QToolButton *undo_, *clear_;
  QImage seen_;
};

}  // namespace viva
