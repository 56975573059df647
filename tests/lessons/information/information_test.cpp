// SPDX-License-Identifier: GPL-3.0-or-later
// Entropies, divergences, their gradients, and closed forms, against known numbers.
#include "lessons/information/information.h"

#include <torch/autograd.h>

#include <QTest>
#include <cmath>

#include "lessons/information/best_policy.h"
#include "lessons/information/bump_fit.h"
#include "lessons/information/soft_loss.h"

using namespace viva;

namespace {

bool near(double found, double expected, double tolerance = 1e-6) {
  if (std::isinf(expected)) return found == expected;
  return std::abs(found - expected) <= tolerance * std::max(std::abs(expected), 1e-12);
}

#define NEAR(found, expected)                                                       \
  do {                                                                              \
    const double number = found;                                                    \
    QVERIFY2(near(number, expected), qPrintable(QString::number(number, 'g', 12))); \
  } while (false)

const double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

class InformationTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void entropiesAndDivergences_data() {
    QTest::addColumn<std::vector<double>>("p");
    QTest::addColumn<std::vector<double>>("q");
    QTest::addColumn<std::vector<double>>("known");  // H(p), H(p,q), KL(p||q), KL(q||p)
    using V = std::vector<double>;
    QTest::newRow("A") << V{.5, .25, .25} << V{.25, .25, .5}
                       << V{1.0397207708, 1.2130075660, 0.1732867951, 0.1732867951};
    QTest::newRow("B") << V{.7, .2, .1} << V{.1, .6, .3}
                       << V{0.8018185525, 1.8343719703, 1.0325534177, 0.7941600449};
    QTest::newRow("C") << V{1, 0, 0} << V{1, 0, 0} << V{0, 0, 0, 0};
    QTest::newRow("D") << V{1, 0, 0} << V{.5, .3, .2}
                       << V{0, 0.6931471806, 0.6931471806, kInfinity};
    QTest::newRow("E") << V{.5, .3, .2} << V{.5, .3, .2} << V{1.0296530141, 1.0296530141, 0, 0};
    QTest::newRow("F") << V{1 / 3., 1 / 3., 1 / 3.} << V{.5, .3, .2}
                       << V{1.0986122887, 1.1688526324, 0.0702403438, 1.0986122887 - 1.0296530141};
  }
  void entropiesAndDivergences() {
    QFETCH(std::vector<double>, p);
    QFETCH(std::vector<double>, q);
    QFETCH(std::vector<double>, known);
    NEAR(entropy(p), known[0]);
    NEAR(crossEntropy(p, q), known[1]);
    NEAR(divergence(p, q), known[2]);
    NEAR(divergence(q, p), known[3]);
  }

  void entropyOfTheSoftmaxForgetsACommonLogit_data() {
    QTest::addColumn<std::vector<double>>("logits");
    QTest::addColumn<double>("known");
    using V = std::vector<double>;
    QTest::newRow("4 1 0") << V{4, 1, 0} << .2743131;
    QTest::newRow("2 2 2") << V{2, 2, 2} << 1.0986123;
    QTest::newRow("10 5 5") << V{10, 5, 5} << .0798694;
    QTest::newRow("5 0 0") << V{5, 0, 0} << .0798694;
    QTest::newRow("1 0 0") << V{1, 0, 0} << .9753278;
    QTest::newRow("11 10 10") << V{11, 10, 10} << .9753278;
  }
  void entropyOfTheSoftmaxForgetsACommonLogit() {
    QFETCH(std::vector<double>, logits);
    QFETCH(double, known);
    NEAR(entropy(softmax(logits)), known);
  }

  void crossEntropyOfACertainTargetWithItselfIsExactlyZero() {
    QCOMPARE(crossEntropy({1, 0, 0}, {1, 0, 0}), 0.0);
    QVERIFY(!std::signbit(crossEntropy({1, 0, 0}, {1, 0, 0})));
  }

