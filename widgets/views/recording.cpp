// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/recording.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/views/cut_shapes.h"

namespace viva {

class Recording::Engine : public QPaintEngine {
 public:
  explicit Engine(For target) : QPaintEngine(AllFeatures), target_(target) {}

  bool begin(QPaintDevice*) override { return true; }
  bool end() override { return true; }
  Type type() const override { return target_ == For::Vectors ? kVectors : User; }

  void updateState(const QPaintEngineState& state) override {
    const DirtyFlags changed = state.state();
    if (changed & DirtyTransform)
      add([transform = state.transform()](auto& painter, auto& base) {
        painter.setTransform(transform * base);
      });
    if (changed & DirtyPen) add([pen = state.pen()](auto& painter, auto&) { painter.setPen(pen); });
    if (changed & DirtyBrush)
      add([brush = state.brush()](auto& painter, auto&) { painter.setBrush(brush); });
    if (changed & DirtyBrushOrigin)
      add([origin = state.brushOrigin()](auto& painter, auto&) { painter.setBrushOrigin(origin); });
    if (changed & DirtyOpacity)
      add([opacity = state.opacity()](auto& painter, auto&) { painter.setOpacity(opacity); });
    if (changed & DirtyCompositionMode)
      add([mode = state.compositionMode()](auto& painter, auto&) {
        painter.setCompositionMode(mode);
      });
    if (changed & DirtyHints)
      add([hints = state.renderHints()](auto& painter, auto&) {
        painter.setRenderHints(painter.renderHints(), false);
        painter.setRenderHints(hints);
      });
    if (changed & DirtyClipRegion) {
      clip(state, QRectF(state.clipRegion().boundingRect()));
      add([region = state.clipRegion(), how = state.clipOperation()](auto& painter, auto&) {
        painter.setClipRegion(region, how);
      });
    }
    if (changed & DirtyClipPath) {
      clip(state, state.clipPath().boundingRect());
      add([path = state.clipPath(), how = state.clipOperation()](auto& painter, auto&) {
        painter.setClipPath(path, how);
      });
    }
    if (changed & DirtyClipEnabled)
      add([enabled = state.isClipEnabled()](auto& painter, auto&) {
        painter.setClipping(enabled);
      });
  }

