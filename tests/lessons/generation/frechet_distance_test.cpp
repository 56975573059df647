// SPDX-License-Identifier: GPL-3.0-or-later
// The Fréchet distance of two Gaussians against closed forms.
#include "lessons/generation/frechet_distance.h"

#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"

using namespace viva;

namespace {

bool near(double a, double b, double tolerance) { return std::abs(a - b) < tolerance; }

/// [n, d] whose mean is exactly 0 and whose covariance is exactly the identity.
torch::Tensor white(std::int64_t n, std::int64_t d, std::uint64_t stream) {
  auto x = torch::randn({n, d}, generatorFor(1, stream)).to(torch::kDouble);
  x = x - x.mean(0);
  const auto covariance = x.t().matmul(x) / static_cast<double>(n - 1);
  const auto inverse = torch::linalg_inv(torch::linalg_cholesky(covariance));
  return x.matmul(inverse.t());
}

}  // namespace

class FrechetDistanceTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// (0 - 1)^2 + (1 - 2)^2.
  void inOneDimensionItIsTheSumOfTwoSquares() {
    const auto one = white(50, 1, 0), other = 1 + 2 * white(70, 1, 1);
    QVERIFY(near(frechetDistance(one, other), 2, 1e-9));
    QVERIFY(near(frechetDistance(other, one), 2, 1e-9));
  }

  void equalMomentsHaveNone() {
    QVERIFY(near(frechetDistance(white(80, 5, 0), white(90, 5, 1)), 0, 1e-6));
  }

  /// Covariances that commute: the sum of (s1 - s2)^2 over the axes, in any rotation of both.
  void onCommonAxesTheDeviationsAreCompared() {
    const auto s1 = torch::tensor({1.0, 2.0, 0.5}, torch::kDouble),
               s2 = torch::tensor({2.0, 1.0, 0.5}, torch::kDouble);
    const auto turn = std::get<0>(
        torch::linalg_qr(torch::randn({3, 3}, generatorFor(1, 5)).to(torch::kDouble), "reduced"));
    const auto one = (white(60, 3, 0) * s1).matmul(turn);
    const auto other = (white(60, 3, 1) * s2).matmul(turn);
    QVERIFY(near(frechetDistance(one, other), 2, 1e-8));
  }

  /// With C1 = diag(4, 1) and C2 = [[2, 1], [1, 2]]: Tr (C1 C2)^(1/2) is the root of
  /// Tr C1 C2 + 2 det(C1 C2)^(1/2) = 10 + 2 sqrt 12.
  void covariancesThatDoNotCommuteHaveTheirRoot() {
    const auto options = torch::kDouble;
    const auto mix = torch::linalg_cholesky(torch::tensor({{2.0, 1.0}, {1.0, 2.0}}, options));
    const auto one = white(60, 2, 0) * torch::tensor({2.0, 1.0}, options);
    const auto other = white(60, 2, 1).matmul(mix.t());
    const double expected = 5 + 4 - 2 * std::sqrt(10 + 2 * std::sqrt(12.0));
    QVERIFY(near(frechetDistance(one, other), expected, 1e-8));
  }

  /// All samples alike: the real set’s variance is what is missing.
  void aCollapsedSetPaysForTheMissingSpread() {
    QVERIFY(near(frechetDistance(white(60, 4, 0), torch::zeros({60, 4})), 4, 1e-9));
  }
};

QTEST_GUILESS_MAIN(FrechetDistanceTest)
#include "frechet_distance_test.moc"
