// SPDX-License-Identifier: GPL-3.0-or-later
// How a PlaneView draws its paths and handles.
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "widgets/views/colours.h"
#include "widgets/views/plane_view.h"

namespace viva {
namespace {

constexpr double kPathWidth = 2.4;
constexpr double kNear = 0.75;        // pixels: what moves less is not seen
constexpr int kOften = 48;            // where a path has been that often, more is not seen either
constexpr std::size_t kMany = 40000;  // points of a path; then only where it has never been
constexpr std::size_t kMostLayers = 8;
constexpr int kCell = 4;

// On which sides of the plot a point lies; 0: inside.
int sides(const QRectF& inner, QPointF at) {
  return (at.x() < inner.left() - 8) | (at.x() > inner.right() + 8) << 1 |
         (at.y() < inner.top() - 8) << 2 | (at.y() > inner.bottom() + 8) << 3;
}

}  // namespace

/// A handle with its four arms.
double PlaneView::markRoom() const { return 18 * std::sqrt(appearance().font_scale); }

Stroke PlaneView::strokeFor(const Path& path, const Plot& plot, bool vectors) const {
  return Stroke(styleOf(path.id), kPathWidth * std::sqrt(appearance().font_scale),
                plot.inner.adjusted(-1, -1, 1, 1), vectors);
}

// A million steps of a path that has settled, or of one that trembles about a minimum, must not
// become a million segments.
void PlaneView::extendTrail(Trail& trail, const Path& path, const Plot& plot) const {
  const int columns = static_cast<int>(plot.inner.width() / kCell) + 1;
  const int rows = static_cast<int>(plot.inner.height() / kCell) + 1;
  if (trail.visits.empty()) trail.visits.resize(static_cast<std::size_t>(columns) * rows);
  constexpr std::int64_t kChunk = RecordChunk::kRows;
  std::span<const double> xs, ys;
  for (bool first = true; trail.next_row < records().rows(); ++trail.next_row) {
    const std::int64_t within = trail.next_row % kChunk;
    if (std::exchange(first, false) || within == 0) {
      const RecordChunk& chunk = *records().chunks()[trail.next_row / kChunk];
      xs = chunk.column(path.x);
      ys = chunk.column(path.y);
    }
    const double x = xs[within], y = ys[within];
    if (isAbsent(x) || isAbsent(y)) continue;
    const QPointF at = plot.at(x, y);
    const bool finite = std::isfinite(at.x()) && std::isfinite(at.y());
    auto& kept = trail.kept;
    if (!finite) {
      if (!kept.empty() && std::isfinite(kept.back().at.x()))
        kept.push_back({trail.next_row, {std::nan(""), std::nan("")}});
      continue;
    }
    if (!kept.empty() && std::isfinite(kept.back().at.x())) {
      const int outside = sides(plot.inner, at) & sides(plot.inner, kept.back().at);
      if (outside && kept.size() > 1 && (sides(plot.inner, kept[kept.size() - 2].at) & outside)) {
        kept.back() = {trail.next_row, at};
        continue;
      }
      bool crowded = false;
      if (plot.shows(at)) {
        const int column = static_cast<int>((at.x() - plot.inner.left()) / kCell);
        const int row = static_cast<int>((at.y() - plot.inner.top()) / kCell);
        auto& visits = trail.visits[static_cast<std::size_t>(row) * columns + column];
        crowded = visits >= (kept.size() < kMany ? kOften : 1);
        if (!crowded) ++visits;
      }
      const QPointF way = at - kept.back().at;
      if (crowded || way.x() * way.x() + way.y() * way.y() < kNear * kNear) continue;
    }
    kept.push_back({trail.next_row, at});
  }
}

std::size_t PlaneView::shownCount(const Trail& trail) const {
  const auto after = [](std::int64_t row, const Trail::Kept& kept) { return row < kept.row; };
  return std::upper_bound(trail.kept.begin(), trail.kept.end(), shownRow(), after) -
         trail.kept.begin();
}

// From the last point that was far enough to where the path is now.
void PlaneView::drawTrailEnd(QPainter& painter, const Path& path, const Trail& trail,
                             std::size_t shown, const Plot& plot, Stroke stroke) const {
  if (shown == 0 || !std::isfinite(trail.kept[shown - 1].at.x())) return;
  const auto now = positionOf(path, shownRow());
  if (!now) return;
  stroke.to(plot.at(now->x, now->y));
  stroke.flush(painter);
}

void PlaneView::drawContent(QPainter& painter, const Plot& plot) const {
  const auto* plane = data<PlaneData>();
  drawLayers(painter, plot, 0, plane ? plane->layers.size() : 0);
  const bool vectors = drawsVectors(painter);
  for (const std::size_t i : paleFirst(paths_)) {
    const Path& path = paths_[i];
    if (!isShown(path.id)) continue;
    Trail trail;
    extendTrail(trail, path, plot);
    Stroke stroke = strokeFor(path, plot, vectors);
    const std::size_t shown = shownCount(trail);
    for (std::size_t k = 0; k < shown; ++k) stroke.to(trail.kept[k].at);
    if (!vectors) stroke.flush(painter);
    drawTrailEnd(painter, path, trail, shown, plot, std::move(stroke));
  }
}

void PlaneView::paintContent(QPainter& painter, const Plot& plot) {
  const double ratio = devicePixelRatioF();
  const std::size_t fields = leadingFields();
  const auto* plane = data<PlaneData>();
  if (fields > 0) {
    const auto same = [&] {
      if (!layers_cache_ || layers_cache_->plot != plot || layers_cache_->ratio != ratio ||
          layers_cache_->fields.size() != fields)
        return false;
      for (std::size_t i = 0; i < fields; ++i)
        if (std::get<FieldLayer>(plane->layers[i]) != layers_cache_->fields[i]) return false;
      return true;
    };
    if (!same()) {
      layers_cache_ = LayersCache{plot, ratio, {}, QPixmap((QSizeF(size()) * ratio).toSize())};
      for (std::size_t i = 0; i < fields; ++i)
        layers_cache_->fields.push_back(std::get<FieldLayer>(plane->layers[i]));
      layers_cache_->picture.setDevicePixelRatio(ratio);
      layers_cache_->picture.fill(theme(appearance().dark).background);
      QPainter field_painter(&layers_cache_->picture);
      field_painter.setRenderHint(QPainter::Antialiasing);
      field_painter.setClipRect(plot.inner);
      drawLayers(field_painter, plot, 0, fields);
    }
    // It has a ground; ticks and titles stay as they are.
    painter.save();
    painter.setClipRect(plot.inner, Qt::IntersectClip);
    painter.drawPixmap(0, 0, layers_cache_->picture);
    painter.restore();
  }
  drawLayers(painter, plot, fields, plane ? plane->layers.size() : 0);
  if (paths_.empty()) return;

  if (!cache_ || cache_->plot != plot || cache_->ratio != ratio) {
    cache_ = Cache{plot, ratio, {}, {}, {}, {}};
    cache_->trails.resize(paths_.size());
  }
  const std::size_t layer_count = std::min(kMostLayers, paths_.size());
  const auto beginLayers = [&] {
    cache_->layers.resize(layer_count);
    for (QImage& layer : cache_->layers) {
      if (layer.isNull()) {
        layer = QImage((QSizeF(size()) * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
        layer.setDevicePixelRatio(ratio);
      }
      layer.fill(Qt::transparent);
    }
    cache_->strokes.clear();
    for (const Path& path : paths_) cache_->strokes.push_back(strokeFor(path, plot, false));
    cache_->drawn.assign(paths_.size(), 0);
  };
  std::vector<std::size_t> shown(paths_.size());
  bool back = cache_->strokes.empty();
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    extendTrail(cache_->trails[i], paths_[i], plot);
    shown[i] = shownCount(cache_->trails[i]);
    back = back || shown[i] < cache_->drawn[i];
  }
  if (back) beginLayers();
  const std::vector<std::size_t> order = paleFirst(paths_);
  std::size_t next = 0;
  for (std::size_t k = 0; k < layer_count; ++k) {
    const std::size_t first = next, end = (k + 1) * paths_.size() / layer_count;
    {
      QPainter layer_painter(&cache_->layers[k]);
      layer_painter.setRenderHint(QPainter::Antialiasing);
      for (; next < end; ++next) {
        const std::size_t i = order[next];
        if (!isShown(paths_[i].id)) continue;
        for (std::size_t& place = cache_->drawn[i]; place < shown[i]; ++place)
          cache_->strokes[i].to(cache_->trails[i].kept[place].at);
        cache_->strokes[i].flush(layer_painter);
      }
    }
    painter.drawImage(QPointF(0, 0), cache_->layers[k]);
    for (std::size_t p = first; p < end; ++p)
      if (const std::size_t i = order[p]; isShown(paths_[i].id))
        drawTrailEnd(painter, paths_[i], cache_->trails[i], shown[i], plot, cache_->strokes[i]);
  }
}

std::size_t PlaneView::keptPoints() const {
  std::size_t count = 0;
  if (cache_)
    for (const Trail& trail : cache_->trails) count += trail.kept.size();
  return count;
}

void PlaneView::drawPositions(QPainter& painter, const Plot& plot) const {
  const QColor edge = theme(appearance().dark).background;
  for (const std::size_t i : paleFirst(paths_)) {
    const Path& path = paths_[i];
    if (!isShown(path.id)) continue;
    const auto now = positionOf(path, shownRow());
    if (!now) continue;
    QPointF at = plot.at(now->x, now->y);
    if (!std::isfinite(at.x()) || !std::isfinite(at.y())) continue;
    const CurveStyle style = styleOf(path.id);
    if (plot.shows(at)) {
      drawMarker(painter, style.marker, at, widthOf(style, 14) * std::sqrt(appearance().font_scale),
                 style.colour, edge);
      continue;
    }
    // Gone from sight: a smaller marker at the edge says where to.
    const QRectF edge_box = plot.inner.adjusted(6, 6, -6, -6);
    at = {std::clamp(at.x(), edge_box.left(), edge_box.right()),
          std::clamp(at.y(), edge_box.top(), edge_box.bottom())};
    drawMarker(painter, style.marker, at, 9, style.colour, edge);
  }
}

void PlaneView::drawHandles(QPainter& painter, const Plot& plot) const {
  if (!handlesAreDrawn()) return;
  const Theme& colours = theme(appearance().dark);
  const auto current = active();
  for (const Handle& handle : handles()) {
    const bool is_active = current && current->spec == handle.spec;
    const Point where = is_active && dragged_ ? *dragged_ : handle.at;
    const QPointF at = plot.at(where.x, where.y);
    if (!plot.inner.adjusted(-1, -1, 1, 1).contains(at)) continue;
    const double radius = is_active && hasFocus() ? 11 : 9;
    for (const auto& [colour, width] :
         {std::pair{colours.background, 5.0}, {colours.accent, 2.5}}) {
      painter.setPen(QPen(colour, width));
      painter.setBrush(Qt::NoBrush);
      painter.drawEllipse(at, radius, radius);
      for (const QPointF& way : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)})
        painter.drawLine(at + way * (radius - 3), at + way * (radius + 4));
    }
    if (plot.inner.width() < 280) continue;
    const QFont font = baseFont(0.9);
    const QFontMetricsF metrics(font);
    const QString name =
        QString::fromStdString(words().of(experiment(), "parameter", handle.spec->name));
    const double width = metrics.horizontalAdvance(name);
    QPointF corner = at + QPointF(radius + 8, -metrics.height() / 2);
    if (corner.x() + width + 4 > plot.inner.right()) corner.setX(at.x() - radius - 12 - width);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.shade);
    painter.drawRoundedRect(QRectF(corner, QSizeF(width + 6, metrics.height())), 3, 3);
    painter.setPen(colours.text);
    painter.setFont(font);
    painter.drawText(corner + QPointF(3, metrics.ascent()), name);
  }
}

