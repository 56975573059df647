// SPDX-License-Identifier: GPL-3.0-or-later
// What theory says about rates on a quadratic, and that the recursions do it.
#include "lessons/step_size/valley.h"

#include <QTest>
#include <cmath>
#include <numbers>

#include "lessons/step_size/schedule.h"

using namespace viva;

namespace {

bool near(double found, double expected, double tolerance = 1e-6) {
  return std::abs(found - expected) <= tolerance * std::max(1e-300, std::abs(expected));
}

double after(int steps, ValleyMethod method, double rate, double momentum = 0,
             double curvature = 10) {
  const Valley valley{ValleyFunction::Quadratic, curvature};
  Ball ball{1, 1};
  for (int i = 0; i < steps; ++i) ball.step(valley, method, rate, momentum);
  return std::abs(ball.x);
}

constexpr auto kPlain = ValleyMethod::GradientDescent;
constexpr auto kHeavy = ValleyMethod::HeavyBall;
constexpr auto kNesterov = ValleyMethod::Nesterov;

}  // namespace

class ValleyTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void plainDescentMultipliesByOneMinusRateTimesCurvature() {
    QVERIFY(near(after(20, kPlain, 0.05), 9.5367431640625e-7));
    QCOMPARE(after(1, kPlain, 0.1), 0.0);
    QVERIFY(near(after(20, kPlain, 0.19), .12157665));
    QCOMPARE(after(20, kPlain, 0.2), 1.0);
    QVERIFY(near(after(20, kPlain, 0.21), 6.7275));
  }

  void fatesAreTold() {
    const auto fate = [](double rate) { return fateOf(kPlain, 10, rate, 0); };
    QCOMPARE(fate(0.05), Fate::Monotone);
    QCOMPARE(fate(0.1), Fate::AtOnce);
    QCOMPARE(fate(0.19), Fate::Oscillates);
    QCOMPARE(fate(0.2), Fate::Bounces);
    QCOMPARE(fate(0.21), Fate::Diverges);
  }

  void limitsAreThoseOfTheory() {
    QCOMPARE(rateLimit(kPlain, 10, 0), 0.2);
    QVERIFY(near(rateLimit(kHeavy, 1, 0.9), 2 * 1.9));
    QVERIFY(near(rateLimit(kNesterov, 1, 0.5), 1.5));
    QVERIFY(near(rateLimit(kNesterov, 1, 0.9), 1.357143));
    for (const auto method : {kPlain, kHeavy, kNesterov})
      for (const double momentum : {0.0, 0.5, 0.9, 0.99}) {
        const double limit = rateLimit(method, 7, momentum);
        QVERIFY(near(shrinkage(method, 7, limit, method == kPlain ? 0 : momentum), 1, 1e-9));
        QVERIFY(after(20000, method, 0.99 * limit, momentum, 7) < 1e-3);
        QVERIFY(after(20000, method, 1.01 * limit, momentum, 7) > 1e3);
      }
  }

  void ratesAndStepsOfTheWorkedCase() {
    // Eigenvalues from 1 to 100.
    QVERIFY(near(shrinkage(kPlain, 1, 2 / 101.0, 0), .98019802, 1e-7));
    QVERIFY(near(shrinkage(kPlain, 100, 2 / 101.0, 0), .98019802, 1e-7));
    const double a = 4 / 121.0, b = 81 / 121.0;
    QVERIFY(near(a, .03305785) && near(b, .66942149));
    for (const double eigenvalue : {1.0, 10.0, 50.0, 100.0})
      QVERIFY(near(shrinkage(kHeavy, eigenvalue, a, b), .81818182, 1e-7));
    const double momentum = 9 / 11.0;
    QVERIFY(near(shrinkage(kNesterov, 1, 0.01, momentum), .9));
    QVERIFY(near(shrinkage(kNesterov, 10, 0.01, momentum), .85812, 1e-5));
    QVERIFY(shrinkage(kNesterov, 100, 0.01, momentum) < 1e-12);
    QCOMPARE(stepsToReach(kPlain, 1, 100, 2 / 101.0, 0, 1e-6), 709);
    QCOMPARE(stepsToReach(kPlain, 1, 100, 0.01, 0, 1e-6), 1375);
    QCOMPARE(stepsToReach(kNesterov, 1, 100, 0.01, momentum, 1e-6), 158);
    QCOMPARE(stepsToReach(kHeavy, 1, 100, a, b, 1e-6), 95);
  }

  void theNoiseFloorIsThatOfTheory() {
    QVERIFY(near(stationaryVariance(1, 0.01, 1), .0050251, 1e-5));
    QVERIFY(near(stationaryVariance(1, 0.1, 1), .0526316));
    QVERIFY(near(stationaryVariance(1, 0.5, 1), .3333333));
    QVERIFY(std::isinf(stationaryVariance(1, 2, 1)));
  }

  void aBallThatIsLostStaysAtInfinity() {
    const Valley valley{ValleyFunction::TwoValleys};
    Ball ball{3, 3};
    for (int i = 0; i < 50; ++i) ball.step(valley, kHeavy, 1, 0.9);
    QVERIFY(std::isinf(ball.x));
    QVERIFY(std::isinf(valley.value(ball.x)));
  }

  void theDeeperOfTwoValleysIsFound() {
    const Valley valley{ValleyFunction::TwoValleys};
    QVERIFY(std::abs(valley.slope(valley.minimum())) < 1e-12);
    QVERIFY(valley.minimum() < 0 && valley.value(valley.minimum()) < valley.value(0.96));
  }

  void schedulesAreAsDefined() {
    const ScheduleShape shape{2, 100, 10, 30, 0.5};
    QCOMPARE(rateAt(Schedule::Constant, shape, 77), 2.0);
    QCOMPARE(rateAt(Schedule::StepDecay, shape, 29), 2.0);
    QCOMPARE(rateAt(Schedule::StepDecay, shape, 30), 1.0);
    QCOMPARE(rateAt(Schedule::StepDecay, shape, 1000), 0.25);
    QVERIFY(near(rateAt(Schedule::Cosine, shape, 50), 1));
    QVERIFY(std::abs(rateAt(Schedule::Cosine, shape, 100)) < 1e-12);
    QVERIFY(near(rateAt(Schedule::WarmUp, shape, 0), 0.2));
    QVERIFY(near(rateAt(Schedule::WarmUp, shape, 9), 2));
    QVERIFY(near(rateAt(Schedule::OneCycle, shape, 0), 2 / 25.0));
    QVERIFY(near(rateAt(Schedule::OneCycle, shape, 29), 2));
    QVERIFY(near(rateAt(Schedule::OneCycle, shape, 99), 2 / 25.0 / 1e4));
    QVERIFY(near(rangeRateAt(1e-3, 10, 101, 50), 0.1));
    QVERIFY(near(rangeRateAt(1e-3, 10, 101, 100), 10));
  }
};

QTEST_GUILESS_MAIN(ValleyTest)
#include "valley_test.moc"
