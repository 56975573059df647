// SPDX-License-Identifier: GPL-3.0-or-later
// The views of a panel in columns that the user can resize and rearrange.
#pragma once

#include <QByteArray>
#include <QWidget>
#include <vector>

#include "widgets/views/view_frame.h"

class QSplitter;

namespace viva {

/// Large views get the first column, the others share the rest. A view moves by dragging its title
/// onto another one, or by "move" in its menu; the borders between views can be dragged.
class ViewArrangement : public QWidget {
  Q_OBJECT

 public:
  enum class Direction { Left, Right, Up, Down };

  explicit ViewArrangement(std::vector<ViewFrame*> frames, QWidget* parent = nullptr);

  void setWords(const Words& words);
  /// The views that take part; the others are hidden. Arranges them as at first.
  void setShown(std::vector<ViewFrame*> shown);
  bool isShown(const ViewFrame* frame) const;
  const std::vector<ViewFrame*>& frames() const { return frames_; }
  /// Shows one view alone; null: all.
  void maximise(ViewFrame* frame);
  void move(ViewFrame* frame, Direction direction);
  void arrangeAsAtFirst();
  /// Columns of view ids and sizes, JSON; what does not fit the views shown is ignored.
  QByteArray saved() const;
  void restore(const QByteArray& saved);

 Q_SIGNALS:
  /// By the user: what saved() answers is another now.
  void rearranged();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void addMoves(ViewFrame* frame, QMenu& menu);
  using Columns = std::vector<std::vector<ViewFrame*>>;
  void show(const Columns& columns);
  ViewFrame* find(const QString& id) const;
  void swap(ViewFrame* one, ViewFrame* other);

  std::vector<ViewFrame*> frames_, shown_;
  Columns columns_;
  const Words* words_;
  QSplitter* across_;
  QPoint pressed_at_;
};

}  // namespace viva
