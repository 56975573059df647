// SPDX-License-Identifier: GPL-3.0-or-later
// How a HistogramView draws its bins, ridges and marks.
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/histogram_view.h"
#include "widgets/views/stroke.h"

namespace viva {
namespace {

QColor mixed(const QColor& from, const QColor& to, double part) {
  const auto between = [part](int a, int b) {
    return static_cast<int>(std::lround(a + part * (b - a)));
  };
  return {between(from.red(), to.red()), between(from.green(), to.green()),
          between(from.blue(), to.blue())};
}

QPointF inside(const QRectF& box, QPointF at) {
  return {std::clamp(at.x(), box.left(), box.right()), std::clamp(at.y(), box.top(), box.bottom())};
}

void drawOutline(QPainter& painter, const Plot& plot, const QPolygonF& line,
                 const CurveStyle& style, double width) {
  const bool vectors = drawsVectors(painter);
  Stroke stroke(style, width, plot.inner.adjusted(-1, -1, 1, 1), vectors);
  for (const QPointF& point : line) stroke.to(point);
  stroke.flush(painter);
}

}  // namespace

/// The marker of a group stands where it is highest.
double HistogramView::markRoom() const { return 9 * std::sqrt(appearance().font_scale); }

// Stairs from the foot of the first bin to the foot of the last.
QPolygonF HistogramView::outlineOf(const Plot& plot, const HistogramData::Group& group) const {
  QPolygonF line;
  const double foot = plot.inner.bottom();
  for (int number = 0; number < bins(); ++number) {
    const Bin here = bin(number);
    const double count =
        static_cast<std::size_t>(number) < group.counts.size() ? group.counts[number] : 0;
    double y = plot.vertical(count);
    if (!std::isfinite(y)) y = count > 0 ? plot.inner.top() : foot;
    const double left = plot.horizontal(here.low), right = plot.horizontal(here.high);
    if (line.isEmpty()) line << inside(plot.inner, {left, foot});
    line << inside(plot.inner, {left, y}) << inside(plot.inner, {right, y});
  }
  if (!line.isEmpty()) line << QPointF(line.last().x(), foot);
  return line;
}

void HistogramView::drawGroups(QPainter& painter, const Plot& plot) const {
  const Theme& colours = theme(appearance().dark);
  const auto groups = shownGroups();
  std::vector<QPolygonF> lines;
  for (const auto* group : groups) {
    lines.push_back(outlineOf(plot, *group));
    QColor fill = styleOf(group->id).colour;
    fill.setAlphaF(groups.size() == 1 ? 0.5f : 0.26f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(lines.back());
  }
  const double scale = std::sqrt(appearance().font_scale);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const CurveStyle style = styleOf(groups[g]->id);
    drawOutline(painter, plot, lines[g], style, 2.2 * scale);
    const auto& counts = groups[g]->counts;
    const auto most = std::max_element(counts.begin(), counts.end());
    const int place = static_cast<int>(most - counts.begin());
    if (groups.size() == 1 || most == counts.end() || !(*most > 0) || place >= bins()) continue;
    // The marker of the legend, where the group is highest.
    const Bin peak = bin(place);
    const QPointF at((plot.horizontal(peak.low) + plot.horizontal(peak.high)) / 2,
                     plot.vertical(*most));
    if (plot.shows(at))
      drawMarker(painter, style.marker, at, 10 * scale, style.colour, colours.background);
  }
}

void HistogramView::drawEnds(QPainter& painter, const Plot& plot) const {
  const Theme& colours = theme(appearance().dark);
  const auto groups = shownGroups();
  const QFont font = baseFont(0.85);
  const QFontMetricsF metrics(font);
  for (const int end : {-1, bins()}) {
    if (end < 0 ? !has_below_ : !has_above_) continue;
    const Bin here = bin(end);
    const double left = plot.horizontal(here.low), right = plot.horizontal(here.high);
    const double width = (right - left) / std::max<std::size_t>(1, groups.size());
    QColor ground = colours.muted_text;
    ground.setAlphaF(0.10f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRect(QRectF(QPointF(left, plot.inner.top()), QPointF(right, plot.inner.bottom()))
                         .intersected(plot.inner));
    double taken = std::numeric_limits<double>::infinity();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const CurveStyle style = styleOf(groups[g]->id);
      const double count = countOf(*groups[g], end);
      double y = plot.vertical(count);
      if (!std::isfinite(y)) y = count > 0 ? plot.inner.top() : plot.inner.bottom();
      const QRectF bar = QRectF(QPointF(left + g * width, std::max(y, plot.inner.top())),
                                QPointF(left + (g + 1) * width, plot.inner.bottom()))
                             .intersected(plot.inner);
      if (!(count > 0) || bar.isEmpty()) continue;
      QColor fill = style.colour;
      fill.setAlphaF(0.75f);
      painter.setPen(Qt::NoPen);
      painter.setBrush(fill);
      painter.drawRect(bar.adjusted(1, 0, -1, 0));
      // The count itself: what overflows is the point of the view.
      const QString text = readoutNumber(count);
      QRectF label(
          QPointF((2 * left + (2 * g + 1) * width) / 2 - metrics.horizontalAdvance(text) / 2,
                  std::max(plot.inner.top(), bar.top() - metrics.height() - 1)),
          QSizeF(metrics.horizontalAdvance(text), metrics.height()));
      label.moveLeft(
          std::clamp(label.left(), plot.inner.left() + 1,
                     std::max(plot.inner.left() + 1, plot.inner.right() - label.width() - 1)));
      if (right < plot.inner.left() || left > plot.inner.right()) continue;
      if (std::abs(label.top() - taken) < metrics.height() * 0.9)
        label.moveTop(std::max(plot.inner.top(), taken - metrics.height()));
      taken = label.top();
      painter.setPen(Qt::NoPen);
      painter.setBrush(colours.shade);
      painter.drawRoundedRect(label.adjusted(-2, 0, 2, 0), 3, 3);
      painter.setFont(font);
      painter.setPen(colours.text);
      painter.drawText(QPointF(label.left(), label.top() + metrics.ascent()), text);
    }
  }
}

QPolygonF HistogramView::ridgeLine(const Plot& plot, int ridge) const {
  QPolygonF line;
  const double base = -ridge, overlap = ridgeOverlap();
  const auto at = [&](double x, double height) {
    return inside(plot.inner, plot.at(x, base + overlap * height));
  };
  line << at(bin(0).low, 0);
  for (int number = 0; number < bins(); ++number) {
    // A ridge reads better as a line through the middles of its bins than as stairs.
    const Bin here = bin(number);
    const QPointF low = plot.at(here.low, base), high = plot.at(here.high, base);
    const double y = plot.vertical(base + overlap * ridgeHeight(ridge, number));
    line << inside(plot.inner, {(low.x() + high.x()) / 2, y});
  }
  line << at(bin(bins() - 1).high, 0);
  return line;
}

void HistogramView::drawRidges(QPainter& painter, const Plot& plot) const {
  const Theme& colours = theme(appearance().dark);
  const CurveStyle style = styleOf(data<HistogramData>()->groups.front().id);
  const int count = ridges();
  const double slot = std::abs(plot.vertical(1) - plot.vertical(0));
  // Ridges that would lie on one another are left out; the oldest and the newest stay.
  const int stride = std::max(1, static_cast<int>(std::ceil(3 / std::max(0.01, slot))));
  for (int ridge = 0; ridge < count; ++ridge) {
    const bool newest = ridge == count - 1;
    if (!newest && (count - 1 - ridge) % stride != 0) continue;
    if (newest && !isShown(data<HistogramData>()->groups.front().id)) continue;
    const double base = plot.vertical(-ridge);
    if (base < plot.inner.top() || base - slot * ridgeOverlap() > plot.inner.bottom()) continue;
    const double age = count > 1 ? static_cast<double>(ridge) / (count - 1) : 1;
    const QPolygonF line = ridgeLine(plot, ridge);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colours.background, style.colour, 0.10 + 0.55 * age));
    painter.drawPolygon(line);
    CurveStyle edge;
    edge.colour =
        newest ? colours.text : mixed(colours.background, style.colour, 0.55 + 0.45 * age);
    drawOutline(painter, plot, line, edge, newest ? 2.2 : 1.2);
  }
}

