// SPDX-License-Identifier: GPL-3.0-or-later
// Scores and metrics against vectors that were calculated by hand.
#include "lessons/uncertainty/ood_scores.h"

#include <torch/types.h>

#include <QTest>
#include <cmath>
#include <limits>

#include "lessons/data/digits.h"
#include "lessons/data/letters.h"
#include "lessons/uncertainty/dropout_net.h"
#include "lessons/uncertainty/ood_metrics.h"

using namespace viva;

namespace {

const std::vector<double> kIn{.99, .97, .95, .93, .90, .88, .85, .80, .70, .55};
const std::vector<double> kOut{.98, .86, .75, .60, .58, .52, .50, .45, .40, .35};

torch::Tensor doubles(std::initializer_list<double> values) {
  return torch::tensor(std::vector<double>(values), torch::kDouble);
}
bool near(double a, double b, double tolerance = 1e-6) {
  return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

}  // namespace

class OodScoresTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void softmaxAndEnergyOfKnownLogits_data() {
    QTest::addColumn<double>("a");
    QTest::addColumn<double>("b");
    QTest::addColumn<double>("c");
    QTest::addColumn<double>("softmax");
    QTest::addColumn<double>("energy");
    QTest::newRow("4 1 0") << 4. << 1. << 0. << .9362396 << -4.0658839;
    QTest::newRow("2 2 2") << 2. << 2. << 2. << .3333333 << -3.0986123;
    QTest::newRow("10 5 5") << 10. << 5. << 5. << .9867033 << -10.0133859;
    QTest::newRow("5 0 0") << 5. << 0. << 0. << .9867033 << -5.0133859;
    QTest::newRow("1 0 0") << 1. << 0. << 0. << .5761169 << -1.5514447;
    QTest::newRow("11 10 10") << 11. << 10. << 10. << .5761169 << -11.5514447;
  }
  void softmaxAndEnergyOfKnownLogits() {
    QFETCH(double, a);
    QFETCH(double, b);
    QFETCH(double, c);
    QFETCH(double, softmax);
    QFETCH(double, energy);
    const auto logits = doubles({a, b, c}).unsqueeze(0);
    QVERIFY(near(maxSoftmax(logits)[0].item<double>(), softmax, 1e-7));
    QVERIFY(near(-negativeEnergy(logits)[0].item<double>(), energy, 1e-7));
  }

  void aLinearClassifierGetsSurerAlongARay() {
    // Three classes that pull at 0, 120 and 240 degrees; outwards along (1, .3).
    const double tall = std::sqrt(3.0) / 2;
    const auto pull = doubles({1, 0, -.5, tall, -.5, -tall}).view({3, 2});
    const auto along = torch::mv(pull, doubles({1, .3}));
    double last = 0;
    for (const double scale : {1., 2., 5., 10.}) {
      const double sure = maxSoftmax((scale * along).unsqueeze(0))[0].item<double>();
      QVERIFY(sure > last);
      last = sure;
    }
    QVERIFY(last > .99999);
    QVERIFY(near(maxSoftmax(along.unsqueeze(0))[0].item<double>(), .685, 1e-3));
    QCOMPARE(maxSoftmax((100 * along).unsqueeze(0))[0].item<double>(), 1.0);
  }

  void odinAtAHighTemperatureLivesInTheLaterDigits() {
    const auto same = [](const torch::Tensor& x) { return x; };
    const auto logits = doubles({10, 5, 5}).unsqueeze(0);
    QVERIFY(near(odin(same, logits, 1000, 0)[0].item<double>(), .3344454));
  }
  void odinMovesTheInputTowardsMoreConfidence() {
    const auto same = [](const torch::Tensor& x) { return x; };
    const auto logits = doubles({1, 0, 0}).unsqueeze(0);
    const double moved = odin(same, logits, 1, 0.1)[0].item<double>();
    QVERIFY(near(moved, maxSoftmax(doubles({1.1, -.1, -.1}).unsqueeze(0))[0].item<double>(), 1e-9));
  }

  void mahalanobisDistancesOfKnownPlaces() {
    const ClassGaussians gaussians{doubles({0, 0, 4, 0}).view({2, 2}),
                                   torch::linalg_inv(doubles({2, .5, .5, 1}).view({2, 2}))};
    const auto found = gaussians.distances(doubles({2, 0, 2, 3, 0, -3, 8, 1}).view({4, 2}));
    const double expected[]{2.2857143,  2.2857143,  9.1428571,  16,
                            10.2857143, 12.5714286, 33.1428571, 8};
    for (int i = 0; i < 8; ++i)
      QVERIFY(near(found.view({-1})[i].item<double>(), expected[i], 1e-7));
    QVERIFY(near(gaussians.score(doubles({8, 1}).view({1, 2}))[0].item<double>(), -8, 1e-7));
  }
  void gaussiansAreFittedToTheirClasses() {
    const auto features = doubles({0, 0, 2, 0, 10, 4, 12, 4}).view({4, 2});
    const auto fitted = classGaussians(features, torch::tensor({0, 0, 1, 1}, torch::kLong), 2);
    QVERIFY(torch::allclose(fitted.means, doubles({1, 0, 11, 4}).view({2, 2})));
    QVERIFY(near(1 / fitted.precision[0][0].item<double>(), 1, 1e-3));
  }