  void furtherNumbersOfTheAsymmetricPair() {
    const Probabilities p{.7, .2, .1}, q{.1, .6, .3};
    NEAR(entropy(q), 0.8979457249);
    NEAR(crossEntropy(q, p), 1.6921057698);
    NEAR(jensenShannon(p, q), 0.2050380293);
    NEAR(jensenShannon({1, 0}, {0, 1}), std::log(2.0));
  }

  void theTriangleInequalityFails() {
    const Probabilities p{.5, .5}, q{.25, .75}, r{.1, .9};
    NEAR(divergence(p, r), 0.5108256238);
    NEAR(divergence(p, q) + divergence(q, r), 0.2361725516);
  }

  void softmaxAndItsLoss() {
    const Probabilities q = softmax({2, 1, 0.1});
    NEAR(q[0], 0.6590011389);
    NEAR(q[1], 0.2424329708);
    NEAR(crossEntropy({1, 0, 0}, q), 0.4170300163);
    NEAR(crossEntropy({0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3}, q), 0.5136966829);
    QCOMPARE(softmax({0, -kInfinity})[1], 0.0);
  }

  void gradientsAreThoseOfFiniteDifferences() {
    const Probabilities p{.5, .3, .2};
    const std::vector<double> logits{.3, -.4, 1.1};
    for (const Objective objective : {Objective::CrossEntropy, Objective::ForwardKl,
                                      Objective::ReverseKl, Objective::JensenShannon}) {
      const auto gradient = logitGradient(objective, p, softmax(logits));
      for (std::size_t i = 0; i < 3; ++i) {
        auto up = logits, down = logits;
        up[i] += 1e-5;
        down[i] -= 1e-5;
        const double slope =
            (valueOf(objective, p, softmax(up)) - valueOf(objective, p, softmax(down))) / 2e-5;
        QVERIFY(std::abs(slope - gradient[i]) < 1e-9);
      }
    }
  }

  void gaussians() {
    NEAR(gaussianDivergence(0, 1, 1, 2), 0.4431471806);
    NEAR(gaussianDivergence(1, 2, 0, 1), 1.3068528194);
    NEAR(gaussianDivergence(0, 0.5, 1, 1), 0.8181471806);
    NEAR(gaussianDivergence(0, 0.5, 0, 1), 0.3181471806);
    // The VAE's term.
    NEAR(gaussianDivergence(0.3, 0.7, 0, 1), 0.5 * (0.09 + 0.49 - 1 - std::log(0.49)));
  }

  void bumpsAreIntegrated() {
    const TwoBumps p{6, 0.5, 0.5};
    NEAR(p.variance(), 9.25);
    const OneBump broad{0, std::log(std::sqrt(9.25))}, right{3, std::log(0.5)};
    NEAR(forwardFit(p, broad).value, 1.1123118);
    QVERIFY(near(reverseFit(p, right).value, 0.6931472, 1e-6));
    // Over the whole line; a grid from -10 to 10 gives 5.64, as the broad bump reaches farther.
    NEAR(reverseFit(p, broad).value, 5.7586460);
    NEAR(forwardFit(p, right).value, 35.30685);
    QVERIFY(std::abs(forwardFit(p, broad).mean_slope) < 1e-9);
    QVERIFY(std::abs(forwardFit(p, broad).log_sigma_slope) < 1e-6);
    QVERIFY(std::abs(reverseFit(p, right).mean_slope) < 1e-6);
  }

