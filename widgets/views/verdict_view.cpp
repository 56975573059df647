// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/verdict_view.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "widgets/views/colours.h"

namespace viva {
namespace {

// A tick, a cross, three dots or a dash: told apart without colour.
void drawMood(QPainter& painter, VerdictData::Mood mood, bool untested, const QRectF& box,
              const Theme& colours) {
  const QColor colour = untested                           ? colours.muted_text
                        : mood == VerdictData::Mood::Holds ? colours.good
                        : mood == VerdictData::Mood::Fails ? colours.bad
                                                           : colours.muted_text;
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(box);
  const double unit = box.width() / 20;
  const QPointF centre = box.center();
  const auto at = [&](double x, double y) { return centre + QPointF(x, y) * unit; };
  painter.setPen(QPen(colours.background, 2.4 * unit, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  if (untested) {
    painter.drawLine(at(-4.5, 0), at(4.5, 0));
    return;
  }
  switch (mood) {
    case VerdictData::Mood::Holds:
      painter.drawPolyline(QPolygonF{at(-4.5, 0.5), at(-1.5, 3.8), at(4.8, -3.8)});
      return;
    case VerdictData::Mood::Fails:
      painter.drawLine(at(-3.6, -3.6), at(3.6, 3.6));
      painter.drawLine(at(-3.6, 3.6), at(3.6, -3.6));
      return;
    case VerdictData::Mood::Open:
      painter.setPen(Qt::NoPen);
      painter.setBrush(colours.background);
      for (double x : {-4.5, 0.0, 4.5}) painter.drawEllipse(at(x, 0), 1.5 * unit, 1.5 * unit);
      return;
  }
}

const char* moodWord(VerdictData::Mood mood) {
  switch (mood) {
    case VerdictData::Mood::Holds:
      return "views.mood_holds";
    case VerdictData::Mood::Fails:
      return "views.mood_fails";
    case VerdictData::Mood::Open:
      return "views.mood_open";
  }
  return "";
}

}  // namespace

VerdictView::VerdictView(const ViewSpec& spec, const std::string& experiment,
                         const Appearance& appearance, QWidget* parent)
    : View(spec, experiment, appearance, parent) {}

bool VerdictView::isEmpty() const {
  const auto* verdict = data<VerdictData>();
  return !verdict || verdict->sentence.key.empty();
}

void VerdictView::copyStateFrom(const View& other) {
  View::copyStateFrom(other);
  if (const auto* verdict = qobject_cast<const VerdictView*>(&other))
    untested_ = verdict->untested_;
}

void VerdictView::setUntested(const QStringList& changed) {
  if (changed == untested_) return;
  untested_ = changed;
  update();
}

QString VerdictView::sentence() const {
  const QString said = word(data<VerdictData>()->sentence);
  if (untested_.isEmpty()) return said;
  return word(Message{"views.untested",
                      {{"changed", untested_.join(QStringLiteral(", ")).toStdString()}}}) +
         u' ' + said;
}

void VerdictView::render(QPainter& painter, const QRectF& area) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (isEmpty()) {
    drawEmpty(painter, area);
    painter.restore();
    return;
  }
  const auto* verdict = data<VerdictData>();
  const Theme& colours = theme(appearance().dark);
  const QString sentence = this->sentence();
  const double margin = 10;
  // As large as fits, down to the size of the labels.
  QFont font;
  QRectF text_area, needed;
  double symbol = 0;
  constexpr int kFlags = Qt::AlignVCenter | Qt::AlignLeft | Qt::TextWordWrap;
  for (double factor = 1.7; factor >= 0.95; factor -= 0.15) {
    font = baseFont(factor);
    symbol = std::min(font.pixelSize() * 1.6, std::max(8.0, area.height() - 6));
    text_area = area.adjusted(margin * 2 + symbol, 2, -margin, -2);
    needed = QFontMetricsF(font).boundingRect(text_area, kFlags, sentence);
    if (needed.height() <= text_area.height() && needed.width() <= text_area.width()) break;
  }
  const QRectF box(area.left() + margin, area.center().y() - symbol / 2, symbol, symbol);
  drawMood(painter, verdict->mood, !untested_.isEmpty(), box, colours);
  painter.setFont(font);
  painter.setPen(colours.text);
  painter.drawText(text_area, kFlags, sentence);
  painter.restore();
}

QString VerdictView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const auto* verdict = data<VerdictData>();
  if (!untested_.isEmpty()) return sentence();
  return word(moodWord(verdict->mood)) + u' ' + sentence();
}

DataTable VerdictView::dataTable() const {
  DataTable table{{"verdict", "sentence"}, {}};
  if (const auto* verdict = data<VerdictData>())
    table.rows.push_back(
        {Word{untested_.isEmpty() ? moodWord(verdict->mood) : "views.mood_untested"},
         words()(verdict->sentence)});
  return table;
}

}  // namespace viva
