// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/recording.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

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
    if (changed & DirtyClipRegion)
      add([region = state.clipRegion(), how = state.clipOperation()](auto& painter, auto&) {
        painter.setClipRegion(region, how);
      });
    if (changed & DirtyClipPath)
      add([path = state.clipPath(), how = state.clipOperation()](auto& painter, auto&) {
        painter.setClipPath(path, how);
      });
    if (changed & DirtyClipEnabled)
      add([enabled = state.isClipEnabled()](auto& painter, auto&) {
        painter.setClipping(enabled);
      });
  }

  void drawRects(const QRectF* rects, int count) override {
    keepAll<QRectF>(rects, count,
                    [](QPainter& painter, auto* all, int n) { painter.drawRects(all, n); });
  }
  void drawRects(const QRect* rects, int count) override {
    keepAll<QRect>(rects, count,
                   [](QPainter& painter, auto* all, int n) { painter.drawRects(all, n); });
  }
  void drawLines(const QLineF* lines, int count) override {
    keepAll<QLineF>(lines, count,
                    [](QPainter& painter, auto* all, int n) { painter.drawLines(all, n); });
  }
  void drawLines(const QLine* lines, int count) override {
    keepAll<QLine>(lines, count,
                   [](QPainter& painter, auto* all, int n) { painter.drawLines(all, n); });
  }
  void drawPoints(const QPointF* points, int count) override {
    keepAll<QPointF>(points, count,
                     [](QPainter& painter, auto* all, int n) { painter.drawPoints(all, n); });
  }
  void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
    keepAll<QPointF>(points, count, [mode](QPainter& painter, auto* all, int n) {
      if (mode == PolylineMode)
        painter.drawPolyline(all, n);
      else if (mode == ConvexMode)
        painter.drawConvexPolygon(all, n);
      else
        painter.drawPolygon(all, n, mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
    });
  }
  void drawEllipse(const QRectF& place) override {
    add([place](auto& painter, auto&) { painter.drawEllipse(place); });
  }
  void drawPath(const QPainterPath& path) override {
    add([path](auto& painter, auto&) { painter.drawPath(path); });
  }
  // A pixmap belongs to the thread of the window.
  void drawPixmap(const QRectF& place, const QPixmap& pixmap, const QRectF& part) override {
    drawImage(place, pixmap.toImage(), part, Qt::AutoColor);
  }
  void drawImage(const QRectF& place, const QImage& image, const QRectF& part,
                 Qt::ImageConversionFlags flags) override {
    add([place, image, part, flags](auto& painter, auto&) {
      painter.drawImage(place, image, part, flags);
    });
  }
  void drawTextItem(const QPointF& place, const QTextItem& item) override {
    QFont font = item.font();
    font.setResolveMask(~0U);  // otherwise a painter fills in its own size
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
  template <typename Shape, typename Draw>
  void keepAll(const Shape* shapes, int count, Draw draw) {
    add([all = std::vector<Shape>(shapes, shapes + count), draw](QPainter& painter,
                                                                 const QTransform&) {
      draw(painter, all.data(), static_cast<int>(all.size()));
    });
  }

  For target_;
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
