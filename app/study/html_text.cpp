// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/html_text.h"

#include <md4c-html.h>

#include <QFileInfo>
#include <QHash>
#include <QRegularExpression>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextList>
#include <QTextTable>
#include <algorithm>
#include <utility>

namespace viva {
namespace {

/// `&leq;` -> `≤`: md4c knows all names of HTML 5, Qt those of HTML 4. What is no name stays.
QString entity(const QString& name) {
  const QByteArray text = name.toUtf8();
  QByteArray html;
  md_html(
      text.constData(), static_cast<MD_SIZE>(text.size()),
      [](const MD_CHAR* part, MD_SIZE size, void* whole) {
        static_cast<QByteArray*>(whole)->append(part, static_cast<qsizetype>(size));
      },
      &html, MD_FLAG_NOHTML, 0);
  return QString::fromUtf8(html).section("<p>", 1).section("</p>", 0, 0);
}

/// As Qt can read it: `<` before anything but a tag is text, as in browsers.
QString prepared(QString html) {
  static const QRegularExpression less("<(?![A-Za-z/!?])"), named("&[A-Za-z][A-Za-z0-9]*;");
  html.replace(less, "&lt;");
  QString whole;
  qsizetype copied = 0;
  for (auto all = named.globalMatch(html); all.hasNext();) {
    const auto match = all.next();
    whole += html.mid(copied, match.capturedStart() - copied);
    whole += match.captured() == "&nbsp;" ? match.captured() : entity(match.captured());
    copied = match.capturedEnd();
  }
  return whole + html.mid(copied);
}

/// A style sheet or a picture of somebody else's file is not opened.
class ClosedDocument : public QTextDocument {
 protected:
  QVariant loadResource(int, const QUrl&) override { return {}; }
};

using Forms = QHash<QChar, QChar>;

Forms pairs(const QString& plain, const QString& shifted) {
  Forms forms;
  for (qsizetype i = 0; i < plain.size(); ++i) forms.insert(plain[i], shifted[i]);
  return forms;
}

/// With the signs that Unicode has; several letters, or others, are marked as in TeX: a word of
/// small letters is hard to read and not found.
QString shifted(const QString& text, QChar mark, const Forms& forms) {
  const auto letters =
      std::count_if(text.begin(), text.end(), [](QChar sign) { return sign.isLetter(); });
  const bool has_all =
      std::all_of(text.begin(), text.end(), [&](QChar sign) { return forms.contains(sign); });
  if (has_all && letters <= 1) {
    QString signs = text;
    for (QChar& sign : signs) sign = forms.value(sign);
    return signs;
  }
  const bool is_word =
      std::all_of(text.begin(), text.end(), [](QChar sign) { return sign.isLetterOrNumber(); });
  return is_word ? mark + text : mark + QString("(%1)").arg(text);
}

QString raised(const QString& text) {
  static const Forms forms = pairs("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ");
  return shifted(text, '^', forms);
}

QString lowered(const QString& text) {
  static const Forms forms =
      pairs("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ");
  return shifted(text, '_', forms);
}

using Alignment = QTextCharFormat::VerticalAlignment;

QString withAlignment(const QString& text, Alignment alignment) {
  if (text.trimmed().isEmpty()) return text;
  if (alignment == QTextCharFormat::AlignSuperScript) return raised(text);
  return alignment == QTextCharFormat::AlignSubScript ? lowered(text) : text;
}

/// Of one run of characters that look the same.
QString signsOf(const QTextFragment& fragment) {
  QString text = fragment.text();
  if (fragment.charFormat().isImageFormat()) {
    const QString name = QFileInfo(fragment.charFormat().toImageFormat().name()).fileName();
    text.replace(QChar::ObjectReplacementCharacter, '[' + name + ']');
  }
  return text.replace(QChar::LineSeparator, '\n').replace(QChar::Nbsp, ' ');
}

QString textOf(const QTextBlock& block) {
  QString text;
  if (const QTextList* list = block.textList()) {
    const bool counts = list->format().style() <= QTextListFormat::ListDecimal;
    text = QString(2 * std::max(0, list->format().indent() - 1), ' ') +
           (counts ? list->itemText(block) : QStringLiteral("•")) + ' ';
  }
  // A raised word with a bold sign in it is two runs and one exponent.
  QString run;
  Alignment alignment = QTextCharFormat::AlignNormal;
  const auto end_run = [&] { text += withAlignment(std::exchange(run, {}), alignment); };
  for (auto place = block.begin(); !place.atEnd(); ++place) {
    const Alignment here = place.fragment().charFormat().verticalAlignment();
    if (here != alignment) end_run();
    alignment = here;
    run += signsOf(place.fragment());
  }
  end_run();
  return text;
}

QStringList linesOf(const QTextFrame::iterator& begin);

QStringList linesOf(const QTextTable& table) {
  QStringList lines;
  for (int row = 0; row < table.rows(); ++row) {
    QStringList cells;
    for (int column = 0; column < table.columns(); ++column)
      if (const QTextTableCell cell = table.cellAt(row, column);
          cell.row() == row && cell.column() == column)
        cells << linesOf(cell.begin()).join(' ');
    lines << cells.join('\t');
  }
  return lines;
}

QStringList linesOf(const QTextFrame::iterator& begin) {
  QStringList lines;
  for (QTextFrame::iterator place = begin; !place.atEnd(); ++place) {
    const auto* table = qobject_cast<QTextTable*>(place.currentFrame());
    if (table)
      lines << linesOf(*table);
    else if (place.currentFrame())
      lines << linesOf(place.currentFrame()->begin());
    else if (place.currentBlock().isValid())
      lines << textOf(place.currentBlock());
  }
  return lines;
}

}  // namespace

QString textOfHtml(const QString& html) {
  static const QString special = "<&\n\r\t";
  if (std::none_of(html.begin(), html.end(), [](QChar sign) { return special.contains(sign); }))
    return html;
  ClosedDocument document;
  document.setUndoRedoEnabled(false);
  document.setHtml(prepared(html));
  QString text = linesOf(document.rootFrame()->begin()).join('\n');
  const auto isEdge = [](QChar sign) { return sign == '\n' || sign == ' '; };
  while (!text.isEmpty() && isEdge(text.back())) text.chop(1);
  while (text.startsWith('\n')) text.remove(0, 1);
  return text;
}

}  // namespace viva
