// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/formulas.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFontMetricsF>
#include <QSvgRenderer>
#include <cmath>

namespace viva {

QString normalTex(const QString& tex) { return tex.simplified(); }

QString keyOf(const Formula& formula) {
  const QString source =
      (formula.display ? QStringLiteral("display\n") : QStringLiteral("inline\n")) +
      normalTex(formula.tex);
  return QString::fromLatin1(
      QCryptographicHash::hash(source.toUtf8(), QCryptographicHash::Sha256).toHex().first(16));
}

struct Formulas::Picture {
  QByteArray svg;  ///< empty: there is none
  QRectF view_box;
  std::map<QRgb, std::unique_ptr<QSvgRenderer>> by_colour;
};

Formulas::Formulas(QString folder) : folder_(std::move(folder)) {}
Formulas::~Formulas() = default;

const Formulas::Picture& Formulas::picture(const QString& key) {
  std::unique_ptr<Picture>& place = pictures_[key];
  if (place) return *place;
  place = std::make_unique<Picture>();
  QFile file(folder_ + QLatin1Char('/') + key + QStringLiteral(".svg"));
  if (!file.open(QIODevice::ReadOnly)) return *place;
  const QByteArray svg = file.readAll();
  QSvgRenderer renderer(svg);
  const QRectF box = renderer.viewBoxF();
  if (!renderer.isValid() || box.width() <= 0 || box.height() <= 0) return *place;
  place->svg = svg;
  place->view_box = box;
  return *place;
}

std::optional<FormulaSize> Formulas::size(const QString& key) {
  const Picture& found = picture(key);
  if (found.svg.isEmpty()) return std::nullopt;
  return FormulaSize{found.view_box.width() / 1000, -found.view_box.top() / 1000,
                     found.view_box.bottom() / 1000};
}

QSvgRenderer* Formulas::renderer(const QString& key, const QColor& colour) {
  if (picture(key).svg.isEmpty()) return nullptr;
  Picture& found = *pictures_[key];
  std::unique_ptr<QSvgRenderer>& place = found.by_colour[colour.rgb()];
  if (!place) {
    QByteArray coloured = found.svg;
    coloured.replace("currentColor", colour.name().toLatin1());
    place = std::make_unique<QSvgRenderer>(coloured);
  }
  return place.get();
}

void Formulas::draw(QPainter& painter, const QString& key, QPointF origin, double em,
                    const QColor& colour) {
  QSvgRenderer* drawn = renderer(key, colour);
  if (!drawn) return;
  const QRectF box = pictures_[key]->view_box;
  const double scale = em / 1000;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  drawn->render(&painter, QRectF(origin.x() + box.left() * scale, origin.y() + box.top() * scale,
                                 box.width() * scale, box.height() * scale));
  painter.restore();
}

double Formulas::emFor(const QFont& font) {
  // Small letters of MathJax's typeface are 0.442 em tall. Matched exactly they look too big beside
  // a sans serif with tall small letters, so the middle between that and equal font sizes.
  constexpr double kSmallLetter = 0.442;
  const double size = QFontInfo(font).pixelSize();
  const double matched = QFontMetricsF(font).xHeight() / kSmallLetter;
  return std::sqrt(size * std::max(matched, 0.5 * size));
}

}  // namespace viva
