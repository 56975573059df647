// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/plot_thinning.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace viva;

namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

/// The values of the places that are kept.
std::vector<double> kept(const std::vector<double>& values,
                         const std::vector<std::size_t>& places) {
  std::vector<double> result;
  for (const std::size_t place : places) result.push_back(values[place]);
  return result;
}
bool holds(const std::vector<double>& values, double value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// A curve over its places.
PlotLine curve(std::vector<double> y) {
  PlotLine line;
  for (std::size_t i = 0; i < y.size(); ++i) line.x.push_back(static_cast<double>(i));
  line.y = std::move(y);
  return line;
}

}  // namespace

class PlotThinningTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aPathKeepsItsExtremesInBothDirections() {
    PlotLine path;
    for (int i = 0; i < 20000; ++i) {
      path.x.push_back(std::cos(i * 0.01));
      path.y.push_back(std::sin(i * 0.01));
    }
    path.x[7777] = -3;
    path.x[12345] = 4;
    path.y[5005] = -5;
    path.y[15015] = 6;
    const auto places = thinned(path, Plot(), 2000);
    QVERIFY(places.size() <= 2002);
    QCOMPARE(places.front(), std::size_t(0));
    QCOMPARE(places.back(), std::size_t(19999));
    QVERIFY(holds(kept(path.x, places), -3) && holds(kept(path.x, places), 4));
    QVERIFY(holds(kept(path.y, places), -5) && holds(kept(path.y, places), 6));
  }

  void aGapBehindAnExtremeDoesNotTakeItAway() {
    std::vector<double> y(10000, 1.0);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += 0.1 * std::sin(static_cast<double>(i));
    y[5002] = -9;
    y[5004] = 9;
    y[5006] = kGap;
    const PlotLine line = curve(y);
    const auto places = thinned(line, Plot(), 2000);
    QVERIFY(holds(kept(y, places), -9) && holds(kept(y, places), 9));
    QVERIFY(std::binary_search(places.begin(), places.end(), std::size_t(5006)));
  }

  void aCurveThatEndsInNoNumberStaysShort() {
    std::vector<double> y(1000000, kGap);
    for (std::size_t i = 0; i < 100; ++i) y[i] = static_cast<double>(i);
    QVERIFY(thinned(curve(y), Plot(), 2000).size() <= 2002);
  }

  void onALogarithmicAxisTheSmallestPositiveValueIsTheLowest() {
    std::vector<double> y(10000, 1.0);
    y[5000] = 1e-9;
    y[5001] = -1;
    y[5002] = 1e9;
    Plot plot;
    plot.y_logarithmic = true;
    const auto values = kept(y, thinned(curve(y), plot, 2000));
    QVERIFY(holds(values, 1e-9) && holds(values, 1e9));
  }

  void whatIsFewStaysAsItIs() {
    QCOMPARE(thinned(curve({1, kGap, 3}), Plot(), 3), (std::vector<std::size_t>{0, 1, 2}));
  }

  void aGridKeepsItsPeaksAndPits() {
    PlotGrid grid{"g", 0, 1, 0, 1, 150, 201, std::vector<double>(150 * 201, 0.0)};
    const auto set = [&](int row, int column, double value) {
      grid.values[static_cast<std::size_t>(row * 201 + column)] = value;
    };
    set(37, 111, 5);
    set(38, 12, -7);
    set(149, 200, 3);
    set(90, 90, kGap);
    const PlotGrid coarse = thinned(grid, 64);
    QCOMPARE(coarse.rows, 64);
    QCOMPARE(coarse.columns, 64);
    QCOMPARE(coarse.values.size(), std::size_t(64 * 64));
    for (const double value : {5.0, -7.0, 3.0}) QVERIFY(holds(coarse.values, value));
    // Where they lie: within the block that holds them.
    const auto place = std::find(coarse.values.begin(), coarse.values.end(), 5.0);
    const auto index = static_cast<int>(place - coarse.values.begin());
    QVERIFY(std::abs(index / 64 * 150 / 64.0 - 37) < 3);
    QVERIFY(std::abs(index % 64 * 201 / 64.0 - 111) < 4);
  }

  void aSlopeStaysASlope() {
    PlotGrid grid{"g", 0, 1, 0, 1, 1, 500, {}};
    for (int i = 0; i < 500; ++i) grid.values.push_back(i);
    const PlotGrid coarse = thinned(grid, 64);
    QCOMPARE(coarse.rows, 1);
    QVERIFY(std::is_sorted(coarse.values.begin(), coarse.values.end()));
    QCOMPARE(coarse.values.front(), 0.0);
    QCOMPARE(coarse.values.back(), 499.0);
  }
};

QTEST_GUILESS_MAIN(PlotThinningTest)
#include "plot_thinning_test.moc"