  void drawRects(const QRectF* rects, int count) override {
    keepAll<QRectF>(
        rects, count, [](QPainter& painter, auto* all, int n) { painter.drawRects(all, n); },
        [this](const QRectF& rect) { return isWhole(rect); },
        [this](const QRectF& rect) {
          QPainterPath path;
          path.addRect(rect);
          cut(path, true);
        });
  }
  void drawRects(const QRect* rects, int count) override {
    const std::vector<QRectF> exact(rects, rects + count);
    drawRects(exact.data(), count);
  }
  void drawLines(const QLineF* lines, int count) override {
    keepAll<QLineF>(
        lines, count, [](QPainter& painter, auto* all, int n) { painter.drawLines(all, n); },
        [this](const QLineF& line) { return isWhole(boxOf(line)); },
        [this](const QLineF& line) {
          QPainterPath path(line.p1());
          path.lineTo(line.p2());
          cut(path, false);
        });
  }
  void drawLines(const QLine* lines, int count) override {
    std::vector<QLineF> exact;
    for (int i = 0; i < count; ++i) exact.emplace_back(lines[i]);
    drawLines(exact.data(), count);
  }
  void drawPoints(const QPointF* points, int count) override {
    keepAll<QPointF>(
        points, count, [](QPainter& painter, auto* all, int n) { painter.drawPoints(all, n); },
        [this](const QPointF& point) {
          return isWhole({point, QSizeF()});
        },
        [](const QPointF&) {});
  }
  void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
    const QPolygonF polygon(QList<QPointF>(points, points + count));
    // A line stays one: it is cut along its middle.
    if (mode == PolylineMode && !isWhole(polygon.boundingRect(), 0))
      return drawLinePieces(cutLine(bounds(), polygon));
    if (mode != PolylineMode && !isWhole(polygon.boundingRect())) {
      QPainterPath path;
      path.addPolygon(polygon);
      path.closeSubpath();
      path.setFillRule(mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
      return cut(path, true);
    }
    add([polygon, mode](auto& painter, auto&) {
      if (mode == PolylineMode)
        painter.drawPolyline(polygon);
      else if (mode == ConvexMode)
        painter.drawConvexPolygon(polygon);
      else
        painter.drawPolygon(polygon, mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
    });
  }
  void drawEllipse(const QRectF& place) override {
    if (!isWhole(place)) {
      QPainterPath path;
      path.addEllipse(place);
      return cut(path, true);
    }
    add([place](auto& painter, auto&) { painter.drawEllipse(place); });
  }
  void drawPath(const QPainterPath& path) override {
    if (!isWhole(path.controlPointRect())) return cut(path, true);
    add([path](auto& painter, auto&) { painter.drawPath(path); });
  }
  // A pixmap belongs to the thread of the window.
  void drawPixmap(const QRectF& place, const QPixmap& pixmap, const QRectF& part) override {
    drawImage(place, pixmap.toImage(), part, Qt::AutoColor);
  }
  void drawImage(const QRectF& place, const QImage& image, const QRectF& part,
                 Qt::ImageConversionFlags flags) override {
    if (!isWhole(place, 0)) return cutImage(place, image, part);
    add([place, image, part, flags](auto& painter, auto&) {
      painter.drawImage(place, image, part, flags);
    });
  }
  void drawTextItem(const QPointF& place, const QTextItem& item) override {
    QFont font = item.font();
    font.setResolveMask(~0U);  // otherwise a painter fills in its own size
    const QRectF box(place.x(), place.y() - item.ascent(), item.width(),
                     item.ascent() + item.descent());
    if (!isWhole(box, 0)) {
      QPainterPath letters;
      letters.setFillRule(Qt::WindingFill);
      letters.addText(place, font, item.text());
      return fill(cutFill(bounds(), letters), state->pen().brush());
    }
    add([place, font, text = item.text()](auto& painter, auto&) {
      painter.setFont(font);
      painter.drawText(place, text);
    });
  }

  void paintOn(QPainter& painter) const {
    painter.save();
    const QTransform base = painter.transform();
    for (const Stroke& stroke : strokes_) stroke(painter, base);
    painter.restore();
  }

 private:
  using Stroke = std::function<void(QPainter& painter, const QTransform& base)>;

  void add(Stroke stroke) { strokes_.push_back(std::move(stroke)); }
  /// Together those that are whole, each of the others cut.
  template <typename Shape, typename Draw, typename IsWhole, typename Cut>
  void keepAll(const Shape* shapes, int count, Draw draw, IsWhole is_whole, Cut cut_one) {
    std::vector<Shape> whole;
    for (const Shape* shape = shapes; shape != shapes + count; ++shape)
      is_whole(*shape) ? whole.push_back(*shape) : cut_one(*shape);
    if (whole.empty()) return;
    add([all = std::move(whole), draw](QPainter& painter, const QTransform&) {
      draw(painter, all.data(), static_cast<int>(all.size()));
    });
  }

  // --- cut by hand for vectors ---

  /// Follows the painter's clip, as a rectangle of the device: views have no others.
  void clip(const QPaintEngineState& now, const QRectF& rect) {
    const QRectF on_device = now.transform().mapRect(rect);
    const Qt::ClipOperation how = now.clipOperation();
    if (how == Qt::NoClip)
      clip_.reset();
    else
      clip_ = how == Qt::IntersectClip && clip_ ? clip_->intersected(on_device) : on_device;
  }
  bool isClipped() const {
    return target_ == For::Vectors && clip_ && state->isClipEnabled() &&
           state->transform().isInvertible();
  }
  /// The clip where the painter is now; of one that is turned the rectangle around it.
  QRectF bounds() const { return state->transform().inverted().mapRect(*clip_); }
  bool isWhole(const QRectF& box) const {
    const QPen& pen = state->pen();
    return isWhole(box, pen.style() == Qt::NoPen ? 0 : std::max(1.0, pen.widthF()));
  }
  /// Whether all within `margin` of `box` is inside of the clip.
  bool isWhole(const QRectF& box, double margin) const {
    if (!isClipped()) return true;
    const QRectF may = bounds().adjusted(-kNearly, -kNearly, kNearly, kNearly);
    return box.left() - margin >= may.left() && box.right() + margin <= may.right() &&
           box.top() - margin >= may.top() && box.bottom() + margin <= may.bottom();
  }
  static QRectF boxOf(const QLineF& line) { return QRectF(line.p1(), line.p2()).normalized(); }

  void fill(const QPainterPath& path, const QBrush& brush) {
    if (path.isEmpty()) return;
    add([path, brush, before = std::pair(state->pen(), state->brush())](auto& painter, auto&) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(brush);
      painter.drawPath(path);
      painter.setPen(before.first);
      painter.setBrush(before.second);
    });
  }

