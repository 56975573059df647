// SPDX-License-Identifier: GPL-3.0-or-later
// What relies on a clip rectangle ends there in SVG too, whose writer knows none.
#include "widgets/views/cut_shapes.h"

#include <QBuffer>
#include <QRegularExpression>
#include <QSvgGenerator>
#include <QSvgRenderer>
#include <QTest>

#include "tests/widgets/views/view_testing.h"
#include "widgets/views/picture.h"
#include "widgets/views/recording.h"

using namespace viva;
using fakes::differing;

namespace {

constexpr QSize kSize(300, 200);
const QRectF kClip(60.5, 40, 150, 100);

/// Everything that a view may draw, far beyond the clip and across each of its sides.
void drawAll(QPainter& painter) {
  painter.setPen(QPen(Qt::darkRed, 5));
  painter.drawLine(QPointF(10, 20), QPointF(290, 190));
  painter.drawLine(QPointF(60, 10), QPointF(60, 190));
  painter.drawPolyline(QPolygonF{{0, 150}, {100, 60}, {140, 180}, {200, 20}, {299, 100}});
  painter.setBrush(QColor(0, 0, 200, 90));
  painter.drawPolygon(QPolygonF{{30, 100}, {150, 0}, {280, 120}, {150, 60}});
  painter.drawRect(QRectF(180, 100, 90, 80));
  painter.drawEllipse(QPointF(70, 130), 30, 22);
  painter.drawRoundedRect(QRectF(190, 20, 60, 50), 8, 8);
  painter.setPen(QPen(Qt::darkGreen, 2, Qt::DashLine));
  painter.drawRect(QRectF(20, 50, 100, 60));
  painter.fillRect(QRectF(140, 130, 20, 60), Qt::yellow);
  painter.setPen(Qt::black);
  painter.drawText(QPointF(30, 120), "across the left side");
  painter.save();
  painter.translate(200, 170);
  painter.scale(2, 2);
  painter.drawText(QPointF(-10, -10), "large");
  painter.restore();
  QImage image(2, 2, QImage::Format_RGB32);
  image.fill(Qt::magenta);
  painter.drawImage(QRectF(195, 60, 60, 30), image, QRectF(0, 0, 2, 2));
}

void clipped(QPainter& painter) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.save();
  painter.setClipRect(kClip, Qt::IntersectClip);
  drawAll(painter);
  painter.restore();
  // Behind the clip everything is free again.
  painter.fillRect(QRectF(5, 5, 10, 10), Qt::cyan);
}

QImage whitePaper() {
  QImage image(kSize, QImage::Format_RGB32);
  image.fill(Qt::white);
  return image;
}

QImage imageOfSvg(const QByteArray& svg, QSize size) {
  QImage image(size, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  QSvgRenderer(svg).render(&painter, QRectF(QPointF(0, 0), size));
  return image;
}

QByteArray svgOf(const Recording& recording) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(kSize);
  generator.setViewBox(QRect(QPoint(0, 0), kSize));
  generator.setResolution(96);
  QPainter painter(&generator);
  recording.paintOn(painter);
  painter.end();
  return bytes;
}

/// The box around the pixels in which two pictures differ.
QRect difference(const QImage& one, const QImage& other, int tolerance) {
  QRect box;
  for (int y = 0; y < one.height(); ++y)
    for (int x = 0; x < one.width(); ++x) {
      const QColor a = one.pixelColor(x, y), b = other.pixelColor(x, y);
      if (std::max({std::abs(a.red() - b.red()), std::abs(a.green() - b.green()),
                    std::abs(a.blue() - b.blue())}) > tolerance)
        box |= QRect(x, y, 1, 1);
    }
  return box;
}

}  // namespace

class CutShapesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSegmentIsCutWhereItEntersAndLeaves() {
    QPointF from(-5, 5), to(15, 5);
    QVERIFY(cutSegment({0, 0, 10, 10}, from, to));
    QCOMPARE(from, QPointF(0, 5));
    QCOMPARE(to, QPointF(10, 5));
    from = {-5, -5}, to = {-1, 20};
    QVERIFY(!cutSegment({0, 0, 10, 10}, from, to));
  }

  void aLineThatLeavesAndComesBackIsTwoPieces() {
    const auto pieces = cutLine({0, 0, 10, 10}, QPolygonF{{5, 5}, {5, 20}, {8, 20}, {8, 5}});
    QCOMPARE(pieces.size(), std::size_t(2));
    QCOMPARE(pieces[0], (QPolygonF{{5, 5}, {5, 10}}));
    QCOMPARE(pieces[1], (QPolygonF{{8, 10}, {8, 5}}));
  }

  void anAreaIsThatOfTheRectangleWhereItCoversIt() {
    QPainterPath ring;
    ring.addRect(QRectF(-100, -100, 200, 200));
    ring.addRect(QRectF(2, 2, 4, 4));  // a hole
    const QPainterPath cut = cutFill({0, 0, 10, 10}, ring);
    QCOMPARE(cut.boundingRect(), QRectF(0, 0, 10, 10));
    QVERIFY(cut.contains(QPointF(1, 1)) && !cut.contains(QPointF(4, 4)));
    QVERIFY(cutFill({0, 0, 10, 10},
                    [] {
                      QPainterPath path;
                      path.addRect(QRectF(20, 20, 5, 5));
                      return path;
                    }())
                .isEmpty());
  }

  void whatIsRecordedForVectorsEndsAtTheClip() {
    Recording recording(kSize, Recording::For::Vectors);
    {
      QPainter painter(&recording);
      clipped(painter);
    }
    const QImage svg = imageOfSvg(svgOf(recording), kSize);
    QImage pixels = whitePaper();
    {
      QPainter painter(&pixels);
      clipped(painter);
    }
    QImage outside = whitePaper();
    QPainter(&outside).fillRect(QRect(5, 5, 10, 10), Qt::cyan);
    // A line is cut along its middle, so that half of its width may stick out.
    const QRect stains = difference(svg, outside, 8);
    QVERIFY2(kClip.adjusted(-3, -3, 3, 3).contains(QRectF(stains)),
             qPrintable(QString("%1 %2 %3 %4")
                            .arg(stains.left())
                            .arg(stains.top())
                            .arg(stains.right())
                            .arg(stains.bottom())));
    // Inside it is what pixels show, but for edges and letters.
    const int different = differing(svg, pixels, 100);
    QVERIFY2(different < 250, qPrintable(QString::number(different)));
  }

  void aPlaneKeepsToItsBordersWhateverItsLayersHold() {
    const auto svgOfPlane = [](bool with_layers, bool with_path = false) {
      const auto view = fakes::make(plane("plane", {}, {}));
      auto frame = std::make_shared<Frame>();
      PlaneData& data = frame->at<PlaneData>("plane");
      data.x0 = data.y0 = -1;
      data.x1 = data.y1 = 1;
      data.layers.push_back(FieldLayer{"field", -9, 9, -9, 9, 2, 2, shareFloats({1, 2, 3, 4})});
      if (with_layers) {
        data.layers.push_back(ArrowsLayer{
            "arrows", "a", "a", {{0, 0}, {-3, 0.5}, {0, 0}}, {{3, 3}, {3, 0.5}, {0, -9}}});
        data.layers.push_back(BoxesLayer{
            "boxes", {{-2, -2, -0.5, -0.5, "b", "half of a box"}, {0.9, 0.9, 5, 5, "b", "box"}}});
        data.layers.push_back(MeshLayer{"mesh", 2, 2, {{-2, -0.2}, {2, 0.3}, {-2, 0.7}, {2, 2}}});
        // Points on the border are whole (views_marks_test); those outside are not there.
        data.layers.push_back(
            PointsLayer{"points", "c", {{1.3, 0}, {-2, 1}, {0, 4}}, {0, 1, 2}, "c", 20});
      }
      if (with_path)
        data.layers.push_back(PathLayer{"path", "p", "p", {{-4, 0}, {0, 4}, {0.99, -4}}});
      view->setFrame(frame);
      PictureSettings settings;
      settings.size = {600, 400};
      settings.title = settings.legend = false;
      return pictureSvg(*view, settings);
    };
    const QByteArray with = svgOfPlane(true), without = svgOfPlane(false);
    // The field fills the plot.
    static const QRegularExpression place(
        "<image x=\"([^\"]+)\" y=\"([^\"]+)\" width=\"([^\"]+)\" height=\"([^\"]+)\"");
    const auto found = place.match(QString::fromUtf8(without));
    QVERIFY2(found.hasMatch(), without.left(3000));
    const QRectF inner(found.captured(1).toDouble(), found.captured(2).toDouble(),
                       found.captured(3).toDouble(), found.captured(4).toDouble());
    QVERIFY(inner.width() > 250 && inner.height() > 250);
    const QRect stains =
        difference(imageOfSvg(with, {600, 400}), imageOfSvg(without, {600, 400}), 8);
    QVERIFY(stains.width() > 200 && stains.height() > 200);
    QVERIFY(inner.adjusted(-2.5, -2.5, 2.5, 2.5).contains(QRectF(stains)));
    // A line ends at the border, and the mark at its end is whole.
    constexpr double kMark = 12;
    const QRect line = difference(imageOfSvg(svgOfPlane(false, true), {600, 400}),
                                  imageOfSvg(without, {600, 400}), 8);
    QVERIFY(line.height() > 200);
    QVERIFY(inner.adjusted(-kMark, -kMark, kMark, kMark).contains(QRectF(line)));
  }
};

QTEST_MAIN(CutShapesTest)
#include "cut_shapes_test.moc"
