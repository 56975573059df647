// SPDX-License-Identifier: GPL-3.0-or-later
// The views of a panel in lanes that the user can resize and rearrange.
#pragma once

#include <QByteArray>
#include <QWidget>
#include <vector>

#include "widgets/views/panel_layout.h"
#include "widgets/views/view_frame.h"

class QSplitter;
class QVBoxLayout;

namespace viva {

/// Where there is a hero, it gets two thirds of the room and more; the others are a strip beside or
/// below it, and a click on the title of one, its button or the key H makes it the hero. Else large
/// views get the first column, and the others share the rest. Sentences are lines above. A view
/// moves by dragging its title onto another one, or by "move" in its menu; the borders between
/// views can be dragged.
class ViewArrangement : public QWidget {
  Q_OBJECT

 public:
  enum class Direction { Left, Right, Up, Down };

  explicit ViewArrangement(std::vector<ViewFrame*> frames, QWidget* parent = nullptr);

  void setWords(const Words& words);
  /// The views that take part, with a hero the first of them; the others are hidden. Arranges them
  /// as at first.
  void setShown(std::vector<ViewFrame*> shown, bool has_hero = false);
  bool isShown(const ViewFrame* frame) const;
  const std::vector<ViewFrame*>& frames() const { return frames_; }
  /// Shows one view alone; null: all.
  void maximise(ViewFrame* frame);
  void move(ViewFrame* frame, Direction direction);
  /// Null where all views are equal.
  ViewFrame* hero() const;
  /// Changes places with the hero.
  void makeHero(ViewFrame* frame);
  void arrangeAsAtFirst();
  /// What the user has chosen: what saved() answers, unless nobody has moved or resized a view,
  /// and the smoothing of views. Empty: nothing.
  QByteArray chosen() const;
  /// Lanes of view ids and sizes, JSON; what does not fit the views shown is ignored.
  QByteArray saved() const;
  void restore(const QByteArray& saved);

 Q_SIGNALS:
  /// By the user: what saved() answers is another now.
  void rearranged();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void addMoves(ViewFrame* frame, QMenu& menu);
  using Lanes = std::vector<std::vector<ViewFrame*>>;
  /// Without `widths`: each as wide as its views want.
  void show(Qt::Orientation across, const Lanes& lanes, QList<int> widths = {});
  void byTheUser();
  void restoreSmoothing(const QByteArray& saved);
  PanelShape shapeAtFirst() const;
  std::vector<ViewFrame*> shownInLanes() const;
  ViewFrame* find(const QString& id) const;
  void swap(ViewFrame* one, ViewFrame* other);

  std::vector<ViewFrame*> frames_, shown_;
  Lanes lanes_;
  PanelShape shape_;
  bool has_hero_ = false, as_at_first_ = true;
  const Words* words_;
  QVBoxLayout* lines_;
  QSplitter* across_;
  QPoint pressed_at_;
};

}  // namespace viva