  void softTargetsAtFiveTemperatures_data() {
    QTest::addColumn<double>("temperature");
    QTest::addColumn<double>("kl");
    QTest::addColumn<double>("scaled");
    QTest::addColumn<std::vector<double>>("gradient");
    using V = std::vector<double>;
    QTest::newRow("1") << 1.0 << 0.2518741 << 0.2518741 << V{-.325668, .090900, .234767};
    QTest::newRow("2") << 2.0 << 0.0723684 << 0.2894734 << V{-.336709, .058089, .278620};
    QTest::newRow("4") << 4.0 << 0.0187097 << 0.2993546 << V{-.332857, .035703, .297154};
    QTest::newRow("100") << 100.0 << 3.01205e-5 << 0.3012046 << V{-.322771, .012113, .310658};
    QTest::newRow("hot") << 1e5 << 3.011111e-11 << 0.3011111 << V{-.322222, .011111, .311111};
  }
  void softTargetsAtFiveTemperatures() {
    QFETCH(double, temperature);
    QFETCH(double, kl);
    QFETCH(double, scaled);
    QFETCH(std::vector<double>, gradient);
    const auto shape = std::vector<std::int64_t>{1, 3, 1};
    const auto teacher = torch::tensor({2.0, 1.0, 0.1}, torch::kFloat64).view(shape);
    const auto student = torch::ones(shape, torch::kFloat64).requires_grad_();
    const auto loss = softLoss(teacher, student, temperature);
    // The digits that are known, and what float64 leaves of a difference of 1e-11.
    QVERIFY(std::abs(loss.item<double>() - kl) < 2e-6 * kl + 1e-14);
    const auto square = temperature * temperature * loss;
    QVERIFY(near(square.item<double>(), scaled, temperature > 1000 ? 1e-3 : 1e-6));
    const auto found = torch::autograd::grad({square.sum()}, {student})[0].flatten();
    for (int i = 0; i < 3; ++i)
      QVERIFY(std::abs(found[i].item<double>() - gradient[std::size_t(i)]) < 2e-6);
  }

  void theLeashedPolicyHasAClosedForm_data() {
    QTest::addColumn<double>("beta");
    QTest::addColumn<std::vector<double>>("policy");
    QTest::addColumn<std::vector<double>>("known");  // J*, KL, E[r]
    using V = std::vector<double>;
    QTest::newRow("0.05") << 0.05 << V{1.06e-17, 3.09e-9, 1} << V{1.9195281, 1.6094378, 2};
    QTest::newRow("0.5") << 0.5 << V{.0366667, .1625594, .8007739}
                         << V{1.3063694, 0.9154755, 1.7641071};
    QTest::newRow("1") << 1.0 << V{.1790000, .2919435, .5290565}
                       << V{1.0272222, 0.3228343, 1.3500565};
    QTest::newRow("2") << 2.0 << V{.3250399, .3215401, .3534200}
                       << V{0.8613204, 0.0835299, 1.0283801};
    QTest::newRow("1000") << 1000.0 << V{.4996500, .3000899, .2002601}
                          << V{0.7003050, 3.05e-7, 0.7006101};
  }
  void theLeashedPolicyHasAClosedForm() {
    QFETCH(double, beta);
    QFETCH(std::vector<double>, policy);
    QFETCH(std::vector<double>, known);
    const Probabilities reference{.5, .3, .2};
    const std::vector<double> rewards{0, 1, 2};
    const BestPolicy best = bestPolicy(reference, rewards, beta);
    double reward = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      QVERIFY(std::abs(best.policy[i] - policy[i]) < 1e-7);
      reward += best.policy[i] * rewards[i];
    }
    NEAR(best.objective, known[0]);
    QVERIFY(near(divergence(best.policy, reference), known[1], beta > 100 ? 1e-2 : 1e-6));
    NEAR(reward, known[2]);
    NEAR(leashedReward(best.policy, reference, rewards, beta), best.objective);
    // DPO reads the reward off the policy.
    for (std::size_t i = 0; beta > 0.1 && i < 3; ++i)
      QVERIFY(std::abs(beta * std::log(best.policy[i] / reference[i]) + best.objective -
                       rewards[i]) < 1e-9);
  }

  void theDpoLossOfEqualRatiosIsLn2() {
    NEAR(dpoLoss(0.1, 0.3, 0.3), std::log(2.0));
    NEAR(dpoLoss(0.5, 2, 0), std::log(1 + std::exp(-1.0)));
  }

  void probabilityZeroStaysZero() {
    const BestPolicy best = bestPolicy({.5, .5, 0}, {0, 1, 9}, 0.1);
    QCOMPARE(best.policy[2], 0.0);
    QVERIFY(best.policy[1] > 0.99);
  }
};

QTEST_GUILESS_MAIN(InformationTest)
#include "information_test.moc"
