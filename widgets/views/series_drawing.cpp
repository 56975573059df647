// SPDX-License-Identifier: GPL-3.0-or-later
// How a SeriesView draws: whole, or only what is new since the last frame.
#include <algorithm>
#include <bit>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/series_view.h"

namespace viva {
namespace {

constexpr double kLineWidth = 2.2, kOtherWidth = 1.5;
constexpr std::size_t kMostLayers = 8;   // a screen-sized image each
constexpr std::int64_t kFarBack = 2000;  // rows

/// Rows that share a pixel column, and up to which row that holds.
struct Buckets {
  std::int64_t size;
  std::int64_t until;
};

// Aligned so that rows which arrive later do not change the buckets before them.
Buckets bucketsAt(const Plot& plot, std::int64_t row) {
  constexpr std::int64_t kBlock = RecordChunk::kBlock;
  if (!plot.x.logarithmic) {
    const double rows_per_pixel = (plot.x.high - plot.x.low) / plot.inner.width();
    auto size = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(rows_per_pixel)));
    if (size > kBlock) size = std::llround(static_cast<double>(size) / kBlock) * kBlock;
    return {size, std::numeric_limits<std::int64_t>::max()};
  }
  const auto octave = std::bit_floor(static_cast<std::uint64_t>(std::max<std::int64_t>(1, row)));
  const double rows_per_pixel = octave * std::log(plot.x.high / plot.x.low) / plot.inner.width();
  const auto size = std::bit_floor(
      static_cast<std::uint64_t>(std::max(1.0, std::min<double>(rows_per_pixel, octave))));
  return {static_cast<std::int64_t>(size), static_cast<std::int64_t>(octave * 2)};
}

void drawPlace(QPainter& painter, const Plot& plot, double place, const QColor& colour,
               double width) {
  const double x = plot.horizontal(place);
  if (!(x >= plot.inner.left() - 0.5 && x <= plot.inner.right() + 0.5)) return;
  painter.setPen(QPen(colour, width));
  painter.drawLine(QPointF(x, plot.inner.top()), QPointF(x, plot.inner.bottom()));
}

/// Where lines end that leave the plot: one along its edge is whole.
QRectF edgeOf(const Plot& plot) { return plot.inner.adjusted(-1, -1, 1, 1); }

constexpr double kRoomOfAMarker = 12;
double markerSpacing(bool sparse) { return sparse ? 26 : 130; }

}  // namespace

/// The largest mark is that of where a curve is now.
double SeriesView::markRoom() const { return 10 * std::sqrt(appearance().font_scale); }

SeriesView::Pen SeriesView::penFor(const Line& line, std::size_t index, const Plot& plot,
                                   bool vectors) const {
  const QRectF bounds = edgeOf(plot);
  CurveStyle raw = styleOfLine(line), smooth = raw;
  // Those who need larger letters need thicker lines.
  const double width = (line.other < 0 || line.part == Line::kMinus ? kLineWidth : kOtherWidth) *
                       std::sqrt(appearance().font_scale);
  double raw_width = width;
  if (smoothingOf(line) > 0) {
    // The unsmoothed curve stays in sight: thin, pale, whatever it does.
    raw.colour.setAlphaF(0.38f);
    raw.dashes.clear();
    raw_width = 1;
  }
  // Markers of different curves start at different places, or they would lie on each other.
  const double first_marker =
      plot.inner.left() + std::fmod(38.0 + 47.0 * index, markerSpacing(line.curve.isSparse()));
  return {firstRow(line, plot),
          Stroke(raw, raw_width, bounds, vectors),
          Stroke(smooth, width, bounds, vectors),
          first_marker,
          {}};
}

/// The point before the left edge belongs to the line that comes in there.
std::int64_t SeriesView::firstRow(const Line& line, const Plot& plot) const {
  const Records& records = recordsOf(line);
  const Plot rows = rowsOf(line, plot);
  std::int64_t row = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(rows.x.low)));
  row = std::min(row, records.rows());
  for (int i = 0; i < 10000 && row > 0; ++i) {
    --row;
    if (!isAbsent(records.at(std::min(row, records.rows() - 1), line.column))) break;
  }
  const Buckets buckets = bucketsAt(rows, row);
  return row / buckets.size * buckets.size;
}