void HistogramView::drawMarks(QPainter& painter, const Plot& plot) const {
  const Theme& colours = theme(appearance().dark);
  const QFont font = baseFont(0.9);
  const QFontMetricsF metrics(font);
  std::vector<QRectF> placed;
  std::vector<QString> texts;
  for (const auto& mark : data<HistogramData>()->marks) {
    const double x = plot.horizontal(mark.value);
    if (!std::isfinite(x) || x < plot.inner.left() || x > plot.inner.right()) continue;
    CurveStyle style;
    style.colour = colours.text;
    style.dashes = {6, 3};
    Stroke stroke(style, 1.8, plot.inner, drawsVectors(painter));
    stroke.to({x, plot.inner.top()});
    stroke.to({x, plot.inner.bottom()});
    stroke.flush(painter);
    const QString full = labelOf(mark.label);
    if (full.isEmpty() || plot.inner.height() < 60) continue;
    const QString label = metrics.elidedText(full, Qt::ElideRight, plot.inner.width() * 0.6);
    const double width = metrics.horizontalAdvance(label) + 8;
    QRectF box(x + 4, plot.inner.top() + 2, width, metrics.height() + 2);
    if (box.right() > plot.inner.right()) box.moveRight(std::max(x - 4, plot.inner.left() + width));
    const auto meets = [&](const QRectF& other) { return other.intersects(box); };
    while (std::any_of(placed.begin(), placed.end(), meets) &&
           box.bottom() + box.height() < plot.inner.bottom())
      box.translate(0, box.height() + 1);
    placed.push_back(box);
    texts.push_back(label);
  }
  // Over all of the lines: none may strike through a label.
  painter.setFont(font);
  for (std::size_t i = 0; i < placed.size(); ++i) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.shade);
    painter.drawRoundedRect(placed[i], 3, 3);
    painter.setPen(colours.text);
    painter.drawText(QPointF(placed[i].left() + 4, placed[i].top() + 1 + metrics.ascent()),
                     texts[i]);
  }
}

void HistogramView::drawContent(QPainter& painter, const Plot& plot) const {
  if (isOverTime()) {
    drawRidges(painter, plot);
  } else {
    drawGroups(painter, plot);
    drawEnds(painter, plot);
  }
  drawMarks(painter, plot);
}

void HistogramView::drawPointer(QPainter& painter, const Plot& plot) const {
  if (!readout()) return;
  const auto number = binAt(plot.xOf(readout()->position.x()));
  if (!number) return;
  const Theme& colours = theme(appearance().dark);
  const Bin here = bin(*number);
  QColor fill = colours.text;
  fill.setAlphaF(0.12f);
  painter.setPen(Qt::NoPen);
  painter.setBrush(fill);
  painter.drawRect(QRectF(QPointF(plot.horizontal(here.low), plot.inner.top()),
                          QPointF(plot.horizontal(here.high), plot.inner.bottom())));
  if (!isOverTime() || !readout()->step) return;
  for (int ridge = 0; ridge < ridges(); ++ridge)
    if (stepOf(ridge) == *readout()->step) {
      CurveStyle style;
      style.colour = colours.accent;
      drawOutline(painter, plot, ridgeLine(plot, ridge), style, 2.6);
      return;
    }
}

}  // namespace viva
