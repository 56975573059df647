// SPDX-License-Identifier: GPL-3.0-or-later
// What a slider says: as many digits as its pixels mean, and no more.
#include "widgets/parameters/number_scale.h"

#include <QtTest>
#include <cmath>

using namespace viva;

namespace {

/// Behind the point, or minus the zeros at the end of a whole number: 0.0196 has 4, 1200 has -2.
int decimalsOf(double value) {
  for (int decimals = -15; decimals < 20; ++decimals) {
    const double scaled = value * std::pow(10, decimals);
    if (std::abs(scaled - std::round(scaled)) < 1e-6 * std::max(1.0, std::abs(scaled)))
      return decimals;
  }
  return 20;
}

struct Case {
  const char* name;
  ParameterSpec spec;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{{"a rate", real("lr", 0.1).range(1e-6, 1).logarithmic()},
                                     {"many decades", real("x", 1).range(1e-15, 10).logarithmic()},
                                     {"few decades", real("x", 1).range(0.05, 10).logarithmic()},
                                     {"from zero", real("x", 1).range(0, 10).logarithmic()},
                                     {"linear", real("x", 0.5).range(0, 1)},
                                     {"linear, crooked", real("x", 0.5).range(0.3, 2)},
                                     {"linear, negative", real("x", 0).range(-5, 5)},
                                     {"linear, large", real("x", 0).range(0, 10000)}};
  return all;
}

}  // namespace

class NumberScaleTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void noValueHasMoreDigitsThanTellItFromItsNeighbours_data() {
    QTest::addColumn<int>("index");
    QTest::addColumn<int>("pixels");
    for (std::size_t i = 0; i < cases().size(); ++i)
      for (const int pixels : {60, 148, 300, 400})
        QTest::addRow("%s over %d pixels", cases()[i].name, pixels)
            << static_cast<int>(i) << pixels;
  }
  void noValueHasMoreDigitsThanTellItFromItsNeighbours() {
    QFETCH(int, index);
    QFETCH(int, pixels);
    const NumberScale scale(cases()[static_cast<std::size_t>(index)].spec, pixels);
    QCOMPARE(scale.positions(), pixels);
    for (int position = 1; position < pixels; ++position) {
      const double below = scale.draggedTo(position - 1), value = scale.draggedTo(position),
                   above = scale.draggedTo(position + 1);
      QVERIFY2(below < value && value < above, QByteArray::number(position));
      QCOMPARE(value, scale.valueAt(position));               // keys give what dragging gives
      if (position == 1 || position == pixels - 1) continue;  // beside the exact ends of the range
      // With a digit less, steps would be ten times as wide as those there are (rounded by half).
      const double unit = std::pow(10, -decimalsOf(value));
      QVERIFY2(std::min(above - value, value - below) < 10.5 * unit + 5.5 * unit,
               QByteArray::number(value, 'g', 17));
    }
  }

  void aRateIsGivenInThreeDigitsAtMost() {
    const NumberScale scale(real("lr", 0.1).range(1e-6, 1).logarithmic(), 300);
    double nearest = 0;
    for (int position = 0; position <= scale.positions(); ++position) {
      const double value = scale.draggedTo(position);
      QVERIFY2(QByteArray::number(value, 'g', 3).toDouble() == value,
               QByteArray::number(value, 'g', 17));
      if (std::abs(value - 0.0196) < std::abs(nearest - 0.0196)) nearest = value;
    }
    QVERIFY2(std::abs(nearest - 0.0196) < 0.001, QByteArray::number(nearest));
  }

  void aShareIsGivenInHundredthsWhereAPixelIsLess() {
    const NumberScale coarse(real("share", 0.5).range(0, 1), 80);
    QCOMPARE(coarse.draggedTo(33), 0.41);  // 0.4125
    const NumberScale fine(real("share", 0.5).range(0, 1), 300);
    QCOMPARE(fine.draggedTo(124), 0.413);  // 0.41333
  }

  void aDraggedCountIsRoundedToWhatAPixelMeansAndKeysCount() {
    const NumberScale scale(integer("samples", 1).range(1, 10000), 250);
    QCOMPARE(scale.positions(), 9999);
    for (int position = 40; position < 9999 - 40; position += 17) {
      const double value = scale.draggedTo(position);
      QCOMPARE(std::fmod(value, 10), 0.0);
      QVERIFY(std::abs(value - scale.valueAt(position)) <= 5);
    }
    QCOMPARE(scale.valueAt(1233), 1234.0);
    QCOMPARE(scale.valueAt(1234), 1235.0);
    QCOMPARE(scale.draggedTo(0), 1.0);
    QCOMPARE(scale.draggedTo(9999), 10000.0);
  }

  void aStepIsKeptWhateverAPixelMeans() {
    const ParameterSpec spec = real("drift", 0).range(-0.1, 0.1).stepping(0.0001);
    const NumberScale scale(spec, 100);
    for (int position = 0; position <= scale.positions(); ++position) {
      const double value = scale.draggedTo(position);
      QVERIFY(value >= spec.minimum && value <= spec.maximum);
      const double steps = (value - spec.minimum) / spec.step;
      QVERIFY(std::abs(steps - std::round(steps)) < 1e-6);
      QVERIFY(decimalsOf(value) <= 3);
    }
  }

  void dragsStayInRange_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i)
      QTest::newRow(cases()[i].name) << static_cast<int>(i);
  }
  void dragsStayInRange() {
    QFETCH(int, index);
    const ParameterSpec& spec = cases()[static_cast<std::size_t>(index)].spec;
    for (const int pixels : {-5, 0, 7, 100, 100000}) {
      const NumberScale scale(spec, pixels);
      QCOMPARE(scale.draggedTo(-1), spec.minimum);
      QCOMPARE(scale.draggedTo(scale.positions() + 1), spec.maximum);
      for (int position = 0; position <= scale.positions(); ++position)
        QVERIFY(!problemWith(spec, Value(scale.draggedTo(position))));
    }
  }
};

QTEST_GUILESS_MAIN(NumberScaleTest)
#include "number_scale_test.moc"
