// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/update_rules.h"

#include <QTest>
#include <functional>

#include "lessons/optimization/update_lines.h"

using namespace viva;

namespace {

constexpr double kExact = 1e-9;  // the vectors are written with ten decimals

using Gradient = std::function<Pair(const Pair&)>;

Pair rosenbrockGradient(const Pair& at) {
  const auto [x, y] = at;
  return {-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)};
}

double rosenbrock(const Pair& at) {
  const double along = 1 - at[0], across = at[1] - at[0] * at[0];
  return along * along + 100 * across * across;
}

Pair after(UpdateRule rule, Pair theta, int steps, const Gradient& gradient) {
  for (int step = 0; step < steps; ++step) update(rule, theta, gradient(theta));
  return theta;
}

/// f = c x^2 from 1.
double onParabola(const UpdateRule& rule, int steps, double c = 1) {
  return after(rule, {1, 0}, steps, [c](const Pair& at) { return Pair{2 * c * at[0], 0}; })[0];
}

Pair onRosenbrock(const UpdateRule& rule, int steps) {
  return after(rule, {-1.5, 2}, steps, rosenbrockGradient);
}

bool isNear(double value, double expected, double tolerance) {
  return std::abs(value - expected) <= tolerance;
}

}  // namespace

class UpdateRulesTest : public QObject {
  Q_OBJECT

  struct Walk {
    const char* name;
    UpdateRule rule;
    std::array<double, 3> x;
  };
  struct PlaneWalk {
    const char* name;
    UpdateRule rule;
    std::array<Pair, 3> places;
  };
  struct LongWalk {
    const char* name;
    UpdateRule rule;
    double at100, at1000, at5000;
    Pair end;
  };

 private Q_SLOTS:
  void threeStepsDownAParabolaAreThoseOfTorch() {
    const Walk walks[] = {
        {"SGD", Sgd{.learning_rate = 0.1}, {0.8, 0.64, 0.512}},
        {"Momentum", Momentum{.learning_rate = 0.1}, {0.8, 0.46, 0.062}},
        {"Adagrad", Adagrad{.learning_rate = 0.1}, {0.9, 0.8331035268, 0.7804561814}},
        {"Adagrad 0.01", Adagrad{}, {0.99, 0.9829645540, 0.9772379395}},
        {"RMSProp", RmsProp{}, {0.9000000050, 0.8329179680, 0.7799822732}},
        {"Adam", Adam{.learning_rate = 0.1}, {0.9000000005, 0.8004122287, 0.7015862729}},
        {"Adam, L2",
         Adam{.learning_rate = 0.1, .weight_decay = 0.1},
         {0.9000000005, 0.8004122286, 0.7015862729}},
        {"AdamW 0.01",
         AdamW{.learning_rate = 0.1, .decay = 0.01},
         {0.8990000005, 0.7985190272, 0.6989111832}},
        {"AdamW 0.1",
         AdamW{.learning_rate = 0.1, .decay = 0.1},
         {0.8900000005, 0.7815718559, 0.6751012216}},
        {"AdaBelief", AdaBelief{.learning_rate = 0.1}, {0.8888888889, 0.7727290920, 0.6523053662}},
        {"AdaBelief, epsilon 1e-8",
         AdaBelief{.learning_rate = 0.1, .epsilon = 1e-8},
         {0.8888890610, 0.7727294844, 0.6523060360}},
        {"Adam by default", Adam{}, {0.9990000000, 0.9980000262, 0.9970000961}},
        {"AdamW by default", AdamW{}, {0.9989900000, 0.9979800366, 0.9969701273}},
        {"AdaBelief 1e-3", AdaBelief{}, {0.9988888889, 0.9977209218, 0.9964954508}},
    };
    for (const Walk& walk : walks)
      for (int step = 1; step <= 3; ++step) {
        const double x = onParabola(walk.rule, step);
        QVERIFY2(
            isNear(x, walk.x[static_cast<std::size_t>(step - 1)], kExact),
            qPrintable(QString("%1, step %2: %3").arg(walk.name).arg(step).arg(x, 0, 'g', 12)));
      }
  }

