// SPDX-License-Identifier: GPL-3.0-or-later
// Features, models and least squares against closed forms.
#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/fitting/fitted_model.h"
#include "lessons/fitting/lessons.h"
#include "lessons/fitting/random_features.h"
#include "lessons/nn/tensor_numbers.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

Parameters told(const std::string& settings) {
  Parameters parameters(capacityLab().parameters);
  for (const auto& [name, value] : settingsIn(settings)) parameters.setFromText(name, value);
  return parameters;
}

LabModel trained(const Parameters& parameters, int epochs, std::uint64_t seed = 1) {
  RunContext context;
  context.seed = seed;
  LabModel model(parameters, labData(parameters, context), context);
  model.evaluate();
  for (int i = 0; i < epochs; ++i) {
    model.update();
    if (i % 10 == 9) model.evaluate();
  }
  model.evaluate();
  return model;
}

const std::string kExact = "dataset=sine features=polynomial depth=0 solver=exact noise=0.2 ";

/// Centred features [features, samples] and targets [samples] of a model of a curve.
std::pair<torch::Tensor, torch::Tensor> centred(const LabModel& model) {
  const Parameters& p = model.parameters();
  const auto x =
      labFeatures(p[kLabFeatures], p[kLabDegree], model.data().training.inputs.to(torch::kDouble));
  const auto y = model.data().training.targets.to(torch::kDouble);
  return {x - x.mean(1, true), y - y.mean()};
}

}  // namespace

class FittingTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void polynomialFeaturesAreOrthonormal_data() {
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<int>("degree");
    QTest::newRow("curve") << 1 << 9;
    QTest::newRow("a line") << 1 << 1;
    QTest::newRow("classes") << 2 << 6;
  }
  void polynomialFeaturesAreOrthonormal() {
    QFETCH(int, dimensions);
    QFETCH(int, degree);
    // The midpoint rule with 2,000 points a side is exact to 1e-5 for these degrees.
    const std::int64_t side = dimensions == 1 ? 2000 : 600;
    const auto middle = (torch::arange(side, torch::kDouble) + 0.5) / side;
    torch::Tensor places = middle.unsqueeze(1);
    if (dimensions == 2) {
      const auto grid = torch::meshgrid({middle * 4 - 2, middle * 4 - 2}, "ij");
      places = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
    }
    const auto rows = labFeatures(LabFeatures::Polynomial, degree, places);
    QCOMPARE(rows.size(0), labFeatureCount(LabFeatures::Polynomial, degree, dimensions));
    const auto products = torch::mm(rows, rows.t()) / rows.size(1);
    const auto apart = (products - torch::eye(rows.size(0), torch::kDouble)).abs().max();
    QVERIFY2(apart.item<double>() < 2e-3, qPrintable(QString::number(apart.item<double>())));
  }

  void aPolynomialOfDegreeNineGoesThroughTenPoints() {
    const LabModel nine = trained(told(kExact + "train_size=10 degree=9"), 1);
    QVERIFY2(nine.numbers().train < 1e-20, qPrintable(QString::number(nine.numbers().train)));
    const LabModel one = trained(told(kExact + "train_size=10 degree=1"), 1);
    const LabModel three = trained(told(kExact + "train_size=10 degree=3"), 1);
    QVERIFY(one.numbers().train > 0.1);
    QVERIFY(three.numbers().train < 0.1);
    QVERIFY(three.numbers().validation < one.numbers().validation);
    QVERIFY(three.numbers().validation < nine.numbers().validation);
  }

  void ridgeSolvesTheNormalEquations_data() {
    QTest::addColumn<double>("l2");
    for (const double l2 : {0.001, 0.1, 5.0}) QTest::addRow("%g", l2) << l2;
  }
  void ridgeSolvesTheNormalEquations() {
    QFETCH(double, l2);
    const LabModel model =
        trained(told(kExact + "train_size=30 degree=9 l2=" + std::to_string(l2)), 1);
    const auto [x, y] = centred(model);
    // (X'X + n lambda I)^-1 X'y, for the mean of squares.
    const auto square = torch::mm(x, x.t()) + 30 * l2 * torch::eye(9, torch::kDouble);
    const auto expected = torch::mv(torch::inverse(square), torch::mv(x, y));
    const auto apart = (model.plainWeights() - expected).abs().max().item<double>();
    QVERIFY2(apart < 1e-9, qPrintable(QString::number(apart)));
  }

  void descentReachesWhatLeastSquaresAnswers() {
    const std::string common = "train_size=40 degree=3 l2=0.1 lr=0.05";
    const LabModel exact = trained(told(kExact + common), 1);
    const LabModel walked = trained(told(kExact + common + " solver=descent"), 2000);
    const auto apart = (exact.plainWeights() - walked.plainWeights()).abs().max().item<double>();
    QVERIFY2(apart < 1e-9, qPrintable(QString::number(apart)));
  }

  void l1IsSoftThresholdingWhereFeaturesAreOrthonormal() {
    // With so many evenly spread points the features are nearly so: w = sign(b) max(|b| - l1/2, 0),
    // b being the mean of feature times target (the loss has no factor of a half).
    const double l1 = 0.2;
    const LabModel model = trained(
        told(kExact + "train_size=500 degree=9 solver=descent lr=0.05 l1=" + std::to_string(l1)),
        1500);
    const auto [x, y] = centred(model);
    const auto b = torch::mv(x, y) / 500;
    const auto expected = b.sign() * (b.abs() - l1 / 2).clamp_min(0);
    const auto weights = model.plainWeights();
    QVERIFY((weights - expected).abs().max().item<double>() < 0.02);
    QVERIFY(model.numbers().zero_weights >= 5);
    QCOMPARE(((weights == 0) != (expected == 0)).sum().item<std::int64_t>(), std::int64_t{0});
  }

  void earlyStoppingGoesBackToTheBestWeights() {
    const std::string common = "train_size=40 noise=0.35 patience=100";
    const LabModel stopped = trained(told(common + " early_stopping=true"), 1500);
    QVERIFY(stopped.numbers().stopped_at.has_value());
    QCOMPARE(*stopped.numbers().stopped_at - stopped.numbers().best_epoch, std::int64_t{100});
    QCOMPARE(stopped.numbers().validation, stopped.numbers().best_validation);
    // The same net, told to stop at that epoch, is the same.
    const LabModel there =
        trained(told(common + " epochs=" + std::to_string(stopped.numbers().best_epoch)), 1500);
    QVERIFY(torch::equal(there.plainWeights(), stopped.plainWeights()));
  }

  void dropoutLeavesTheMeanOfAUnitAsItIs() {
    const double p = 0.3;
    const auto mask =
        torch::empty({200000}).bernoulli_(1 - p, at::detail::createCPUGenerator(7)).div_(1 - p);
    QVERIFY(std::abs(mask.mean().item<double>() - 1) < 0.01);
    // What is measured is the whole net: dropout changes the training, not the answer.
    const auto places = torch::tensor({{0.3F, -0.2F}, {1.0F, 0.5F}});
    const LabModel dropped = trained(told("dropout=0.5"), 20);
    QVERIFY(torch::equal(dropped.outputs(places), dropped.outputs(places)));
    QVERIFY(!torch::equal(dropped.outputs(places), trained(told(""), 20).outputs(places)));
  }

  void biasVarianceAndNoiseAddUpToTheError() {
    // Fifty training sets of one curve; error at fresh noisy targets of fixed places.
    constexpr int kSets = 50;
    const auto x = (torch::arange(40, torch::kDouble) + 0.5) / 40;
    const auto truth = torch::sin(2 * M_PI * x);
    const double noise = 0.2;
    std::vector<torch::Tensor> rows;
    for (int seed = 1; seed <= kSets; ++seed)
      rows.push_back(
          trained(told(kExact + "train_size=20 degree=3"), 1, static_cast<std::uint64_t>(seed))
              .outputs(x.unsqueeze(1))[0]);
    const auto answers = torch::stack(rows);
    const auto mean = answers.mean(0);
    const double bias = (mean - truth).square().mean().item<double>();
    const double variance = (answers - mean).square().mean().item<double>();
    const auto targets =
        truth +
        noise * torch::randn({kSets, 400, 40}, at::detail::createCPUGenerator(3), torch::kDouble);
    const double error = (targets - answers.unsqueeze(1)).square().mean().item<double>();
    QVERIFY2(std::abs(error - (bias + variance + noise * noise)) < 2e-3,
             qPrintable(QString("%1 %2 %3").arg(error).arg(bias).arg(variance)));
  }

  void aSmallTrainingSetIsTheBeginningOfALargeOne_data() {
    QTest::addColumn<QString>("dataset");
    for (const char* name : {"moons", "circles", "spirals", "sine"})
      QTest::newRow(name) << QString(name);
  }
  void aSmallTrainingSetIsTheBeginningOfALargeOne() {
    QFETCH(QString, dataset);
    const std::string common = "dataset=" + dataset.toStdString() + " label_noise=0.2 train_size=";
    const LabData few = labData(told(common + "16"), {}), many = labData(told(common + "300"), {});
    QCOMPARE(few.training.size(), std::int64_t{16});
    QVERIFY(torch::equal(few.training.inputs, many.training.inputs.slice(0, 0, 16)));
    QVERIFY(torch::equal(few.training.targets, many.training.targets.slice(0, 0, 16)));
    QVERIFY(torch::equal(few.validation.inputs, many.validation.inputs));
  }

  void labelNoiseFlipsItsShareInTrainingAndValidation() {
    const LabData clean = labData(told("train_size=500"), {});
    const LabData noisy = labData(told("train_size=500 label_noise=0.3"), {});
    QVERIFY(torch::equal(clean.training.inputs, noisy.training.inputs));
    const auto share = [](const LabSamples& a, const LabSamples& b) {
      return (a.targets != b.targets).to(torch::kDouble).mean().item<double>();
    };
    QVERIFY(std::abs(share(clean.training, noisy.training) - 0.3) < 0.07);
    QVERIFY(std::abs(share(clean.validation, noisy.validation) - 0.3) < 0.07);
    QVERIFY(std::abs(*noisy.noise_floor - 0.6108643) < 1e-6);
    QCOMPARE(*clean.noise_floor, 0.0);
  }

  void theShortestLeastSquaresSolutionIsThatOfThePseudoinverse_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<double>("ridge");
    for (const int width : {5, 20, 40, 80, 300})
      for (const double ridge : {0.0, 0.05}) QTest::addRow("%d %g", width, ridge) << width << ridge;
  }
  void theShortestLeastSquaresSolutionIsThatOfThePseudoinverse() {
    QFETCH(int, width);
    QFETCH(double, ridge);
    const RegressionDraws draws(3, 40, 300, 0.3, 5);
    const auto features = reluFeatures(draws.inputs, draws.directions, width);
    const auto weights = ridgeWeights(features, draws.targets, ridge);
    auto expected = torch::bmm(torch::linalg_pinv(features, 1e-12), draws.targets);
    if (ridge > 0) {
      const auto turned = features.transpose(1, 2);
      expected = torch::linalg_solve(
          torch::bmm(turned, features) + ridge * torch::eye(width, torch::kDouble),
          torch::bmm(turned, draws.targets));
    }
    const double apart = ((weights - expected).norm() / expected.norm()).item<double>();
    QVERIFY2(apart < 1e-6, qPrintable(QString::number(apart)));
  }

  void featuresThatAreAlwaysZeroDoNoHarm() {
    RegressionDraws draws(2, 10, 20, 0.3, 5);
    auto features = reluFeatures(draws.inputs, draws.directions, 6);
    features.select(2, 1).zero_();
    const auto weights = ridgeWeights(features, draws.targets, 0);
    QVERIFY(weights.isfinite().all().item<bool>());
    QVERIFY(weights.select(1, 1).abs().max().item<double>() < 1e-12);
  }
};

QTEST_GUILESS_MAIN(FittingTest)
#include "fitting_test.moc"
