// SPDX-License-Identifier: GPL-3.0-or-later
// What a widget or a view paints, as texts and marks with their places.
#pragma once

#include <QPaintDevice>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>
#include <QStringList>
#include <memory>
#include <vector>

#include "widgets/views/view.h"

namespace viva::fakes {

struct DrawnText {
  QString text;
  QRectF box;   ///< of its letters
  QRectF clip;  ///< what of the device may be painted
};
/// An ellipse or a small polygon: a marker, the head of an arrow, a handle.
struct DrawnMark {
  QRectF box;
  QRectF clip;
};

class Measured : public QPaintDevice {
 public:
  explicit Measured(const QSize& size) : size_(size), engine_(std::make_unique<Engine>(*this)) {}

  QPaintEngine* paintEngine() const override { return engine_.get(); }
  const std::vector<DrawnText>& texts() const { return texts_; }
  const std::vector<DrawnMark>& marks() const { return marks_; }
  QRectF whole() const { return {QPointF(0, 0), QSizeF(size_)}; }

 protected:
  int metric(PaintDeviceMetric metric) const override {
    switch (metric) {
      case PdmWidth:
        return size_.width();
      case PdmHeight:
        return size_.height();
      case PdmWidthMM:
        return size_.width() * 254 / 960;
      case PdmHeightMM:
        return size_.height() * 254 / 960;
      case PdmDpiX:
      case PdmDpiY:
      case PdmPhysicalDpiX:
      case PdmPhysicalDpiY:
        return 96;
      case PdmDepth:
        return 32;
      case PdmNumColors:
        return 1 << 24;
      case PdmDevicePixelRatio:
        return 1;
      case PdmDevicePixelRatioScaled:
        return static_cast<int>(devicePixelRatioFScale());
      default:
        return QPaintDevice::metric(metric);
    }
  }

 private:
  class Engine : public QPaintEngine {
   public:
    explicit Engine(Measured& owner) : QPaintEngine(AllFeatures), owner_(owner) {}
    bool begin(QPaintDevice*) override {
      clip_ = owner_.whole();
      return true;
    }
    bool end() override { return true; }
    Type type() const override { return User; }
    void updateState(const QPaintEngineState& state) override {
      if (state.state() & DirtyTransform) transform_ = state.transform();
      const auto take = [&](const QRectF& box, Qt::ClipOperation how) {
        const QRectF placed = transform_.mapRect(box);
        if (how == Qt::NoClip)
          clip_ = owner_.whole();
        else if (how == Qt::IntersectClip)
          clip_ = clip_.intersected(placed);
        else
          clip_ = placed.intersected(owner_.whole());
      };
      if (state.state() & DirtyClipRegion)
        take(QRectF(state.clipRegion().boundingRect()), state.clipOperation());
      if (state.state() & DirtyClipPath)
        take(state.clipPath().boundingRect(), state.clipOperation());
      if ((state.state() & DirtyClipEnabled) && !state.isClipEnabled()) clip_ = owner_.whole();
    }
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawImage(const QRectF&, const QImage&, const QRectF&, Qt::ImageConversionFlags) override {
    }
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
      if (mode == PolylineMode || count < 3) return;
      mark(QPolygonF(QList<QPointF>(points, points + count)).boundingRect());
    }
    void drawEllipse(const QRectF& box) override { mark(box); }
    void drawPath(const QPainterPath&) override {}
    void drawRects(const QRectF*, int) override {}
    void drawLines(const QLineF*, int) override {}
    void drawTextItem(const QPointF& place, const QTextItem& item) override {
      const QString text = item.text().trimmed();
      if (text.isEmpty()) return;
      const QRectF ink = QFontMetricsF(item.font()).tightBoundingRect(item.text());
      owner_.texts_.push_back({text, transform_.mapRect(ink.translated(place)), clip_});
    }

   private:
    void mark(const QRectF& box) {
      const QRectF placed = transform_.mapRect(box);
      if (placed.width() > 40 || placed.height() > 40 || placed.width() < 3) return;
      owner_.marks_.push_back({placed, clip_});
    }
    Measured& owner_;
    QTransform transform_;
    QRectF clip_;
  };

  QSize size_;
  std::unique_ptr<Engine> engine_;
  std::vector<DrawnText> texts_;
  std::vector<DrawnMark> marks_;
};

/// What a widget has on screen.
inline std::vector<DrawnText> textsOnScreen(QWidget& widget) {
  Measured painted(widget.size());
  widget.render(&painted, {}, {}, QWidget::DrawChildren);
  return painted.texts();
}
/// What the picture of a view says, of its size on screen.
inline QStringList textsOfPicture(const View& view) {
  Measured painted(view.size());
  QPainter painter(&painted);
  view.render(painter, view.rect());
  painter.end();
  QStringList texts;
  for (const DrawnText& drawn : painted.texts()) texts << drawn.text;
  return texts;
}

}  // namespace viva::fakes
