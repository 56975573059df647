// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/step_times.h"

#include <QTest>
#include <cmath>

using namespace viva;

class StepTimesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void timesAreLinearBetweenTheMarks() {
    StepTimes times;
    QVERIFY(times.empty());
    times.add(0, 0);
    QVERIFY(times.empty());
    times.add(10, 1);
    times.add(20, 5);
    QCOMPARE(times.secondsAt(5), 0.5);
    QCOMPARE(times.secondsAt(15), 3.0);
    QCOMPARE(times.stepAt(3), 15.0);
    QCOMPARE(times.secondsAt(99), 5.0);
    QCOMPARE(times.stepAt(99), 20.0);
    QCOMPARE(times.stepAt(0), 0.0);
  }

  void aMillionStepsStayFewMarksAndTrue() {
    StepTimes times;
    const auto truth = [](double step) { return 1e-6 * step + 1e-12 * step * step; };
    times.add(0, 0);
    for (std::int64_t step = 1; step <= 1'000'000; ++step)
      times.add(step, truth(static_cast<double>(step)));
    QVERIFY(times.marks().size() <= StepTimes::kMost);
    QVERIFY(times.marks().size() > StepTimes::kMost / 8);
    QCOMPARE(times.seconds(), truth(1e6));
    for (const double step : {1.0, 777.0, 123456.0, 999999.0}) {
      QVERIFY(std::abs(times.secondsAt(step) - truth(step)) < 1e-4);
      QVERIFY(std::abs(times.stepAt(truth(step)) - step) < 100);
    }
  }
};

QTEST_GUILESS_MAIN(StepTimesTest)
#include "step_times_test.moc"