  void theNearestFeaturesAreThoseOfTheNearestDirections() {
    const auto known = nearestFeatures(doubles({2, 0, 0, 5, -1, 0}).view({3, 2}));
    const auto asked = doubles({10, 0, 3, 3, 0, 0}).view({3, 2});
    const auto first = known.score(asked, 1), second = known.score(asked, 2);
    QVERIFY(near(first[0].item<double>(), 0, 1e-12));
    QVERIFY(near(second[0].item<double>(), -std::sqrt(2.0), 1e-12));
    // At 45 degrees from two of them: 2 sin(22.5 degrees).
    QVERIFY(near(first[1].item<double>(), -.7653668647, 1e-9));
    QVERIFY(near(second[1].item<double>(), -.7653668647, 1e-9));
    // More neighbours than there are: the farthest. Silent units are no direction at all.
    QVERIFY(near(known.score(asked, 50)[0].item<double>(), -2, 1e-12));
    QVERIFY(std::isfinite(first[2].item<double>()));
  }

  void metricsOfKnownScores() {
    QVERIFY(near(auroc(kIn, kOut), .83, 1e-12));
    QCOMPARE(thresholdAccepting(kIn, .95), .55);
    QVERIFY(near(falseRateAt(kIn, kOut, .95), .5, 1e-12));
    QVERIFY(near(falseRateAt(kIn, kOut, .90), .3, 1e-12));
    QVERIFY(near(falseRateAt(kIn, kOut, .80), .2, 1e-12));
    QVERIFY(near(averagePrecision(kIn, kOut), .7901587));
    std::vector<double> in, out, often;
    for (const double score : kIn) in.push_back(-score);
    for (const double score : kOut) {
      out.push_back(-score);
      often.insert(often.end(), 10, score);
    }
    QVERIFY(near(averagePrecision(out, in), .8750766));
    // With ten times as many OOD samples AUPR falls; AUROC and FPR95 do not know of it.
    QVERIFY(near(averagePrecision(kIn, often), .3333893));
    QVERIFY(near(auroc(kIn, often), .83, 1e-12) && near(falseRateAt(kIn, often, .95), .5, 1e-12));
    QVERIFY(near(1 - acceptedShare(kIn, .8), .2, 1e-12));
    QVERIFY(near(1 - acceptedShare(kOut, .8), .8, 1e-12));
  }
  /// Once it was taken for an infinity: an area of 0.5, and nobody was told.
  void aScoreThatIsNoNumberMakesNoNumbers() {
    const std::vector<double> broken{0.3, std::nan(""), 0.9}, whole{0.2, 0.4};
    for (const auto& [in, out] : {std::pair{broken, whole}, {whole, broken}, {broken, broken}}) {
      QVERIFY(std::isnan(auroc(in, out)));
      QVERIFY(std::isnan(averagePrecision(in, out)));
      QVERIFY(std::isnan(falseRateAt(in, out, 0.95)));
      QVERIFY(rocCurve(in, out).empty());
    }
    QVERIFY(std::isnan(thresholdAccepting(broken, 0.5)));
    QVERIFY(std::isnan(acceptedShare(broken, 0.5)));
    QVERIFY(std::isnan(acceptedShare(whole, std::nan(""))));
    const double infinity = std::numeric_limits<double>::infinity();
    QCOMPARE(auroc({0.3, infinity}, {-infinity, 0.1}), 1.0);
  }

  void equalScoresCountHalf() {
    QCOMPARE(auroc({1, 1}, {1, 1}), .5);
    QCOMPARE(auroc({2}, {1, 2, 3, 4}), .375);
  }
  void theRocCurveRunsFromCornerToCorner() {
    const auto curve = rocCurve(kIn, kOut);
    QCOMPARE(curve.front(), (std::pair<double, double>{0, 0}));
    QCOMPARE(curve.back(), (std::pair<double, double>{1, 1}));
  }

  void droppedUnitsAreMadeUpFor() {
    const auto masks = drawnMasks(2, 200, 100, .25, generatorFor(1, 0), torch::Device(torch::kCPU));
    const auto kept = masks.first > 0;
    QVERIFY(torch::allclose(masks.first.index({kept}), torch::tensor(1 / .75f)));
    QVERIFY(std::abs(masks.first.mean().item<double>() - 1) < .02);
    QVERIFY(!torch::equal(masks.first, masks.second));
  }

  void lettersAreWrittenByThePenOfTheDigits() {
    const Dataset some = letters(48, generatorFor(1, 0));
    QCOMPARE(some.classes, std::int64_t{12});
    QCOMPARE(some.inputs.sizes(), (torch::IntArrayRef{48, 1, kDigitSize, kDigitSize}));
    QVERIFY(some.inputs.min().item<float>() >= 0 && some.inputs.max().item<float>() <= 1);
    const auto ink = some.inputs.flatten(1).sum(1);
    QVERIFY(ink.min().item<float>() > 5);
    QVERIFY(torch::equal(some.inputs, letters(48, generatorFor(1, 0)).inputs));
  }
};

QTEST_GUILESS_MAIN(OodScoresTest)
#include "ood_scores_test.moc"
