// SPDX-License-Identifier: GPL-3.0-or-later
// Losses of one number, their slopes, and what they fit.
#include "lessons/losses/losses.h"

#include <QTest>
#include <cmath>

#include "lessons/losses/line_fit.h"

using namespace viva;

namespace {

bool near(double found, double expected, double tolerance = 1e-6) {
  return std::abs(found - expected) <= tolerance * std::max(1e-12, std::abs(expected));
}

std::vector<Points::Labelled> heights(const std::vector<double>& values) {
  std::vector<Points::Labelled> points;
  for (const double value : values) points.push_back({0, value, 0});
  return points;
}

}  // namespace

class LossesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aConfidentlyWrongUnitHardlyLearnsUnderSquaredError() {
    // Logit -5, label 1.
    QVERIFY(near(marginSlope(MarginLoss::Squared, -5, {}), -0.0066036, 1e-5));
    QVERIFY(near(marginSlope(MarginLoss::CrossEntropy, -5, {}), -0.9933071));
    QVERIFY(near(1 / (1 + std::exp(5.0)), 0.0066929, 1e-5));
  }

  void focalWithoutFocusAndLabelsWithoutSmoothingAreCrossEntropy() {
    for (const double margin : {-20.0, -3.0, 0.0, 0.7, 30.0})
      for (const auto loss : {MarginLoss::Focal, MarginLoss::Smoothed}) {
        QVERIFY(near(marginLoss(loss, margin, {0, 0}),
                     marginLoss(MarginLoss::CrossEntropy, margin, {})));
        QVERIFY(std::abs(marginSlope(loss, margin, {0, 0}) -
                         marginSlope(MarginLoss::CrossEntropy, margin, {})) < 1e-12);
      }
  }

  void smoothedLabelsHaveTheirLowestPointWhereTheProbabilityIsTheTarget() {
    const double place = std::log(0.95 / 0.05);
    QVERIFY(std::abs(marginSlope(MarginLoss::Smoothed, place, {2, 0.1})) < 1e-12);
    QVERIFY(near(place, 2.944439));
  }

  void slopesAreThoseOfFiniteDifferences() {
    const MarginShape shape{2.3, 0.2};
    for (const auto loss : {MarginLoss::Squared, MarginLoss::CrossEntropy, MarginLoss::Focal,
                            MarginLoss::Hinge, MarginLoss::Smoothed})
      for (const double margin : {-4.3, -1.1, 0.2, 1.9, 5.5}) {
        const double slope =
            (marginLoss(loss, margin + 1e-5, shape) - marginLoss(loss, margin - 1e-5, shape)) /
            2e-5;
        QVERIFY(std::abs(slope - marginSlope(loss, margin, shape)) < 1e-8);
      }
    for (const auto loss :
         {RegressionLoss::Squared, RegressionLoss::Absolute, RegressionLoss::Huber})
      for (const double residual : {-3.2, -0.4, 0.3, 2.7}) {
        const double slope = (regressionLoss(loss, residual + 1e-5, 0.8) -
                              regressionLoss(loss, residual - 1e-5, 0.8)) /
                             2e-5;
        QVERIFY(std::abs(slope - regressionSlope(loss, residual, 0.8)) < 1e-8);
      }
  }

  void lossesStayFiniteFarOut() {
    for (const auto loss : {MarginLoss::Squared, MarginLoss::CrossEntropy, MarginLoss::Focal,
                            MarginLoss::Hinge, MarginLoss::Smoothed})
      for (const double margin : {-1000.0, 1000.0}) {
        QVERIFY(std::isfinite(marginLoss(loss, margin, {})));
        QVERIFY(std::isfinite(marginSlope(loss, margin, {})));
      }
  }

  void squaredErrorFitsTheMeanAndAbsoluteErrorTheMedian() {
    const auto points = heights({1, 2, 3, 4, 100});
    QCOMPARE(leastSquares(points, true).offset, 22.0);
    QCOMPARE(medianOf({1, 2, 3, 4, 100}), 3.0);
    LineFit squared, absolute, huber;
    for (std::int64_t i = 0; i < 20000; ++i) {
      squared.descend(RegressionLoss::Squared, points, 1, 0.5, true, i);
      absolute.descend(RegressionLoss::Absolute, points, 1, 0.5, true, i);
      huber.descend(RegressionLoss::Huber, points, 1, 0.5, true, i);
    }
    QVERIFY(near(squared.offset, 22));
    QVERIFY(std::abs(absolute.offset - 3) < 0.02);
    // Slopes of 1 to the right balance those of the points within delta on the left.
    QVERIFY(huber.offset > 2.5 && huber.offset < 4);
  }

  void aLineOfLeastSquaresIsReachedByDescent() {
    std::vector<Points::Labelled> points{{-5, 1, 0}, {-1, 2, 0}, {3, 0, 0}, {6, 7, 0}};
    LineFit fit;
    for (std::int64_t i = 0; i < 4000; ++i)
      fit.descend(RegressionLoss::Squared, points, 1, 0.8, false, i);
    const LineFit closed = leastSquares(points, false);
    QVERIFY(near(fit.slope, closed.slope) && near(fit.offset, closed.offset));
  }

  void pointsAboveOneAnotherHaveALevelLine() {
    const LineFit fit = leastSquares({{2, 1, 0}, {2, 3, 0}}, false);
    QCOMPARE(fit.slope, 0.0);
    QCOMPARE(fit.offset, 2.0);
  }
};

QTEST_GUILESS_MAIN(LossesTest)
#include "losses_test.moc"
