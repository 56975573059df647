// SPDX-License-Identifier: GPL-3.0-or-later
// The six losses against numbers worked out by hand, and the discriminator against theory.
#include "lessons/generation/gan_losses.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/generation/gan_net.h"

using namespace viva;

namespace {

torch::Tensor exact(std::vector<double> values) {
  return torch::tensor(values, torch::kDouble).unsqueeze(1);
}

double discriminator(GanLoss loss) {
  return discriminatorLoss(loss, exact({2, 0.5, -1}), exact({-2, 0.3})).item<double>();
}
double generator(GanLoss loss) { return generatorLoss(loss, exact({-2, 0.3})).item<double>(); }

/// How fast the generator's loss of one sample changes with the discriminator's logit, where the
/// discriminator gives it the probability `d`.
double pull(GanLoss loss, double d) {
  const auto logit = exact({std::log(d / (1 - d))}).requires_grad_();
  return torch::autograd::grad({generatorLoss(loss, logit)}, {logit})[0].item<double>();
}

bool near(double a, double b, double tolerance = 1e-7) { return std::abs(a - b) < tolerance; }

}  // namespace

class GanLossesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void hingeLeastSquaresAndCriticHaveTheValuesWorkedOutByHand() {
    QVERIFY(near(discriminator(GanLoss::HingeSn), 1.4833333333));
    QVERIFY(near(generator(GanLoss::HingeSn), 0.85));
    QVERIFY(near(discriminator(GanLoss::LeastSquares), 1.8975));
    QVERIFY(near(generator(GanLoss::LeastSquares), 2.3725));
    QVERIFY(near(discriminator(GanLoss::WassersteinGp), -0.85 - 0.5));
    QVERIFY(near(generator(GanLoss::WassersteinClip), 0.85));
  }

  void atTheEquilibriumTheLossesAreThoseOfACoin() {
    const auto undecided = torch::zeros({4, 1}, torch::kDouble);
    for (const GanLoss loss : {GanLoss::Minimax, GanLoss::NonSaturating}) {
      QVERIFY(near(discriminatorLoss(loss, undecided, undecided).item<double>(), 1.3862943611));
      QVERIFY(near(equilibriumOf(loss)->discriminator, 1.3862943611));
    }
    QVERIFY(near(generatorLoss(GanLoss::NonSaturating, undecided).item<double>(), 0.6931471806));
    QVERIFY(near(generatorLoss(GanLoss::Minimax, undecided).item<double>(), -0.6931471806));
    const auto half = 0.5 + undecided;
    QVERIFY(near(discriminatorLoss(GanLoss::LeastSquares, half, half).item<double>(),
                 equilibriumOf(GanLoss::LeastSquares)->discriminator));
    QVERIFY(near(generatorLoss(GanLoss::LeastSquares, half).item<double>(),
                 equilibriumOf(GanLoss::LeastSquares)->generator));
    QVERIFY(!equilibriumOf(GanLoss::WassersteinGp));
  }

  void theMinimaxGeneratorSaturatesWhereTheOtherLearnsMost() {
    QVERIFY(near(pull(GanLoss::Minimax, 0.01), -0.01));
    QVERIFY(near(pull(GanLoss::NonSaturating, 0.01), -0.99));
    QVERIFY(near(pull(GanLoss::Minimax, 0.5), -0.5));
    QVERIFY(near(pull(GanLoss::NonSaturating, 0.5), -0.5));
    QVERIFY(near(pull(GanLoss::Minimax, 0.9), -0.9));
    QVERIFY(near(pull(GanLoss::NonSaturating, 0.9), -0.1));
  }

  void extremeLogitsStayFinite() {
    for (const double logit : {-1e4, 1e4}) {
      const auto x = exact({logit}).to(torch::kFloat);
      QVERIFY(std::isfinite(discriminatorLoss(GanLoss::Minimax, x, x).item<double>()));
      QVERIFY(std::isfinite(generatorLoss(GanLoss::NonSaturating, x).item<double>()));
    }
  }

  void aLinearCriticOfSlopeTwoPaysOne() {
    const auto weight = torch::tensor({{1.2, 1.6}}, torch::kDouble).requires_grad_();
    const auto critic = [&](const torch::Tensor& x) { return x.matmul(weight.t()); };
    const auto real = torch::randn({5, 2}, torch::kDouble), fake = torch::randn_like(real);
    const auto share = torch::rand({5, 1}, torch::kDouble);
    const auto penalty = gradientPenalty(critic, real, fake, share);
    QVERIFY(near(10 * penalty.item<double>(), 10));
    // (|w| - 1)^2 has the gradient 2 (|w| - 1) w / |w|: it can be learnt from.
    const auto gradient = torch::autograd::grad({penalty}, {weight})[0];
    QVERIFY(near(gradient[0][0].item<double>(), 1.2));
    QVERIFY(near(gradient[0][1].item<double>(), 1.6));
  }

  void powerIterationFollowsTheNumbersWorkedOutByHand() {
    const auto matrix = torch::tensor({{3.0, 0.0}, {4.0, 5.0}}, torch::kDouble);
    auto u = torch::tensor({1.0, 0.0}, torch::kDouble);
    torch::Tensor v;
    for (const double expected : {5.0, 6.671746, 6.707750, 6.708198, 6.708204}) {
      iteratePower(matrix, u, v);
      QVERIFY(near(torch::dot(u, torch::mv(matrix, v)).item<double>(), expected, 1e-6));
    }
    QVERIFY(near(torch::linalg_svdvals(matrix)[0].item<double>(), 6.7082039, 1e-7));
  }

  void aSpectrallyNormalisedNetHasSlopesOfAtMostOne() {
    GanNet net(2, 32, 1, 0.2, generatorFor(1, 0), torch::kCPU);
    {
      const torch::NoGradGuard no_grad;
      for (const auto& leaf : net.leaves()) leaf.mul_(5);
    }
    const auto steepest = [&] {
      const auto x = torch::randn({500, 2}, generatorFor(1, 1)).requires_grad_();
      return torch::autograd::grad({net.forward(x).sum()}, {x})[0].norm(2, 1).max().item<double>();
    };
    QVERIFY(steepest() > 2);
    net.normaliseSpectrally(true);
    for (int i = 0; i < 100; ++i) net.iteratePower();
    QVERIFY(steepest() < 1.001);
  }

  void aDiscriminatorTrainedOnTwoKnownGaussiansComesToPOverPPlusQ() {
    // p = N((0.5, 0), 0.5^2), q = N((-0.5, 0), 0.5^2): p / (p + q) = sigmoid(4 x).
    const auto random = generatorFor(1, 0);
    GanNet net(2, 32, 1, 0.2, generatorFor(1, 1), torch::kCPU);
    const auto shift = torch::tensor({0.5f, 0.0f});
    Adam rule;
    rule.learning_rate = 5e-3;
    for (int i = 0; i < 1500; ++i) {
      rule.learning_rate = 5e-3 * (1 - i / 1500.0);
      const auto real = 0.5 * torch::randn({512, 2}, random) + shift;
      const auto fake = 0.5 * torch::randn({512, 2}, random) - shift;
      net.backward(discriminatorLoss(GanLoss::Minimax, net.forward(real), net.forward(fake)));
      net.update(rule);
    }
    const torch::NoGradGuard no_grad;
    const auto x = torch::stack({torch::linspace(-1, 1, 41), torch::zeros({41})}, 1);
    const auto difference = net.forward(x).sigmoid().squeeze(1) - (4 * x.select(1, 0)).sigmoid();
    QVERIFY2(difference.abs().max().item<double>() < 0.06,
             qPrintable(QString::number(difference.abs().max().item<double>())));
  }
};

QTEST_GUILESS_MAIN(GanLossesTest)
#include "gan_losses_test.moc"