/// Of a run that does not grow: all points that the plot shows, spikes included.
void SeriesView::sample(const Line& line, const Plot& plot, bool positive_only,
                        const CurveSink& sink) const {
  const std::int64_t rows = recordsOf(line).rows();
  const Plot shown = rowsOf(line, plot);
  std::int64_t row = firstRow(line, plot);
  while (row < rows && static_cast<double>(row) <= shown.x.high) {
    const Buckets buckets = bucketsAt(shown, row);
    // A bucket more: the line that leaves at the right edge.
    const double edge = std::min(shown.x.high, 9e15);
    const std::int64_t until =
        std::min({rows, buckets.until, static_cast<std::int64_t>(edge) + 2 * buckets.size + 1});
    line.curve.sample(recordsOf(line), line.column, row, until, buckets.size, positive_only, sink);
    row = until;
  }
}

std::int64_t SeriesView::stableEnd(const Line& line, const Plot& plot) const {
  const std::int64_t rows = recordsOf(line).rows();
  const std::int64_t size = bucketsAt(rowsOf(line, plot), std::max<std::int64_t>(0, rows - 1)).size;
  return rows / size * size;
}

void SeriesView::advance(Pen& pen, const Line& line, QPainter& painter, const Plot& plot,
                         std::int64_t end) const {
  const bool positive = plot.y.logarithmic;
  const double spacing = markerSpacing(line.curve.isSparse());
  // Rows beyond the right edge: the line that leaves is enough.
  const Plot shown = rowsOf(line, plot);
  const double right = std::min(shown.x.high, 9e15);
  const std::int64_t size = bucketsAt(shown, static_cast<std::int64_t>(std::max(0.0, right))).size;
  end = std::min(end, static_cast<std::int64_t>(right) + 2 * size + 1);
  const bool smooth = smoothingOf(line) > 0;
  const auto draw = [&](Stroke& stroke, bool with_markers) {
    return [&, with_markers](double step, double value) {
      if (std::isnan(value)) return stroke.lift();
      const QPointF point = plot.at(placeOf(line, step), value);
      stroke.to(point);
      if (with_markers && point.x() >= pen.next_marker && plot.shows(point)) {
        pen.markers.push_back(point);
        pen.next_marker += spacing * std::ceil((point.x() - pen.next_marker + 1e-9) / spacing);
      }
    };
  };
  const CurveSink raw_sink = draw(pen.raw, !smooth), smooth_sink = draw(pen.smooth, true);
  while (pen.next_row < end) {
    const Buckets buckets = bucketsAt(shown, pen.next_row);
    const std::int64_t until = std::min(end, buckets.until);
    line.curve.sample(recordsOf(line), line.column, pen.next_row, until, buckets.size, positive,
                      raw_sink);
    if (smooth)
      line.smooth.sample(recordsOf(line), line.column, pen.next_row, until, buckets.size, positive,
                         smooth_sink);
    pen.next_row = until;
  }
  pen.raw.flush(painter);
  if (smooth) pen.smooth.flush(painter);
}

void SeriesView::drawMarkers(QPainter& painter, const Line& line,
                             const std::vector<QPointF>& markers) const {
  const CurveStyle style = styleOfLine(line);
  const double size = (line.curve.isSparse() ? 7 : 9) * std::sqrt(appearance().font_scale);
  // A curve of another run has the letter of its run and the marker of its record in turn.
  const Marker second = line.other < 0 ? style.marker : styleOf(line.id).marker;
  for (std::size_t i = 0; i < markers.size(); ++i)
    drawMarker(painter, i % 2 ? second : style.marker, markers[i], size, style.colour,
               theme(appearance().dark).background);
}

