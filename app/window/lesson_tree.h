// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons by section, with their experiments.
#pragma once

#include <QTreeWidget>

#include "lessons/core/words.h"

namespace viva {

class LessonTree : public QTreeWidget {
  Q_OBJECT

 public:
  explicit LessonTree(QWidget* parent = nullptr);
  void setWords(const Words& words);
  /// Marks the experiment that is open, without emitting.
  void select(const QString& experiment);
  /// Marks the row of the home page or of today's cards.
  void selectPlace(const QString& place);

 Q_SIGNALS:
  void experimentChosen(const QString& experiment);
  /// `home` or `cards`.
  void placeChosen(const QString& place);

 private:
  void selectRow(const char* kind, const QString& id);
};

}  // namespace viva
