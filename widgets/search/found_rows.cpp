// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/search/found_rows.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QFontInfo>
#include <QPainter>
#include <QTextDocument>
#include <cmath>
#include <vector>

namespace viva {
namespace {

constexpr int kMargin = 8, kGap = 5;

}  // namespace

QString markedHtml(const QString& text, const QStringList& marks) {
  std::vector<bool> bold(static_cast<std::size_t>(text.size()), false);
  for (const QString& mark : marks) {
    if (mark.isEmpty()) continue;
    for (qsizetype at = text.indexOf(mark, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(mark, at + 1, Qt::CaseInsensitive))
      std::fill_n(bold.begin() + at, std::min(mark.size(), text.size() - at), true);
  }
  QString html;
  for (qsizetype begin = 0; begin < text.size();) {
    const bool marked = bold[static_cast<std::size_t>(begin)];
    qsizetype end = begin;
    while (end < text.size() && bold[static_cast<std::size_t>(end)] == marked) ++end;
    const QString piece = text.mid(begin, end - begin).toHtmlEscaped();
    html += marked ? "<b>" + piece + "</b>" : piece;
    begin = end;
  }
  return html;
}

void FoundRows::layOut(QTextDocument& document, const QStyleOptionViewItem& option,
                       const QModelIndex& index, bool selected) const {
  const QPalette& palette = option.palette;
  const QColor strong = palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
  const QColor faint =
      palette.color(selected ? QPalette::HighlightedText : QPalette::PlaceholderText);
  QFont font = option.font;
  document.setDefaultFont(font);
  document.setDocumentMargin(0);
  const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
  document.setTextWidth((view ? view->viewport()->width() : option.rect.width()) - 2 * kMargin);
  const int small = static_cast<int>(std::lround(QFontInfo(font).pixelSize() * 0.9));
  if (index.data(Heading).toBool()) {
    document.setHtml(QStringLiteral("<span style='color:%1; font-size:%2px'>%3</span>")
                         .arg(faint.name())
                         .arg(small)
                         .arg(index.data(Title).toString().toHtmlEscaped()));
    return;
  }
  document.setHtml(
      QStringLiteral("<div style='color:%1'>%2</div>"
                     "<div style='color:%3; font-size:%4px'>%5</div>")
          .arg(strong.name(), markedHtml(index.data(Title).toString(), marks_), faint.name())
          .arg(small)
          .arg(index.data(Context).toString().toHtmlEscaped()));
}

QSize FoundRows::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyleOptionViewItem row = option;
  initStyleOption(&row, index);
  QTextDocument document;
  layOut(document, row, index, false);
  return {static_cast<int>(std::ceil(document.idealWidth())),
          static_cast<int>(std::ceil(document.size().height())) + 2 * kGap};
}

void FoundRows::paint(QPainter* painter, const QStyleOptionViewItem& option,
                      const QModelIndex& index) const {
  QStyleOptionViewItem row = option;
  initStyleOption(&row, index);
  const bool selected = row.state & QStyle::State_Selected;
  row.text.clear();
  const QStyle* style = row.widget ? row.widget->style() : QApplication::style();
  style->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);
  QTextDocument document;
  layOut(document, row, index, selected);
  painter->save();
  painter->translate(option.rect.left() + kMargin, option.rect.top() + kGap);
  document.drawContents(painter);
  painter->restore();
}

}  // namespace viva
