// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of formulas, made from their TeX source at development time (tools/formulas).
#pragma once

#include <QColor>
#include <QPainter>
#include <QRectF>
#include <QString>
#include <map>
#include <memory>
#include <optional>

class QSvgRenderer;

namespace viva {

/// A formula as the notes write it: `$...$` inline, `$$...$$` displayed.
struct Formula {
  QString tex;  ///< runs of white space are one blank
  bool display = false;
  auto operator<=>(const Formula&) const = default;
};

/// The same rule as in tools/formulas/make.mjs: white space does not tell formulas apart.
QString normalTex(const QString& tex);

/// The name of the picture: the first 16 hexadecimal digits of SHA-256 over `inline` or `display`,
/// a line feed and the TeX source.
QString keyOf(const Formula& formula);

/// Sizes in em, that is, in multiples of the font size of the formula's own typeface.
struct FormulaSize {
  double width = 0, ascent = 0, descent = 0;  ///< above and below the baseline
};

/// Reads pictures from the program's resources and keeps those that were used.
class Formulas {
 public:
  explicit Formulas(QString folder = QStringLiteral(":/formulas"));
  ~Formulas();

  /// Unset: there is no picture of it, or it cannot be read.
  std::optional<FormulaSize> size(const QString& key);
  /// Draws it with the baseline's left end at `origin` and `em` device-independent pixels to the
  /// em. Does nothing for a formula without a picture.
  void draw(QPainter& painter, const QString& key, QPointF origin, double em, const QColor& colour);

  /// The formula's own em for text of `font`: its small letters come out nearly as tall as the
  /// text's.
  static double emFor(const QFont& font);

 private:
  struct Picture;
  const Picture& picture(const QString& key);
  QSvgRenderer* renderer(const QString& key, const QColor& colour);

  QString folder_;
  std::map<QString, std::unique_ptr<Picture>> pictures_;
};

}  // namespace viva
