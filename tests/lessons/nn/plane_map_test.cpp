// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/plane_map.h"

#include <torch/types.h>

#include <QTest>

using namespace viva;

class PlaneMapTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aFieldHasAtEachCellTheValueOfItsCentre() {
    const PlaneGrid grid{0, 4, -1, 1, 2, 4};
    const auto centres = grid.centres();
    QVERIFY(torch::equal(centres.select(1, 0),
                         torch::tensor({.5f, 1.5f, 2.5f, 3.5f, .5f, 1.5f, 2.5f, 3.5f})));
    QVERIFY(torch::equal(centres.select(1, 1),
                         torch::tensor({-.5f, -.5f, -.5f, -.5f, .5f, .5f, .5f, .5f})));

    const FieldLayer field = grid.field("sum", centres.to(torch::kDouble).sum(1));
    QCOMPARE(field.rows, 2);
    QCOMPARE(field.columns, 4);
    QCOMPARE(field.values->at(0), 0.0f);
    QCOMPARE(field.values->at(7), 4.0f);
    QCOMPARE(field.x1, 4.0);
    QCOMPARE(field.y0, -1.0);
  }
};

QTEST_APPLESS_MAIN(PlaneMapTest)
#include "plane_map_test.moc"
