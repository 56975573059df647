// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/even_bins.h"

#include <QTest>
#include <cmath>

using namespace viva;

class EvenBinsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void edgesRunFromTheLowestToTheHighest() {
    QCOMPARE(evenEdges(-1, 1, 4), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
  }
  void aValueOnAnEdgeBelongsToTheBinAboveIt() {
    QCOMPARE(countsIn(evenEdges(0, 2, 2), {0, 0.99, 1, 1.5}), (std::vector<double>{2, 2}));
  }
  void whatLiesBeyondAnEdgeCountsBesideIt() {
    QCOMPARE(countsIn(evenEdges(0, 2, 2), {-1e300, 2, 1e300}), (std::vector<double>{1, 2}));
  }
  void whatIsNotFiniteCountsNowhere() {
    QCOMPARE(countsIn(evenEdges(0, 2, 2), {NAN, INFINITY, -INFINITY}), (std::vector<double>{0, 0}));
  }
};

QTEST_GUILESS_MAIN(EvenBinsTest)
#include "even_bins_test.moc"
