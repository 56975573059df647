// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/outlined_text.h"

#include <QPaintEngine>
#include <QPainter>

namespace viva {

/// QPaintEngine itself draws text as the shapes of its letters.
class OutlinedText::Engine : public QPaintEngine {
 public:
  explicit Engine(QPaintDevice& target)
      : QPaintEngine(AllFeatures & ~PaintEngineFeatures(PorterDuff | BlendModes)),
        target_(target) {}

  bool begin(QPaintDevice*) override { return painter_.begin(&target_); }
  bool end() override { return painter_.end(); }
  Type type() const override { return User; }

  void updateState(const QPaintEngineState& state) override {
    const DirtyFlags changed = state.state();
    if (changed & DirtyTransform) painter_.setTransform(state.transform());
    if (changed & DirtyPen) painter_.setPen(state.pen());
    if (changed & DirtyBrush) painter_.setBrush(state.brush());
    if (changed & DirtyBrushOrigin) painter_.setBrushOrigin(state.brushOrigin());
    if (changed & DirtyHints) painter_.setRenderHints(state.renderHints());
    if (changed & DirtyOpacity) painter_.setOpacity(state.opacity());
  }
  void drawPath(const QPainterPath& path) override { painter_.drawPath(path); }
  void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
    if (mode == PolylineMode)
      painter_.drawPolyline(points, count);
    else
      painter_.drawPolygon(points, count, mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
  }
  void drawPixmap(const QRectF& place, const QPixmap& pixmap, const QRectF& part) override {
    painter_.drawPixmap(place, pixmap, part);
  }
  void drawImage(const QRectF& place, const QImage& image, const QRectF& part,
                 Qt::ImageConversionFlags flags) override {
    painter_.drawImage(place, image, part, flags);
  }

 private:
  QPaintDevice& target_;
  QPainter painter_;
};

OutlinedText::OutlinedText(QPaintDevice& target)
    : target_(target), engine_(std::make_unique<Engine>(target)) {}
OutlinedText::~OutlinedText() = default;

QPaintEngine* OutlinedText::paintEngine() const { return engine_.get(); }

int OutlinedText::metric(PaintDeviceMetric metric) const {
  switch (metric) {
    case PdmWidth:
      return target_.width();
    case PdmHeight:
      return target_.height();
    case PdmWidthMM:
      return target_.widthMM();
    case PdmHeightMM:
      return target_.heightMM();
    case PdmDpiX:
      return target_.logicalDpiX();
    case PdmDpiY:
      return target_.logicalDpiY();
    case PdmPhysicalDpiX:
      return target_.physicalDpiX();
    case PdmPhysicalDpiY:
      return target_.physicalDpiY();
    case PdmDepth:
      return 32;
    case PdmDevicePixelRatio:
      return 1;
    case PdmDevicePixelRatioScaled:
      return static_cast<int>(devicePixelRatioFScale());
    default:
      return QPaintDevice::metric(metric);
  }
}

}  // namespace viva
