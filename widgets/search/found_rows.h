// SPDX-License-Identifier: GPL-3.0-or-later
// How a row of the search looks: what it is called, with the typed words marked; below, smaller,
// what it is and where it belongs.
#pragma once

#include <QStringList>
#include <QStyledItemDelegate>

class QTextDocument;

namespace viva {

class FoundRows : public QStyledItemDelegate {
 public:
  enum Role { Title = Qt::UserRole + 1, Context, Heading };

  using QStyledItemDelegate::QStyledItemDelegate;
  void setMarks(const QStringList& marks) { marks_ = marks; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  void layOut(QTextDocument& document, const QStyleOptionViewItem& option, const QModelIndex& index,
              bool selected) const;

  QStringList marks_;
};

/// `text` as HTML, with what stands there of `marks` in bold; upper and lower case are the same.
QString markedHtml(const QString& text, const QStringList& marks);

}  // namespace viva
