// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/formula_object.h"

#include <QFontMetrics>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextLayout>
#include <QTextTable>

namespace viva {

QTextCharFormat formulaFormat(const Formula& formula, const QTextCharFormat& text) {
  QTextCharFormat format = text;
  format.setObjectType(kFormulaObject);
  format.setProperty(kFormulaTex, normalTex(formula.tex));
  format.setProperty(kFormulaDisplay, formula.display);
  format.setProperty(kFormulaKey, keyOf(formula));
  // The only alignment with which Qt gives an object a part below the baseline: half of it, less
  // half the height of a small letter, which is where the axis of a formula lies.
  format.setVerticalAlignment(QTextCharFormat::AlignMiddle);
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
  double height = 0;   ///< what the line is asked for
  double descent = 0;  ///< the part of it below the baseline
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
  const QFontMetrics text(font);
  const double axis = text.xHeight() / 2.0;
  double ascent = size->ascent * result.em, descent = size->descent * result.em;
  if (document->findBlock(position).length() > 2) {
    // Beside text a formula asks for no more than the line has anyway, and may reach a little into
    // the distance between lines: lines of equal height read better.
    const double reach = 0.28 * QFontInfo(font).pixelSize();
    const auto asked = [reach](double own, double of_text) {
      return own <= of_text + reach ? 0 : own - reach;
    };
    ascent = asked(ascent, text.ascent());
    descent = std::max<double>(asked(descent, text.descent()), text.descent());
  }
  result.height = std::max(2 * ascent - axis, 2 * descent + axis);
  result.descent = (result.height - axis) / 2;
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
  // Qt sizes a line for this alignment as if the object stood on the baseline, but then puts it
  // into the middle of the line. From there back to the baseline.
  const QTextBlock block = document->findBlock(position);
  const QTextLine line = block.layout()->lineForTextPosition(position - block.position());
  const double baseline = line.isValid()
                              ? area.top() - (line.height() - area.height()) / 2 + line.ascent()
                              : area.bottom() - found.descent;
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
