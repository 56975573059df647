// SPDX-License-Identifier: GPL-3.0-or-later
// One box that finds everything: type, arrow keys, Enter.
#pragma once

#include <QDialog>
#include <QStringList>
#include <memory>

#include "widgets/search/search_index.h"

class QLabel;
class QLineEdit;
class QListWidget;

namespace viva {

class FoundRows;

class SearchBox : public QDialog {
  Q_OBJECT

 public:
  SearchBox(std::shared_ptr<const SearchIndex> index, Language language, QWidget* parent);

  /// What is shown while nothing is typed, by SearchItem::target: what was opened last, and what
  /// might be of use. What is not there any more is left out.
  void offer(const QStringList& recent, const QStringList& suggestions);

  QLineEdit* line() const { return line_; }
  QListWidget* list() const { return list_; }

 Q_SIGNALS:
  /// SearchItem::target.
  void chosen(const QString& target);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void search();
  void addHeading(const char* key);
  void addRow(const SearchItem& item);
  /// The next row that can be chosen.
  void move(int rows);
  void choose();
  QString text(const char* key) const;

  std::shared_ptr<const SearchIndex> index_;
  Language language_;
  QStringList recent_, suggestions_;
  QLineEdit* line_;
  QListWidget* list_;
  FoundRows* rows_;
  QLabel* nothing_;
};

}  // namespace viva
