// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/lesson_card.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"

namespace viva {
namespace {

constexpr double kRound = 8;  ///< radius of the corners
constexpr double kUsualWidth = 300;

}  // namespace

LessonCard::LessonCard(const Content& content, const Appearance& appearance, QWidget* parent)
    : QPushButton(parent), content_(content), appearance_(appearance) {
  setAccessibleName(content.title);
  setAccessibleDescription(content.question + "\n" + content.progress);
  setAutoDefault(true);  // Enter opens it as well as Space
  setAttribute(Qt::WA_Hover);
  setCursor(Qt::PointingHandCursor);
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void LessonCard::setPicture(const QImage& picture) {
  picture_ = picture;
  update();
}

QFont LessonCard::fontOf(double pixels, bool bold) const {
  QFont font = this->font();
  font.setPixelSize(static_cast<int>(std::lround(pixels * appearance_.font_scale)));
  font.setBold(bold);
  return font;
}

LessonCard::Places LessonCard::placesIn(double width) const {
  const double scale = appearance_.font_scale, margin = 12 * scale, gap = 5 * scale;
  const double room = std::max(1.0, width - 2 * margin);
  double top = 0;
  const auto put = [&](const QString& words, const QFont& font) {
    const QRectF place =
        QFontMetricsF(font).boundingRect(QRectF(0, 0, room, 1e4), Qt::TextWordWrap, words);
    const QRectF found(margin, top, room, std::ceil(place.height()));
    top = found.bottom() + gap;
    return found;
  };
  Places places;
  places.picture = {0, 0, width, std::round(width * kPictureShape)};
  top = places.picture.bottom() + margin;
  places.title = put(content_.title, fontOf(15, true));
  places.question = put(content_.question, fontOf(13, false));
  top += gap;
  places.progress = put(content_.progress, fontOf(12, false));
  places.bar = {margin, top, room, 4 * scale};
  places.height = places.bar.bottom() + margin;
  return places;
}

int LessonCard::heightForWidth(int width) const {
  return static_cast<int>(std::ceil(placesIn(width).height));
}

QSize LessonCard::sizeHint() const {
  const int width = static_cast<int>(kUsualWidth * appearance_.font_scale);
  return {width, heightForWidth(width)};
}

QSize LessonCard::minimumSizeHint() const {
  const int width = static_cast<int>(kUsualWidth / 2 * appearance_.font_scale);
  return {width, static_cast<int>(width * kPictureShape)};
}

void LessonCard::paintEvent(QPaintEvent*) {
  const Theme& colours = theme(appearance_.dark);
  QPainter painter(this);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
  const bool marked = hasFocus() || underMouse() || isDown();
  const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
  QPainterPath outline;
  outline.addRoundedRect(frame, kRound, kRound);
  painter.fillPath(outline, colours.background);

  // A row of the grid is as high as its highest card: the bar stays at the bottom of each.
  const Places places = placesIn(width());
  const double spare = std::max(0.0, height() - places.height);
  painter.save();
  painter.setClipPath(outline);
  painter.fillRect(places.picture, colours.row);
  if (!picture_.isNull()) painter.drawImage(places.picture, picture_);
  painter.setPen(QPen(colours.grid, 1));
  painter.drawLine(places.picture.bottomLeft(), places.picture.bottomRight());
  painter.restore();

  const auto write = [&](const QRectF& place, const QString& words, const QFont& font,
                         const QColor& colour) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(place, Qt::TextWordWrap, words);
  };
  write(places.title, content_.title, fontOf(15, true), colours.text);
  write(places.question, content_.question, fontOf(13, false), colours.text);
  write(places.progress.translated(0, spare), content_.progress, fontOf(12, false),
        colours.muted_text);
  if (content_.done > 0) {
    QRectF bar = places.bar.translated(0, spare);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.row);
    painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2);
    bar.setWidth(std::max(bar.height(), bar.width() * std::min(1.0, content_.done)));
    painter.setBrush(colours.accent);
    painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2);
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(marked ? colours.accent : colours.axis, marked ? 2 : 1));
  painter.setOpacity(marked ? 1 : 0.5);
  painter.drawPath(outline);
}

}  // namespace viva