void PlaneView::drawOver(QPainter& painter, const Plot& plot) const {
  drawDrawn(painter, plot);
  drawPositions(painter, plot);
  drawBoxHandles(painter, plot);
  drawHandles(painter, plot);
  if (!hoveredStep()) return;
  for (const Path& path : paths_) {
    if (!isShown(path.id)) continue;
    const auto at = positionOf(path, std::min(*hoveredStep(), shownRow()));
    if (!at) continue;
    const QPointF place = plot.at(at->x, at->y);
    if (!plot.shows(place)) continue;
    painter.setPen(QPen(theme(appearance().dark).text, 1.5));
    painter.setBrush(styleOf(path.id).colour);
    painter.drawEllipse(place, 4.5, 4.5);
  }
}

void PlaneView::drawPointer(QPainter& painter, const Plot& plot) const {
  drawHint(painter, plot);
  if (!readout()) return;
  QPointF at = readout()->position;
  painter.setPen(QPen(theme(appearance().dark).text, 1));
  painter.drawLine(at - QPointF(6, 0), at + QPointF(6, 0));
  painter.drawLine(at - QPointF(0, 6), at + QPointF(0, 6));
}

void PlaneView::drawAround(QPainter& painter, const Plot& plot) const {
  const FieldLayer* field = firstField();
  const QFont font = baseFont(0.92);
  const double width = colourBarWidth(font);
  if (!field || plot.area.right() - plot.inner.right() < width * 0.9) return;
  const QRectF place(plot.inner.right(), plot.inner.top(), width, plot.inner.height());
  drawColourBar(painter, place, pictureOf(*field).scale,
                field->diverging ? ColourMap::MutedDiverging : ColourMap::Muted, appearance().dark,
                font);
}

}  // namespace viva
