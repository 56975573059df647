// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons by section, with the experiments of the one that is open, and a field to filter them.
#pragma once

#include <QWidget>

#include "lessons/core/words.h"

class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace viva {

/// In the field, Down goes to the first row that is left, Enter opens it, Escape shows all again.
class LessonTree : public QWidget {
  Q_OBJECT

 public:
  explicit LessonTree(QWidget* parent = nullptr);
  void setWords(const Words& words);
  /// Marks the experiment that is open, without emitting, and folds the other lessons.
  void select(const QString& experiment);
  /// Marks the row of the home page or of today's cards.
  void selectPlace(const QString& place);

  QLineEdit* filter() const { return filter_; }
  QTreeWidget* tree() const { return tree_; }

 Q_SIGNALS:
  void experimentChosen(const QString& experiment);
  /// `home` or `cards`.
  void placeChosen(const QString& place);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void addRows();
  void applyFilter();
  QStringList wanted() const;
  static QString calledOf(const QTreeWidgetItem* item);
  static bool fits(const QTreeWidgetItem* item, const QStringList& parts);
  /// Shows the row if it or one below it fits.
  bool show(QTreeWidgetItem* item, const QStringList& parts);
  void fold();
  void open(const QTreeWidgetItem& item);
  void selectRow(const char* kind, const QString& id);
  QTreeWidgetItem* firstFound() const;

  QLineEdit* filter_;
  QLabel* nothing_;
  QTreeWidget* tree_;
};

}  // namespace viva