  void threeStepsDownRosenbrockAreThoseOfTorch() {
    const PlaneWalk walks[] = {
        {"SGD",
         Sgd{.learning_rate = 1e-3},
         {{{-1.345, 2.05}, {-1.46995455, 2.001805}, {-1.3715482399, 2.0335972758}}}},
        {"Momentum",
         Momentum{.learning_rate = 1e-3},
         {{{-1.345, 2.05}, {-1.33045455, 2.046805}, {-1.4599551520, 1.9885903619}}}},
        {"Adagrad",
         Adagrad{},
         {{{-1.49, 2.01}, {-1.4835680907, 2.0164337161}, {-1.4786454675, 2.0213535344}}}},
        {"RMSProp",
         RmsProp{},
         {{{-1.4000000001, 2.0999999998},
           {-1.4430698810, 2.0509526157},
           {-1.4296260793, 2.0619756070}}}},
        {"Adam",
         Adam{.learning_rate = 0.01},
         {{{-1.49, 2.01}, {-1.4800827626, 2.0199175642}, {-1.4703270820, 2.0296717847}}}},
        {"AdamW 0.01",
         AdamW{.learning_rate = 0.01},
         {{{-1.48985, 2.0098}, {-1.4797846190, 2.0195157811}, {-1.4698835900, 2.0290654785}}}},
        {"AdamW 0.1",
         AdamW{.learning_rate = 0.01, .decay = 0.1},
         {{{-1.4885, 2.008}, {-1.4771028670, 2.0159013540}, {-1.4658970782, 2.0236132612}}}},
        {"AdaBelief",
         AdaBelief{.learning_rate = 0.01},
         {{{-1.4888888889, 2.0111111111},
           {-1.4773410915, 2.0226593010},
           {-1.4655463997, 2.0344496918}}}},
    };
    for (const PlaneWalk& walk : walks)
      for (int step = 1; step <= 3; ++step) {
        const Pair place = onRosenbrock(walk.rule, step);
        const Pair& expected = walk.places[static_cast<std::size_t>(step - 1)];
        QVERIFY2(isNear(place[0], expected[0], kExact) && isNear(place[1], expected[1], kExact),
                 qPrintable(QString("%1, step %2: %3, %4")
                                .arg(walk.name)
                                .arg(step)
                                .arg(place[0], 0, 'g', 12)
                                .arg(place[1], 0, 'g', 12)));
      }
  }

  void fiveThousandStepsDownRosenbrockEndWhereTorchEnds() {
    const LongWalk walks[] = {
        {"SGD 1e-3",
         Sgd{.learning_rate = 1e-3},
         5.593229,
         2.762908,
         6.514365e-3,
         {0.919359, 0.844883}},
        {"SGD 5e-4",
         Sgd{.learning_rate = 5e-4},
         5.736419,
         4.483693,
         9.140423e-2,
         {0.698008, 0.485783}},
        {"Momentum 5e-4",
         Momentum{.learning_rate = 5e-4},
         4.464250,
         5.635529e-3,
         3.725e-10,
         {0.999981, 0.999961}},
        {"Momentum 1e-4",
         Momentum{.learning_rate = 1e-4},
         5.607481,
         2.791670,
         6.384e-3,
         {0.920170, 0.846377}},
        {"Adagrad 0.5",
         Adagrad{.learning_rate = 0.5},
         5.524081,
         1.612765,
         2.670e-3,
         {0.948355, 0.899203}},
        {"RMSProp 1e-3",
         RmsProp{.learning_rate = 1e-3},
         5.912798,
         4.675742,
         7.583e-4,
         {0.977296, 0.953549}},
        {"Adam 1e-2", Adam{.learning_rate = 1e-2}, 5.788004, 0.869835, 1.7e-17, {1, 1}},
        {"AdamW 1e-2",
         AdamW{.learning_rate = 1e-2},
         5.744394,
         0.741668,
         5.108e-5,
         {0.992854, 0.985745}},
        {"AdaBelief 1e-2", AdaBelief{.learning_rate = 1e-2}, 5.763435, 0.489254, 1.8e-21, {1, 1}},
    };
    const auto agrees = [](double value, double expected) {
      // Below 1e-12 only the size is left: both have arrived.
      return expected < 1e-12 ? value < 1e-12 : isNear(value, expected, 6e-4 * expected);
    };
    for (const LongWalk& walk : walks) {
      const Pair end = onRosenbrock(walk.rule, 5000);
      QVERIFY2(isNear(rosenbrock(onRosenbrock(walk.rule, 100)), walk.at100, 1e-6), walk.name);
      QVERIFY2(isNear(rosenbrock(onRosenbrock(walk.rule, 1000)), walk.at1000, 1e-6), walk.name);
      QVERIFY2(agrees(rosenbrock(end), walk.at5000),
               qPrintable(QString("%1: %2").arg(walk.name).arg(rosenbrock(end), 0, 'g', 12)));
      // RMSProp never settles: which side of the valley step 5,000 finds it on is chance.
      const double reach = std::holds_alternative<RmsProp>(walk.rule) ? 2e-3 : 1e-6;
      QVERIFY2(isNear(end[0], walk.end[0], reach) && isNear(end[1], walk.end[1], reach), walk.name);
    }
  }

  void momentumWalksLikeSgdAtTheEffectiveRate() {
    const double momentum = rosenbrock(onRosenbrock(Momentum{.learning_rate = 1e-4}, 1000));
    const double sgd = rosenbrock(onRosenbrock(Sgd{.learning_rate = 1e-3}, 1000));
    QVERIFY(isNear(momentum, sgd, 0.02 * sgd));
  }

