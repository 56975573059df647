// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

namespace viva {
namespace {

QPolygonF triangle(qreal left, qreal right) { return {{{left, 3}, {right, 8}, {left, 13}}}; }

/// On a square of 16 by 16.
void draw(QPainter& painter, Symbol symbol, const QColor& colour) {
  const auto bar = [&](qreal x) { painter.fillRect(QRectF(x, 3, 2.5, 10), colour); };
  const auto arc = [&](QRectF box, int from, int span) {
    painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::FlatCap));
    painter.setBrush(Qt::NoBrush);
    painter.drawArc(box, from * 16, span * 16);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
  };
  const auto arrow = [&](qreal tip, qreal end) {
    painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawLine(QPointF(8, tip), QPointF(8, end));
    const qreal back = tip + (end > tip ? 4.5 : -4.5);
    painter.drawPolyline(QPolygonF{{{3.5, back}, {8, tip}, {12.5, back}}});
  };
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  switch (symbol) {
    case Symbol::Play:
      painter.drawPolygon(triangle(4, 13.5));
      break;
    case Symbol::Pause:
      painter.fillRect(QRectF(4, 3, 3, 10), colour);
      painter.fillRect(QRectF(9, 3, 3, 10), colour);
      break;
    case Symbol::StepForward:
      bar(11);
      painter.drawPolygon(triangle(3, 10));
      break;
    case Symbol::StepBack:
      bar(2.5);
      painter.drawPolygon(triangle(13, 6));
      break;
    case Symbol::Reset:
      arc({3, 3, 10, 10}, 60, 270);
      painter.drawPolygon(QPolygonF{{{13.6, 1.6}, {13.6, 7}, {8.4, 4.6}}});
      break;
    case Symbol::NewSeed: {  // a die that shows five
      painter.setPen(QPen(colour, 1.6));
      painter.setBrush(Qt::NoBrush);
      painter.drawRoundedRect(QRectF(2, 2, 12, 12), 2.5, 2.5);
      painter.setPen(Qt::NoPen);
      painter.setBrush(colour);
      for (const QPointF dot :
           {QPointF(5, 5), QPointF(11, 5), QPointF(8, 8), QPointF(5, 11), QPointF(11, 11)})
        painter.drawEllipse(dot, 1.2, 1.2);
      break;
    }
    case Symbol::ToNewest:
      bar(12);
      painter.drawPolygon(triangle(1.5, 6.5));
      painter.drawPolygon(triangle(6.5, 11.5));
      break;
    case Symbol::Branch:
      painter.setPen(QPen(colour, 1.8));
      painter.setBrush(Qt::NoBrush);
      painter.drawLine(QPointF(4, 2), QPointF(4, 14));
      {
        QPainterPath path(QPointF(4, 10));
        path.cubicTo({4, 6}, {11, 9}, {11, 4});
        painter.drawPath(path);
      }
      painter.setPen(Qt::NoPen);
      painter.setBrush(colour);
      painter.drawEllipse(QPointF(11, 3.6), 2.2, 2.2);
      break;
    case Symbol::FiveSeeds: {  // curves that spread, and their mean
      painter.setBrush(Qt::NoBrush);
      for (const qreal end : {2.5, 5.25, 8.0, 10.75, 13.5}) {
        painter.setPen(QPen(colour, end == 8.0 ? 2.0 : 0.9));
        QPainterPath path(QPointF(1.5, 8));
        path.cubicTo({7, 8}, {8, end}, {14.5, end});
        painter.drawPath(path);
      }
      break;
    }
    case Symbol::Race: {  // two ways from one place
      painter.setPen(QPen(colour, 1.8));
      painter.setBrush(Qt::NoBrush);
      for (const qreal end : {3.5, 12.5}) {
        QPainterPath path(QPointF(2.5, 8));
        path.cubicTo({7, 8}, {7, end}, {11.5, end});
        painter.drawPath(path);
      }
      painter.setPen(Qt::NoPen);
      painter.setBrush(colour);
      for (const qreal end : {3.5, 12.5}) painter.drawEllipse(QPointF(12, end), 2.2, 2.2);
      break;
    }
    case Symbol::Up:
      arrow(3, 13);
      break;
    case Symbol::Down:
      arrow(13, 3);
      break;
    case Symbol::Add:
      painter.fillRect(QRectF(7, 2.5, 2, 11), colour);
      painter.fillRect(QRectF(2.5, 7, 11, 2), colour);
      break;
    case Symbol::Rename:  // a pencil above a line
      painter.drawPolygon(QPolygonF{{{4, 9}, {10.5, 2.5}, {13, 5}, {6.5, 11.5}, {3.4, 12.1}}});
      painter.fillRect(QRectF(2.5, 13.4, 11, 1.4), colour);
      break;
    case Symbol::Remove:  // a bin
      painter.fillRect(QRectF(2.5, 3.4, 11, 1.6), colour);
      painter.fillRect(QRectF(6, 1.8, 4, 1.6), colour);
      painter.drawPolygon(QPolygonF{{{3.6, 6}, {12.4, 6}, {11.6, 14.2}, {4.4, 14.2}}});
      break;
  }
}

class SymbolEngine : public QIconEngine {
 public:
  SymbolEngine(Symbol symbol, QColor colour) : symbol_(symbol), colour_(std::move(colour)) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    painter->scale(rect.width() / 16.0, rect.height() / 16.0);
    if (mode == QIcon::Disabled) painter->setOpacity(0.35);
    draw(*painter, symbol_, colour_);
    painter->restore();
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect({0, 0}, size), mode, state);
    return pixmap;
  }
  QIconEngine* clone() const override { return new SymbolEngine(*this); }

 private:
  Symbol symbol_;
  QColor colour_;
};

}  // namespace

QIcon icon(Symbol symbol, const QColor& colour) { return QIcon(new SymbolEngine(symbol, colour)); }

}  // namespace viva