  void cut(const QPainterPath& path, bool fills) {
    const QRectF may = bounds();
    if (fills && state->brush().style() != Qt::NoBrush) fill(cutFill(may, path), state->brush());
    const QPen pen = state->pen();
    if (pen.style() == Qt::NoPen) return;
    if (path.elementCount() <= kMostExact) return fill(cutStroke(may, path, pen), pen.brush());
    std::vector<QPolygonF> pieces;
    for (const QPolygonF& points : path.toSubpathPolygons())
      for (QPolygonF& piece : cutLine(may, points)) pieces.push_back(std::move(piece));
    drawLinePieces(pieces);
  }

  void drawLinePieces(const std::vector<QPolygonF>& pieces) {
    if (pieces.empty()) return;
    QPainterPath path;
    for (const QPolygonF& piece : pieces) path.addPolygon(piece);
    QPen flat = state->pen();
    flat.setCapStyle(Qt::FlatCap);
    add([path, single = pieces.size() == 1 ? pieces.front() : QPolygonF(), flat,
         before = std::pair(state->pen(), state->brush())](auto& painter, auto&) {
      painter.setPen(flat);
      painter.setBrush(Qt::NoBrush);
      single.isEmpty() ? painter.drawPath(path) : painter.drawPolyline(single);
      painter.setPen(before.first);
      painter.setBrush(before.second);
    });
  }

  void cutImage(const QRectF& place, const QImage& image, const QRectF& part) {
    const QRectF seen = place.intersected(bounds());
    if (seen.isEmpty()) return;
    const double across = part.width() / place.width(), down = part.height() / place.height();
    QImage piece((seen.size() * kDensity).toSize().expandedTo({1, 1}),
                 QImage::Format_ARGB32_Premultiplied);
    piece.fill(Qt::transparent);
    QPainter painter(&piece);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(QRectF(piece.rect()), image,
                      QRectF(part.left() + (seen.left() - place.left()) * across,
                             part.top() + (seen.top() - place.top()) * down, seen.width() * across,
                             seen.height() * down));
    painter.end();
    add([seen, piece](auto& on, auto&) { on.drawImage(seen, piece); });
  }

  /// The outline of a longer line would take too long: its pieces may stick out by half its width.
  static constexpr int kMostExact = 400;
  static constexpr double kDensity = 2;  ///< pixels of a cut image per unit
  static constexpr double kNearly = 1e-6;

  For target_;
  std::optional<QRectF> clip_;
  std::vector<Stroke> strokes_;
};

Recording::Recording(const QSizeF& size, For target, double ratio)
    : size_(size), ratio_(ratio), engine_(std::make_unique<Engine>(target)) {}
Recording::~Recording() = default;

QPaintEngine* Recording::paintEngine() const { return engine_.get(); }
void Recording::paintOn(QPainter& painter) const { engine_->paintOn(painter); }

int Recording::metric(PaintDeviceMetric metric) const {
  const auto pixels = [this](double units) { return static_cast<int>(std::ceil(units * ratio_)); };
  const auto millimetres = [](double units) {
    return static_cast<int>(std::lround(units * 25.4 / 96));
  };
  switch (metric) {
    case PdmWidth:
      return pixels(size_.width());
    case PdmHeight:
      return pixels(size_.height());
    case PdmWidthMM:
      return millimetres(size_.width());
    case PdmHeightMM:
      return millimetres(size_.height());
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY:
      return 96;
    case PdmDepth:
      return 32;
    case PdmDevicePixelRatio:
      return std::max(1, static_cast<int>(ratio_));
    case PdmDevicePixelRatioScaled:
      return static_cast<int>(ratio_ * devicePixelRatioFScale());
    default:
      return QPaintDevice::metric(metric);
  }
}

}  // namespace viva
