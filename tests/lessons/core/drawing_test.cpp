// SPDX-License-Identifier: GPL-3.0-or-later
// What the net sees of a drawing, and what of it is kept.
#include "lessons/core/drawing.h"

#include <QTest>
#include <cmath>

#include "lessons/core/pen.h"
#include "lessons/core/run.h"
#include "lessons/core/run_file.h"
#include "tests/fakes/fake_dialogue.h"

using namespace viva;
using namespace viva::fakes;

class DrawingTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void paperIsZeroAndInkIsOne() {
    const auto blank = rasterised({}, 28);
    QCOMPARE(blank.size(), std::size_t{784});
    QVERIFY(std::all_of(blank.begin(), blank.end(), [](float p) { return p == 0; }));
    const auto line = rasterised({{{{0.1, 0.5}, {0.9, 0.5}}}}, 28);
    QCOMPARE(line[14 * 28 + 14], 1.0f);
    QCOMPARE(line[2 * 28 + 14], 0.0f);
    QVERIFY(std::all_of(line.begin(), line.end(), [](float p) { return p >= 0 && p <= 1; }));
    QVERIFY(rasterised({}, 0).empty() && rasterised({}, -3).empty());
  }

  void thePenIsAsWideAsDocumentedAndItsEdgeFades() {
    for (const int side : {12, 28, 64}) {
      // Ink of a vertical line across, in parts of the side: the width of the pen and of its edges.
      const auto pixels = rasterised({{{{0.53, 0.0}, {0.53, 1.0}}}}, side);
      double across = 0;
      int grey = 0;
      for (int column = 0; column < side; ++column) {
        const float ink = pixels[static_cast<std::size_t>(side / 2 * side + column)];
        across += ink;
        grey += ink > 0 && ink < 1;
      }
      QVERIFY(grey > 0);
      // The edge fades from 1 to 0 over 0.72 pixels beyond the pen, on both sides.
      QVERIFY2(std::abs(across - kPenWidth * side - 0.72) < 0.75,
               qPrintable(QString("%1: %2").arg(side).arg(across)));
    }
  }

  void aStrokeOfOnePointIsADotAndStrokesDoNotAddUp() {
    const auto dot = rasterised({{{{0.5, 0.5}}}}, 13);
    QCOMPARE(dot[6 * 13 + 6], 1.0f);
    QCOMPARE(dot[0], 0.0f);
    QCOMPARE(rasterised({{{{0.5, 0.5}}, {{0.5, 0.5}}}}, 13), dot);
  }

  void upIsUpAndLeftIsLeft() {
    const auto corner = rasterised({{{{0.1, 0.2}}}}, 10);
    QVERIFY(corner[1 * 10 + 0] > 0.5f);
    QCOMPARE(corner[9 * 10 + 9], 0.0f);
  }

  void itIsTheSameToTheLastBit() {
    const Drawing drawing{{{{0.123, 0.456}, {0.789, 0.321}, {0.5, 0.9}}}};
    QCOMPARE(rasterised(drawing, 28), rasterised(drawing, 28));
    // Only pixels near a stroke are looked at; that leaves out none.
    for (const int side : {7, 28, 50}) {
      const auto pixels = rasterised(drawing, side);
      const auto& stroke = drawing.strokes[0];
      for (int row = 0; row < side; ++row)
        for (int column = 0; column < side; ++column) {
          float ink = 0;
          for (std::size_t i = 1; i < stroke.size(); ++i) {
            const auto place = [](const Point& p) {
              return StrokePlace{static_cast<float>(2 * p.x - 1), static_cast<float>(2 * p.y - 1)};
            };
            ink = std::max(ink, inkAt(pixelCentre(row, column, side), place(stroke[i - 1]),
                                      place(stroke[i]), 0.11f, 1.44f / static_cast<float>(side)));
          }
          QCOMPARE(pixels[static_cast<std::size_t>(row * side + column)], ink);
        }
    }
  }

  void aStrokeIsRoundedAndThinned() {
    Drawing::Stroke straight;
    for (int i = 0; i <= 100; ++i) straight.push_back({0.1 + 0.008 * i, 0.2 + 0.0040001 * i});
    QCOMPARE(thinned(straight), (Drawing::Stroke{{0.1, 0.2}, {0.9, 0.6}}));
    const Drawing::Stroke corner{{0, 0}, {0.25, 0.0001}, {0.5, 0}, {0.5, 0.3}, {0.5, 0.70004}};
    QCOMPARE(thinned(corner), (Drawing::Stroke{{0, 0}, {0.5, 0}, {0.5, 0.7}}));
    QCOMPARE(thinned({{0.33333, 2}, {0.33331, 1.5}}), (Drawing::Stroke{{0.333, 1}}));
    QVERIFY(thinned({}).empty());
    Drawing::Stroke circle;
    for (int i = 0; i <= 200; ++i)
      circle.push_back({0.5 + 0.3 * std::cos(i * 0.0314159), 0.5 + 0.3 * std::sin(i * 0.0314159)});
    const Drawing::Stroke thin = thinned(circle);
    QVERIFY(thin.size() < 60 && thin.size() > 15);
    // It looks the same to the net.
    const auto before = rasterised({{circle}}, 28), after = rasterised({{thin}}, 28);
    for (std::size_t i = 0; i < before.size(); ++i) QVERIFY(std::abs(before[i] - after[i]) < 0.08f);
  }

  void aDrawingAndABoxAreKeptInTheRunFile() {
    FakeRuntime runtime;
    const Catalog catalog = dialogueCatalog(runtime);
    RunSettings settings{Parameters(dialogueSpec().parameters)};
    settings.parameters.setFromText("sketch", "0.2,0.1 0.2,0.9;0.5,0.5");
    settings.parameters.setFromText("region", "-1.5,-1,0.25,2");
    settings.parameters.setFromText("chosen", "0,3,5");
    Run run(dialogueSpec(), settings, runtime);
    run.advance(std::int64_t{3});
    const std::string json = toJson(describe(run, runtime));
    const RunFile read = runFileFromJson(json, catalog);
    const RunSettings again = settingsOf(read, dialogueSpec());
    QVERIFY(again.parameters == settings.parameters);
    Run replayed(dialogueSpec(), again, runtime);
    replayed.advance(std::int64_t{3});
    QCOMPARE(replayed.records().digest(), run.records().digest());
    QVERIFY(run.records().at(0, 1) > 0.05);  // there is ink
    QCOMPARE(run.records().at(0, 0), 1.75 * 3);
  }
};

QTEST_GUILESS_MAIN(DrawingTest)
#include "drawing_test.moc"