void SeriesView::drawHead(QPainter& painter, const Line& line, const Plot& plot) const {
  const std::int64_t last = recordsOf(line).rows() - 1;
  std::int64_t row = last;
  if (cursor()) row = rowAt(line, placeOf(static_cast<double>(*cursor())));
  if (row < 0) row = last;  // it has ended before
  // Of a curve that is not recorded at every step: where its line ends.
  for (std::int64_t k = 0;
       k < kFarBack && row > 0 && isAbsent(recordsOf(line).at(row, line.column)); ++k)
    --row;
  double value = smoothingOf(line) > 0 && row >= 0
                     ? line.smooth.at(recordsOf(line), line.column, row)
                     : valueAt(line, row);
  const QPointF at = plot.at(placeOf(line, static_cast<double>(row)), value);
  if (!plot.shows(at)) return;
  const CurveStyle style = styleOfLine(line);
  drawMarker(painter, style.marker, at, 11 * std::sqrt(appearance().font_scale), style.colour,
             theme(appearance().dark).background);
}

void SeriesView::drawContent(QPainter& painter, const Plot& plot) const {
  const bool vectors = drawsVectors(painter);
  drawOthers(painter, plot);
  std::vector<Pen> pens;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    pens.push_back(penFor(lines_[i], i, plot, vectors));
  const std::vector<std::size_t> order = paleFirst(lines_);
  for (const std::size_t i : order) {
    if (!isDrawn(lines_[i])) continue;
    advance(pens[i], lines_[i], painter, plot, stableEnd(lines_[i], plot));
    advance(pens[i], lines_[i], painter, plot, recordsOf(lines_[i]).rows());
  }
  for (const std::size_t i : order)
    if (isDrawn(lines_[i])) drawMarkers(painter, lines_[i], pens[i].markers);
}

/// Below the present run; they do not grow, so the screen draws them once.
void SeriesView::drawOthers(QPainter& painter, const Plot& plot) const {
  if (difference_) return;
  for (const Other& other : others_)
    if (other.run.spread && isShown(other.run.id)) drawSpread(painter, other, plot);
  const bool vectors = drawsVectors(painter);
  std::size_t index = lines_.size();
  for (const Other& other : others_)
    for (const Line& line : other.lines) {
      Pen pen = penFor(line, index++, plot, vectors);
      if (!isDrawn(line)) continue;
      advance(pen, line, painter, plot, other.run.records.rows());
      drawMarkers(painter, line, pen.markers);
    }
}

/// The band from the smallest to the largest, and every seed thin.
void SeriesView::drawSpread(QPainter& painter, const Other& other, const Plot& plot) const {
  for (std::size_t i = 0; i < other.lines.size(); ++i)
    if (isDrawn(other.lines[i])) drawBand(painter, other.smallest[i], other.largest[i], plot);
  for (const auto& single : other.singles)
    for (const Line& line : single) {
      if (!isDrawn(line)) continue;
      CurveStyle style = styleOfLine(line);
      style.colour.setAlphaF(0.5f);
      style.dashes.clear();
      Stroke stroke(style, 0.8, edgeOf(plot), drawsVectors(painter));
      sample(line, plot, plot.y.logarithmic, [&](double step, double value) {
        std::isnan(value) ? stroke.lift() : stroke.to(plot.at(placeOf(line, step), value));
      });
      stroke.flush(painter);
    }
}

/// It ends where a seed stops being finite. What a logarithmic axis lacks lies below the plot.
void SeriesView::drawBand(QPainter& painter, const Line& smallest, const Line& largest,
                          const Plot& plot) const {
  QPolygonF low, high;
  const double below = plot.inner.bottom() + 8;
  const auto collect = [&](const Line& line, QPolygonF& edge) {
    bool ended = false;
    sample(line, plot, false, [&](double step, double value) {
      ended = ended || !std::isfinite(value);
      if (ended) return;
      const double y = plot.vertical(value);
      edge << QPointF(plot.horizontal(placeOf(line, step)),
                      std::isfinite(y) ? std::clamp(y, -1e6, below + 1e6) : below);
    });
  };
  collect(smallest, low);
  collect(largest, high);
  if (low.isEmpty() || high.isEmpty()) return;
  const double end = std::min(low.back().x(), high.back().x());
  for (QPolygonF* edge : {&low, &high})
    while (edge->size() > 1 && edge->back().x() > end + 1) edge->removeLast();
  QColor colour = styleOfLine(smallest).colour;
  colour.setAlphaF(appearance().dark ? 0.28f : 0.18f);
  painter.save();
  painter.setClipRect(plot.inner, Qt::IntersectClip);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  std::reverse(high.begin(), high.end());
  painter.drawPolygon(low + high);
  painter.restore();
}

