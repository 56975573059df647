// SPDX-License-Identifier: GPL-3.0-or-later
// Formulas as characters of a text document.
#pragma once

#include <QObject>
#include <QTextCharFormat>
#include <QTextObjectInterface>
#include <memory>

#include "widgets/text/formulas.h"

namespace viva {

/// The object type and the properties of a formula's character format.
enum FormulaFormat {
  kFormulaObject = QTextFormat::UserObject + 1,
  kFormulaTex = QTextFormat::UserProperty + 1,  ///< QString
  kFormulaDisplay,                              ///< bool
  kFormulaKey,                                  ///< QString
  kFormulaHead,  ///< QString: an opening bracket before it that must not stay on the line above
  kFormulaTail,  ///< QString: punctuation behind it that must not begin the next line
};

/// The format of the character U+FFFC that stands for `formula`, a picture of `size`, in text
/// formatted as `text`.
QTextCharFormat formulaFormat(const Formula& formula, const QTextCharFormat& text,
                              const FormulaSize& size);

/// `$...$` or `$$...$$`: the formula in words with its head and tail, for the clipboard and for
/// screen readers. Empty when the format is not a formula's.
QString formulaText(const QTextCharFormat& format);

/// Lays formulas out and draws them on the baseline of their line. Register it with a document's
/// layout for kFormulaObject.
class FormulaObject : public QObject, public QTextObjectInterface {
  Q_OBJECT
  Q_INTERFACES(QTextObjectInterface)

 public:
  explicit FormulaObject(std::shared_ptr<Formulas> formulas, QObject* parent = nullptr);

  QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
  void drawObject(QPainter* painter, const QRectF& area, QTextDocument* document, int position,
                  const QTextFormat& format) override;

 private:
  struct Place;
  Place place(QTextDocument* document, int position, const QTextFormat& format);

  std::shared_ptr<Formulas> formulas_;
};

}  // namespace viva
