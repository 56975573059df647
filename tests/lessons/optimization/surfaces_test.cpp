// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/surfaces.h"

#include <QTest>
#include <cmath>

using namespace viva;

namespace {

const SurfaceKind kAll[] = {SurfaceKind::Ravine,     SurfaceKind::Rosenbrock, SurfaceKind::Beale,
                            SurfaceKind::Himmelblau, SurfaceKind::Booth,      SurfaceKind::Saddle,
                            SurfaceKind::Rastrigin,  SurfaceKind::TwoValleys};

double valueOf(SurfaceKind kind, double x, double y) { return Surface(kind).value({x, y}); }

}  // namespace

class SurfacesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void heightsAreTheKnownOnes_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("x");
    QTest::addColumn<double>("y");
    QTest::addColumn<double>("expected");
    const auto row = [](SurfaceKind kind, double x, double y, double expected) {
      QTest::newRow(qPrintable(
          QString("%1 at %2, %3").arg(surfaceParameter().nameOf(kind).c_str()).arg(x).arg(y)))
          << static_cast<int>(kind) << x << y << expected;
    };
    using enum SurfaceKind;
    row(Rosenbrock, 0, 0, 1);
    row(Rosenbrock, -1, 1, 4);
    row(Rosenbrock, -1.2, 1, 24.2);
    row(Rosenbrock, -1.5, 2, 12.5);
    row(Beale, 0, 0, 14.203125);
    row(Beale, 1, 1, 14.203125);
    row(Beale, 3, 0.5, 0);
    row(Himmelblau, 0, 0, 170);
    row(Himmelblau, 1, 1, 106);
    row(Himmelblau, -0.270845, -0.923039, 181.616522);
    row(Booth, 0, 0, 74);
    row(Booth, 1, 3, 0);
    row(Rastrigin, 1, 1, 2);
    row(Rastrigin, 0.5, 0.5, 40.5);
    row(Rastrigin, 4.5, 4.5, 80.5);
    row(Rastrigin, 5.12, 5.12, 57.849427);
    row(Saddle, 2, 1, 3);
    row(Ravine, 2, 1, 14.5);
    row(TwoValleys, 0, 0, 1);
    row(TwoValleys, 1, 2, 2.3);
    row(TwoValleys, -1, 0, -0.3);
  }
  void heightsAreTheKnownOnes() {
    QFETCH(int, kind);
    QFETCH(double, x);
    QFETCH(double, y);
    QFETCH(double, expected);
    QVERIFY(std::abs(valueOf(static_cast<SurfaceKind>(kind), x, y) - expected) < 5e-7);
  }

  void gradientsAreTheKnownOnes() {
    const auto compare = [](SurfaceKind kind, Point at, Point expected) {
      const Point gradient = Surface(kind).gradient(at);
      QCOMPARE(gradient.x, expected.x);
      QCOMPARE(gradient.y, expected.y);
    };
    compare(SurfaceKind::Beale, {0, 0}, {-12.75, 0});
    compare(SurfaceKind::Beale, {1, 1}, {0, 27.75});
    compare(SurfaceKind::Himmelblau, {0, 0}, {-14, -22});
    compare(SurfaceKind::Booth, {0, 0}, {-34, -38});
    compare(SurfaceKind::Rosenbrock, {-1.5, 2}, {-155, -50});
  }

  void gradientsAgreeWithFiniteDifferences() {
    constexpr double kStep = 1e-6;
    for (const SurfaceKind kind : kAll)
      for (const Point at : {Point{-1.3, 0.7}, Point{0.2, -1.9}, Point{1.6, 1.1}}) {
        const Point gradient = Surface(kind, 30).gradient(at);
        const auto height = [&](double dx, double dy) {
          return Surface(kind, 30).value({at.x + dx, at.y + dy});
        };
        const double along_x = (height(kStep, 0) - height(-kStep, 0)) / (2 * kStep);
        const double along_y = (height(0, kStep) - height(0, -kStep)) / (2 * kStep);
        const double tolerance = 1e-7 * (1 + std::hypot(gradient.x, gradient.y));
        QVERIFY(std::abs(gradient.x - along_x) < tolerance);
        QVERIFY(std::abs(gradient.y - along_y) < tolerance);
      }
  }

  void everyMinimumIsFlatAndLowest() {
    for (const SurfaceKind kind : kAll) {
      const Surface surface(kind);
      for (const Point& minimum : surface.minima()) {
        const Point gradient = surface.gradient(minimum);
        QVERIFY(std::hypot(gradient.x, gradient.y) < 1e-9);
        QVERIFY(std::abs(surface.value(minimum) - surface.lowest()) < 1e-12);
      }
      for (const Point& minimum : surface.localMinima()) {
        const Point gradient = surface.gradient(minimum);
        QVERIFY(std::hypot(gradient.x, gradient.y) < 1e-9);
        QVERIFY(surface.value(minimum) > surface.lowest());
      }
    }
  }

  void aSaddleHasNoLowestPoint() {
    QVERIFY(Surface(SurfaceKind::Saddle).minima().empty());
    QVERIFY(std::isinf(Surface(SurfaceKind::Saddle).lowest()));
  }

  void escapeIsAnotherValley() {
    const Surface valleys(SurfaceKind::TwoValleys), rastrigin(SurfaceKind::Rastrigin);
    QVERIFY(!valleys.hasEscaped({1.8, 0.8}, {0.3, 0}));
    QVERIFY(valleys.hasEscaped({1.8, 0.8}, {-0.3, 0}));
    QVERIFY(!rastrigin.hasEscaped({3.2, 2.1}, {2.9, 1.8}));
    QVERIFY(rastrigin.hasEscaped({3.2, 2.1}, {2.2, 1.8}));
    QVERIFY(Surface(SurfaceKind::Saddle).hasEscaped({1, 0}, {0, 1.1}));
  }
};

QTEST_GUILESS_MAIN(SurfacesTest)
#include "surfaces_test.moc"
