// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/formula_object.h"

#include <QFontMetrics>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextLayout>
#include <QTextTable>

namespace viva {

QTextCharFormat formulaFormat(const Formula& formula, const QTextCharFormat& text,
                              const FormulaSize& size) {
  QTextCharFormat format = text;
  format.setObjectType(kFormulaObject);
  format.setProperty(kFormulaTex, normalTex(formula.tex));
  format.setProperty(kFormulaDisplay, formula.display);
  format.setProperty(kFormulaKey, keyOf(formula));
  // Qt gives an object a part below the baseline with one alignment only: half of it, less half the
  // height of a small letter, which is where the axis of a formula lies. A low formula does
  // without: it hangs into the room that the text has below its baseline and between the lines, so
  // that all lines of a paragraph are equally high.
  const QFont font = text.font();
  const double room = QFontMetricsF(font).descent() + 0.25 * QFontInfo(font).pixelSize();
  const bool low = !formula.display && size.descent * Formulas::emFor(font) <= room;
  format.setVerticalAlignment(low ? QTextCharFormat::AlignNormal : QTextCharFormat::AlignMiddle);
  return format;
}

QString formulaText(const QTextCharFormat& format) {
  if (format.objectType() != kFormulaObject) return {};
  const QString fence =
      format.boolProperty(kFormulaDisplay) ? QStringLiteral("$$") : QStringLiteral("$");
  return format.stringProperty(kFormulaHead) + fence + format.stringProperty(kFormulaTex) + fence +
         format.stringProperty(kFormulaTail);
}

struct FormulaObject::Place {
  FormulaSize size;
  double em = 0;
  double head = 0, tail = 0;  ///< widths
  double height = 0;          ///< what the line is asked for
  bool middle = false;        ///< else it stands on the baseline
};

FormulaObject::FormulaObject(std::shared_ptr<Formulas> formulas, QObject* parent)
    : QObject(parent), formulas_(std::move(formulas)) {}

namespace {

/// The width that a line can have at `position`; infinite inside tables, whose columns adapt.
double availableWidth(QTextDocument* document, int position) {
  const QTextBlock block = document->findBlock(position);
  if (document->textWidth() <= 0 || QTextCursor(block).currentTable()) return 1e9;
  const QTextFrameFormat root = document->rootFrame()->frameFormat();
  const int indent = block.blockFormat().indent();
  return document->textWidth() - root.leftMargin() - root.rightMargin() -
         2 * document->documentMargin() - indent * document->indentWidth() -
         block.blockFormat().leftMargin() - block.blockFormat().rightMargin();
}

}  // namespace

FormulaObject::Place FormulaObject::place(QTextDocument* document, int position,
                                          const QTextFormat& format) {
  Place result;
  const std::optional<FormulaSize> size = formulas_->size(format.stringProperty(kFormulaKey));
  if (!size) return result;
  const QFont font = format.toCharFormat().font();
  result.size = *size;
  const QFontMetricsF measure(font);
  result.head = measure.horizontalAdvance(format.stringProperty(kFormulaHead));
  result.tail = measure.horizontalAdvance(format.stringProperty(kFormulaTail));
  result.em = Formulas::emFor(font);
  const double available = availableWidth(document, position);
  if (size->width * result.em > available && available > 0) result.em = available / size->width;
  const double ascent = size->ascent * result.em, descent = size->descent * result.em;
  if (format.toCharFormat().verticalAlignment() == QTextCharFormat::AlignMiddle) {
    const double axis = QFontMetrics(font).xHeight() / 2.0;
    result.height = std::max(2 * ascent - axis, 2 * descent + axis);
    result.middle = true;
  } else {
    result.height = ascent;
  }
  return result;
}

QSizeF FormulaObject::intrinsicSize(QTextDocument* document, int position,
                                    const QTextFormat& format) {
  const Place found = place(document, position, format);
  return {found.head + found.size.width * found.em + found.tail, found.height};
}

void FormulaObject::drawObject(QPainter* painter, const QRectF& area, QTextDocument* document,
                               int position, const QTextFormat& format) {
  const Place found = place(document, position, format);
  double baseline = area.bottom();
  const QTextBlock block = document->findBlock(position);
  const QTextLine line = block.layout()->lineForTextPosition(position - block.position());
  // Qt sizes the line as if the object stood on the baseline, but then puts it into the middle of
  // the line. From there back to the baseline.
  if (found.middle && line.isValid())
    baseline = area.top() - (line.height() - area.height()) / 2 + line.ascent();
  // The pen is the text's colour, or the highlighted text's where the formula is selected.
  const QBrush brush = format.foreground();
  const QColor colour = brush.style() == Qt::NoBrush ? painter->pen().color() : brush.color();
  const double left = area.left() + found.head;
  formulas_->draw(*painter, format.stringProperty(kFormulaKey), {left, baseline}, found.em, colour);
  if (found.head <= 0 && found.tail <= 0) return;
  painter->save();
  painter->setFont(format.toCharFormat().font());
  painter->setPen(colour);
  painter->drawText(QPointF(area.left(), baseline), format.stringProperty(kFormulaHead));
  painter->drawText(QPointF(left + found.size.width * found.em, baseline),
                    format.stringProperty(kFormulaTail));
  painter->restore();
}

}  // namespace viva
