// SPDX-License-Identifier: GPL-3.0-or-later
// One box that finds everything: type, arrow keys, Enter.
#pragma once

#include <QDialog>
#include <memory>

#include "widgets/search/search_index.h"

class QLabel;
class QLineEdit;
class QListWidget;

namespace viva {

class SearchBox : public QDialog {
  Q_OBJECT

 public:
  SearchBox(std::shared_ptr<const SearchIndex> index, Language language, QWidget* parent);

  QLineEdit* line() const { return line_; }
  QListWidget* list() const { return list_; }

 Q_SIGNALS:
  /// SearchItem::target.
  void chosen(const QString& target);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search();
  void choose();
  QString text(const char* key) const;

  std::shared_ptr<const SearchIndex> index_;
  Language language_;
  QLineEdit* line_;
  QListWidget* list_;
  QLabel* nothing_;
};

}  // namespace viva