void SeriesView::paintContent(QPainter& painter, const Plot& plot) {
  const double ratio = devicePixelRatioF();
  const std::size_t layer_count = std::min(kMostLayers, lines_.size());
  if (!cache_ || cache_->plot != plot || cache_->ratio != ratio) {
    // The images are kept: making them costs more than clearing them.
    std::vector<QImage> layers;
    if (cache_ && cache_->ratio == ratio && cache_->plot.area == plot.area)
      layers = std::move(cache_->layers);
    cache_ = Cache{plot, ratio, std::move(layers), {}, {}};
    cache_->layers.resize(layer_count);
    const auto clear = [&](QImage& layer) {
      if (layer.isNull()) {
        layer = QImage((QSizeF(size()) * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
        layer.setDevicePixelRatio(ratio);
      }
      layer.fill(Qt::transparent);
    };
    for (QImage& layer : cache_->layers) clear(layer);
    for (std::size_t i = 0; i < lines_.size(); ++i)
      cache_->pens.push_back(penFor(lines_[i], i, plot, false));
    if (!others_.empty()) {
      clear(cache_->others);
      QPainter others_painter(&cache_->others);
      others_painter.setRenderHint(QPainter::Antialiasing);
      drawOthers(others_painter, plot);
    }
  }
  if (!cache_->others.isNull()) painter.drawImage(QPointF(0, 0), cache_->others);
  const std::vector<std::size_t> order = paleFirst(lines_);
  std::size_t drawn = 0;
  for (std::size_t layer = 0; layer < layer_count; ++layer) {
    const std::size_t end = (layer + 1) * lines_.size() / layer_count;
    {
      QPainter layer_painter(&cache_->layers[layer]);
      layer_painter.setRenderHint(QPainter::Antialiasing);
      for (std::size_t k = drawn; k < end; ++k)
        if (const Line& line = lines_[order[k]]; isDrawn(line))
          advance(cache_->pens[order[k]], line, layer_painter, plot, stableEnd(line, plot));
    }
    painter.drawImage(QPointF(0, 0), cache_->layers[layer]);
    for (; drawn < end; ++drawn) {
      const std::size_t i = order[drawn];
      if (!isDrawn(lines_[i])) continue;
      Pen tail = cache_->pens[i];
      const std::size_t known = tail.markers.size();
      advance(tail, lines_[i], painter, plot, recordsOf(lines_[i]).rows());
      if (tail.markers.size() > known)
        drawMarkers(painter, lines_[i], {tail.markers.begin() + known, tail.markers.end()});
    }
  }
  for (const std::size_t i : order)
    if (isDrawn(lines_[i])) drawMarkers(painter, lines_[i], cache_->pens[i].markers);
}

void SeriesView::drawFrameCurves(QPainter& painter, const Plot& plot) const {
  const auto* series = frameCurves();
  if (!series) return;
  const bool vectors = drawsVectors(painter);
  int index = 0;
  for (const Curve& curve : series->curves) {
    if (!isShown(curve.id)) continue;
    const CurveStyle style = styleOfCurve(curve);
    Stroke stroke(style, (curve.reference ? 1.5 : kLineWidth) * std::sqrt(appearance().font_scale),
                  edgeOf(plot), vectors);
    std::vector<QPointF> markers;
    // Of a curve of few points each is marked: there it was measured.
    const bool marks_all =
        static_cast<double>(curve.x.size()) * kRoomOfAMarker <= plot.inner.width();
    const double spacing = marks_all ? 0 : markerSpacing(false);
    double next_marker =
        marks_all ? plot.inner.left() : plot.inner.left() + std::fmod(38.0 + 47.0 * index, spacing);
    index += 1;
    for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
      const QPointF point = plot.at(hasTimeAxis() ? placeOf(curve.x[i]) : curve.x[i], curve.y[i]);
      stroke.to(point);
      if (!curve.reference && point.x() >= next_marker && plot.shows(point)) {
        markers.push_back(point);
        next_marker = point.x() + spacing;
      }
    }
    stroke.flush(painter);
    for (const QPointF& at : markers)
      drawMarker(painter, style.marker, at, 9, style.colour, theme(appearance().dark).background);
  }
}

void SeriesView::drawBreaks(QPainter& painter, const Plot& plot) const {
  for (const Line* line : allLines()) {
    if (!isDrawn(*line)) continue;
    const QColor colour = styleOfLine(*line).colour;
    double previous = -1e9;
    for (const auto& [step, value] : line->curve.breaks()) {
      const double x = plot.horizontal(placeOf(*line, static_cast<double>(step)));
      if (!(x >= plot.inner.left() - 1) || x > plot.inner.right() + 1 || x - previous < 8) continue;
      previous = x;
      const bool below = value < 0;
      const double y = below ? plot.inner.bottom() - 8 : plot.inner.top() + 8;
      if (std::isnan(value)) {
        painter.setPen(QPen(colour, 2.5));
        painter.drawLine(QPointF(x - 4.5, y - 4.5), QPointF(x + 4.5, y + 4.5));
        painter.drawLine(QPointF(x - 4.5, y + 4.5), QPointF(x + 4.5, y - 4.5));
      } else {
        drawMarker(painter, below ? Marker::TriangleDown : Marker::Triangle, {x, y}, 11, colour,
                   theme(appearance().dark).background);
      }
    }
  }
}

void SeriesView::drawOver(QPainter& painter, const Plot& plot) const {
  const Theme& colours = theme(appearance().dark);
  if (difference_) {
    const double zero = plot.vertical(0);
    painter.setPen(QPen(colours.axis, 1, Qt::DashLine));
    if (zero >= plot.inner.top() && zero <= plot.inner.bottom())
      painter.drawLine(QPointF(plot.inner.left(), zero), QPointF(plot.inner.right(), zero));
  }
  drawFrameCurves(painter, plot);
  drawBreaks(painter, plot);
  if (hasSteps() && cursor())
    drawPlace(painter, plot, placeOf(static_cast<double>(*cursor())), colours.accent, 1.5);
  if (hasSteps() && hoveredStep())
    drawPlace(painter, plot, placeOf(static_cast<double>(*hoveredStep())), colours.axis, 1);
  for (const Line* line : allLines())
    if (isDrawn(*line)) drawHead(painter, *line, plot);
}

void SeriesView::drawPointer(QPainter& painter, const Plot& plot) const {
  if (!readout()) return;
  const QColor& colour = theme(appearance().dark).axis;
  if (readout()->step) {
    const bool by_time = hasTimeAxis();
    drawPlace(painter, plot,
              by_time ? plot.xOf(readout()->position.x()) : static_cast<double>(*readout()->step),
              colour, 1);
    return;
  }
  painter.setPen(QPen(colour, 1.5));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(readout()->position, 7, 7);
}

void SeriesView::drawAround(QPainter& painter, const Plot& plot) const {
  const std::int64_t count = notDrawn();
  if (count == 0) return;
  const QFont font = baseFont(0.85);
  const QString text = word(Message{"views.not_positive", {{"count", count}}});
  const QFontMetricsF metrics(font);
  const double width = metrics.horizontalAdvance(text);
  if (width + 12 > plot.inner.width()) return;
  const QRectF box(plot.inner.right() - width - 10, plot.inner.bottom() - metrics.height() - 6,
                   width + 8, metrics.height() + 2);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme(appearance().dark).shade);
  painter.drawRect(box);
  painter.setFont(font);
  painter.setPen(theme(appearance().dark).muted_text);
  painter.drawText(QPointF(box.left() + 4, box.top() + 1 + metrics.ascent()), text);
}

}  // namespace viva
