// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/formula_object.h"

#include <QFontMetrics>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextList>
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
  return fence + format.stringProperty(kFormulaTex) + fence;
}

struct FormulaObject::Place {
  FormulaSize size;
  double em = 0;
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
  const QTextList* list = block.textList();
  const int indent = block.blockFormat().indent() + (list ? list->format().indent() : 0);
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
  result.em = Formulas::emFor(font);
  const double available = availableWidth(document, position);
  if (size->width * result.em > available && available > 0) result.em = available / size->width;
  const double axis = QFontMetrics(font).xHeight() / 2.0;
  const double ascent = size->ascent * result.em, descent = size->descent * result.em;
  result.height = std::max(2 * ascent - axis, 2 * descent + axis);
  result.descent = (result.height - axis) / 2;
  return result;
}

QSizeF FormulaObject::intrinsicSize(QTextDocument* document, int position,
                                    const QTextFormat& format) {
  const Place found = place(document, position, format);
  return {found.size.width * found.em, found.height};
}

void FormulaObject::drawObject(QPainter* painter, const QRectF& area, QTextDocument* document,
                               int position, const QTextFormat& format) {
  const Place found = place(document, position, format);
  // The pen is the text's colour, or the highlighted text's where the formula is selected.
  const QBrush brush = format.foreground();
  const QColor colour = brush.style() == Qt::NoBrush ? painter->pen().color() : brush.color();
  formulas_->draw(*painter, format.stringProperty(kFormulaKey),
                  {area.left(), area.bottom() - found.descent}, found.em, colour);
}

}  // namespace viva