  void adaBeliefsFirstStepIsTheRateOverBeta1() {
    for (const double slope : {1e-3, 1.0, 1e5}) {
      Pair theta{0, 0};
      UpdateRule rule = AdaBelief{.learning_rate = 0.01};
      update(rule, theta, {slope, -slope});
      QVERIFY(isNear(theta[0], -0.01 / 0.9, 1e-9));
      QVERIFY(isNear(theta[1], 0.01 / 0.9, 1e-9));
    }
  }

  void rmsPropsFirstStepIsTenTimesItsRate() {
    QVERIFY(isNear(onParabola(RmsProp{.learning_rate = 0.1}, 1), 5e-8, 1e-9));
  }

  void couplingDecayIntoAdamChangesNothingWhereOneDirectionRules() {
    const double plain = onParabola(Adam{.learning_rate = 0.1}, 3);
    const double coupled = onParabola(Adam{.learning_rate = 0.1, .weight_decay = 0.1}, 3);
    const double decoupled = onParabola(AdamW{.learning_rate = 0.1, .decay = 0.1}, 3);
    QVERIFY(isNear(plain, coupled, 1e-9));
    QVERIFY(plain - decoupled > 0.02);
  }

  void adaptiveRulesDoNotSeeTheScaleOfTheLoss() {
    QVERIFY(isNear(onParabola(Adam{.learning_rate = 0.1}, 3, 1e3), 0.7015862714, 1e-9));
    QVERIFY(isNear(onParabola(Adam{.learning_rate = 0.1}, 3, 1e-3), 0.7015878298, 1e-9));
    QVERIFY(isNear(onParabola(Sgd{.learning_rate = 0.1}, 3, 1e3), -7880599, 1e-3));
    QVERIFY(isNear(onParabola(Sgd{.learning_rate = 0.1}, 3, 1e-3), 0.9994001, 1e-7));
  }

  void descentIsStableBelowTwoOverTheCurvatureOnly() {
    const Gradient gradient = [](const Pair& at) { return Pair{at[0], 25 * at[1]}; };
    QVERIFY(std::abs(after(Sgd{.learning_rate = 0.0799}, {1, 1}, 20000, gradient)[1]) < 1e-3);
    QVERIFY(!(std::abs(after(Sgd{.learning_rate = 0.0801}, {1, 1}, 20000, gradient)[1]) < 1e3));
    // The heavy ball bears 2 (1 + beta) over the curvature.
    QVERIFY(std::abs(after(Momentum{.learning_rate = 0.151}, {1, 1}, 20000, gradient)[1]) < 1e-3);
    QVERIFY(!(std::abs(after(Momentum{.learning_rate = 0.153}, {1, 1}, 20000, gradient)[1]) < 1e3));
  }

  void rosenbrocksMinimumHoldsDescentBelowItsLimitOnly() {
    const Pair beside{1 + 1e-6, 1 - 1e-6};
    const double below =
        rosenbrock(after(Sgd{.learning_rate = 0.00199}, beside, 5000, rosenbrockGradient));
    const double above =
        rosenbrock(after(Sgd{.learning_rate = 0.00201}, beside, 5000, rosenbrockGradient));
    QVERIFY(below < rosenbrock(beside));
    QVERIFY(!(above < rosenbrock(beside)));
  }

  void descentAtASaddleFollowsItsClosedForm() {
    const Gradient gradient = [](const Pair& at) { return Pair{2 * at[0], -2 * at[1]}; };
    const auto reached = [&](int steps) {
      return std::abs(after(Sgd{.learning_rate = 0.1}, {1, 1e-6}, steps, gradient)[1]);
    };
    QVERIFY(reached(75) < 1);  // ln(1e6) / ln(1.2) = 75.8
    QVERIFY(reached(76) >= 1);
    QVERIFY(isNear(reached(40), 1e-6 * std::pow(1.2, 40), 1e-12));
    QCOMPARE(after(Sgd{.learning_rate = 0.1}, {1, 0}, 200, gradient)[1], 0.0);
  }

  void takingAStepApartComesToTheSameStep() {
    const UpdateRule rules[] = {Sgd{.learning_rate = 1e-3, .weight_decay = 0.1},
                                Momentum{.learning_rate = 1e-4, .weight_decay = 0.1},
                                Adagrad{.weight_decay = 0.1},
                                RmsProp{.weight_decay = 0.1},
                                Adam{.weight_decay = 0.1},
                                AdamW{.decay = 0.1},
                                AdaBelief{.weight_decay = 0.1}};
    for (UpdateRule rule : rules) {
      Pair theta{-1.5, 2};
      for (int step = 0; step < 50; ++step) {
        const Pair gradient = rosenbrockGradient(theta);
        const TakenApart parts = takeApart(rule, theta, gradient);
        const Pair before = theta;
        update(rule, theta, gradient);
        for (int i : kCoordinates)
          QVERIFY(isNear(theta[i], before[i] + parts.change[i], 1e-12 * (1 + std::abs(theta[i]))));
        QCOMPARE(parts.lines.back().value, parts.change);
      }
    }
  }
};

QTEST_GUILESS_MAIN(UpdateRulesTest)
#include "update_rules_test.moc"
