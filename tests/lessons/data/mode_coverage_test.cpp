// SPDX-License-Identifier: GPL-3.0-or-later
// Coverage, quality and distance against numbers that are known without a generator.
#include "lessons/data/mode_coverage.h"

#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/data/plane_targets.h"

using namespace viva;

namespace {

bool near(double a, double b, double tolerance) { return std::abs(a - b) < tolerance; }

/// As many samples exactly on each of the first `covered` modes.
torch::Tensor onModes(const PlaneTarget& target, std::int64_t covered) {
  return target.modes().narrow(0, 0, covered).repeat({10, 1});
}

}  // namespace

class ModeCoverageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void thePerfectGeneratorScoresTheShareWithinThreeSigma() {
    QVERIFY(near(perfectQuality(), 0.98889, 1e-5));
    for (const auto kind : {PlaneTargetKind::Ring, PlaneTargetKind::Grid}) {
      const PlaneTarget target(kind, 0.02);
      const auto coverage =
          *coverageOf(target.sample(100000, generatorFor(1, 0)), target.modes(), target.sigma());
      QCOMPARE(coverage.modes_covered, target.modes().size(0));
      QVERIFY(near(coverage.high_quality, perfectQuality(), 0.002));
      QVERIFY(coverage.kl_to_uniform < 0.001);
    }
  }

  void lostModesShowInTheDivergenceFromUniform() {
    const PlaneTarget ring(PlaneTargetKind::Ring, 0.01), grid(PlaneTargetKind::Grid, 0.01);
    const auto six = *coverageOf(onModes(ring, 6), ring.modes(), 0.01);
    QCOMPARE(six.modes_covered, 6);
    QVERIFY(near(six.kl_to_uniform, 0.287682, 1e-6));
    QVERIFY(near(six.top3_share, 0.5, 1e-9));
    QVERIFY(near(coverageOf(onModes(grid, 17), grid.modes(), 0.01)->kl_to_uniform, 0.385662, 1e-6));
    const auto one = *coverageOf(onModes(ring, 1), ring.modes(), 0.01);
    QVERIFY(near(one.kl_to_uniform, std::log(8), 1e-9));
    QVERIFY(near(one.top3_share, 1, 1e-9));
  }

  void aSampleCountsWithinThreeSigmaOnly() {
    const PlaneTarget ring(PlaneTargetKind::Ring, 0.01);
    const auto at = [&](double distance) {
      return coverageOf(torch::tensor({{1.0 + distance, 0.0}}, torch::kFloat), ring.modes(), 0.01)
          ->modes_covered;
    };
    QCOMPARE(at(0.0299), 1);
    QCOMPARE(at(0.0301), 0);
    QCOMPARE(at(-0.0299), 1);
  }

  void withoutModesOrWithAStrayNanThereIsNoCoverage() {
    const PlaneTarget moons(PlaneTargetKind::Moons, 0.01), ring(PlaneTargetKind::Ring, 0.01);
    const auto samples = moons.sample(10, generatorFor(1, 0));
    QVERIFY(!coverageOf(samples, moons.modes(), 0.01));
    auto broken = samples.clone();
    broken[3][1] = std::nan("");
    QVERIFY(!coverageOf(broken, ring.modes(), 0.01));
  }

  void everyDrawnPointIsAModeOnce() {
    const PlaneTarget drawn(PlaneTargetKind::Drawn, 0.01, {{0, 0}, {1, 0}, {0, 0}});
    QCOMPARE(drawn.modes().size(0), 2);
    const auto samples = torch::tensor({{0.0, 0.0}, {0.001, 0.0}}, torch::kFloat);
    QCOMPARE(coverageOf(samples, drawn.modes(), 0.01)->modes_covered, 1);
  }

  void slicedDistanceIsThatOfSortedProjections() {
    // On a line through the origin every direction sees the one-dimensional distance, shortened by
    // the cosine of the angle between: {0, 1, 3} and {5, 6, 8} are 5 apart.
    const auto onLine = [](std::vector<float> places) {
      const auto x = torch::tensor(places);
      return torch::stack({x, torch::zeros_like(x)}, 1);
    };
    double mean_cosine = 0;
    for (int i = 0; i < kDirections; ++i)
      mean_cosine += std::abs(std::cos(M_PI * i / kDirections)) / kDirections;
    const double distance = slicedWasserstein(sortedProjections(onLine({3, 0, 1})),
                                              sortedProjections(onLine({6, 8, 5})));
    QVERIFY(near(distance, 5 * mean_cosine, 1e-5));
  }

  void everyTargetLiesOnThePlaneThatIsShown() {
    std::vector<PlanePoint> drawn(8, {0.5, -0.5});
    for (const auto kind :
         {PlaneTargetKind::Ring, PlaneTargetKind::Grid, PlaneTargetKind::Moons,
          PlaneTargetKind::SwissRoll, PlaneTargetKind::Line, PlaneTargetKind::Drawn}) {
      const PlaneTarget target(kind, 0.01, drawn);
      const auto samples = target.sample(2000, generatorFor(2, 0));
      QCOMPARE(samples.sizes().vec(), (std::vector<std::int64_t>{2000, 2}));
      QVERIFY(samples.abs().max().item<double>() < 1.3);
      QVERIFY(torch::equal(samples, target.sample(2000, generatorFor(2, 0))));
    }
  }
};

QTEST_GUILESS_MAIN(ModeCoverageTest)
#include "mode_coverage_test.moc"
