// SPDX-License-Identifier: GPL-3.0-or-later
// The schedules of noise against published numbers, and what follows from their definition.
#include "lessons/diffusion/noise_path.h"

#include <QTest>
#include <cmath>
#include <numeric>

using namespace viva;

namespace {

/// As many digits as the expected number is written with.
bool matches(double value, double expected, double tolerance = 1e-6) {
  return std::abs(value - expected) <= tolerance * std::abs(expected);
}

double keptVariance(const NoisePath& path, std::int64_t t) { return path.at(t).a * path.at(t).a; }

}  // namespace

class NoisePathTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// Of 1000 steps, as Ho et al. (arXiv 2006.11239) and Nichol and Dhariwal (arXiv 2102.09672)
  /// define them; computed apart from this program, in float64.
  void aThousandStepsHaveThePublishedVariances_data() {
    QTest::addColumn<int>("t");
    QTest::addColumn<double>("linear_beta");
    QTest::addColumn<double>("linear_kept");
    QTest::addColumn<double>("a");
    QTest::addColumn<double>("s");
    QTest::addColumn<double>("cosine_beta");
    QTest::addColumn<double>("cosine_kept");
    QTest::newRow("1") << 1 << 1e-4 << .9999 << .99995 << .01 << 4.128422e-5 << .99995872;
    QTest::newRow("2") << 2 << 1.199199e-4 << .99978009 << .99989004 << .01482929 << 4.614175e-5
                       << .99991258;
    QTest::newRow("100") << 100 << 2.072072e-3 << .89701815 << .94711042 << .32090786 << 5.269048e-4
                         << .97209274;
    QTest::newRow("250") << 250 << 5.060060e-3 << .52408537 << .72393741 << .68986566 << 1.321497e-3
                         << .84701216;
    QTest::newRow("500") << 500 << 1.004004e-2 << .07858724 << .28033416 << .95990247 << 3.145886e-3
                         << .49384359;
    QTest::newRow("750") << 750 << 1.502002e-2 << .00335055 << .05788394 << .99832332 << 7.545708e-3
                         << .14427210;
    QTest::newRow("999") << 999 << 1.998008e-2 << 4.118194e-5 << .00641732 << .99997941
                         << 7.499994e-1 << 2.428767e-6;
    QTest::newRow("1000") << 1000 << 2e-2 << 4.035830e-5 << .00635282 << .99997982 << .999
                          << 2.428767e-9;
  }
  void aThousandStepsHaveThePublishedVariances() {
    QFETCH(int, t);
    QFETCH(double, linear_beta);
    QFETCH(double, linear_kept);
    QFETCH(double, a);
    QFETCH(double, s);
    QFETCH(double, cosine_beta);
    QFETCH(double, cosine_kept);
    const auto linear = NoisePath::diffusion(NoiseSchedule::Linear, 1000);
    const auto cosine = NoisePath::diffusion(NoiseSchedule::Cosine, 1000);
    const auto index = static_cast<std::size_t>(t - 1);
    QVERIFY(matches(betasOf(NoiseSchedule::Linear, 1000)[index], linear_beta));
    QVERIFY(matches(betasOf(NoiseSchedule::Cosine, 1000)[index], cosine_beta));
    QVERIFY(matches(keptVariance(linear, t), linear_kept, 2e-6));
    QVERIFY(matches(linear.at(t).a, a, 1e-6));
    QVERIFY(matches(linear.at(t).s, s, 1e-6));
    QVERIFY(matches(keptVariance(cosine, t), cosine_kept, 1e-6));
  }

  void sumsAndHalvesAreThePublishedOnes() {
    const auto betas = betasOf(NoiseSchedule::Linear, 1000);
    QVERIFY(matches(std::accumulate(betas.begin(), betas.end(), 0.0), 10.05, 1e-12));
    const auto halved = [](NoiseSchedule schedule) {
      const auto path = NoisePath::diffusion(schedule, 1000);
      std::int64_t t = 0;
      while (keptVariance(path, t) >= 0.5) ++t;
      return t;
    };
    QCOMPARE(halved(NoiseSchedule::Linear), std::int64_t{260});
    QCOMPARE(halved(NoiseSchedule::Cosine), std::int64_t{497});
  }

  void ddpmAddsThePosteriorsNoiseAndDdimNone() {
    const auto path = NoisePath::diffusion(NoiseSchedule::Linear, 1000);
    const auto variance = [&](std::int64_t from, std::int64_t to, double eta) {
      const double deviation = addedNoise(path.at(from), path.at(to), eta);
      return deviation * deviation;
    };
    QVERIFY(matches(variance(2, 1, 1), 5.453188e-5));
    QVERIFY(matches(variance(1000, 999, 1), 1.9999984e-2));
    QVERIFY(matches(addedNoise(path.at(500), path.at(250), 1), 0.66261206));
    QCOMPARE(variance(500, 250, 0), 0.0);
    QCOMPARE(variance(1, 0, 1), 0.0);  // the last stride ends without noise
  }

  void bothPathsAreDescribedByTheirDerivatives() {
    for (const auto& path :
         {NoisePath::diffusion(NoiseSchedule::Cosine, 2000),
          NoisePath::diffusion(NoiseSchedule::Linear, 2000), NoisePath::flow(2000)})
      for (const std::int64_t t : {10, 700, 1500}) {
        const NoiseLevel &at = path.at(t), &before = path.at(t - 1), &after = path.at(t + 1);
        const double clock = after.clock - before.clock;
        QVERIFY(std::abs((after.a - before.a) / clock - at.da) < 1e-4);
        QVERIFY(std::abs((after.s - before.s) / clock - at.ds) < 1e-4);
        QVERIFY(std::abs(at.a * at.ds - at.s * at.da - 1) < 1e-12);
      }
    const auto path = NoisePath::diffusion(NoiseSchedule::Linear, 50);
    for (std::int64_t t = 0; t <= 50; ++t)
      QVERIFY(std::abs(keptVariance(path, t) + path.at(t).s * path.at(t).s - 1) < 1e-12);
  }

  void fewerStepsOfTheLinearScheduleHaveAsMuchNoise() {
    const auto betas = betasOf(NoiseSchedule::Linear, 100);
    QVERIFY(matches(std::accumulate(betas.begin(), betas.end(), 0.0), 10.05, 1e-12));
    for (const std::int64_t steps : {2, 5, 20})
      for (const double beta : betasOf(NoiseSchedule::Linear, steps))
        QVERIFY(beta > 0 && beta <= 0.999);
  }

  void stridesAreEvenAndEndAtTheData() {
    QCOMPARE(samplingTimes(100, 4), (std::vector<std::int64_t>{100, 75, 50, 25, 0}));
    QCOMPARE(samplingTimes(10, 3), (std::vector<std::int64_t>{10, 7, 3, 0}));
    const auto all = samplingTimes(7, 7);
    for (std::size_t i = 0; i < all.size(); ++i) QCOMPARE(all[i], 7 - static_cast<std::int64_t>(i));
  }
};

QTEST_APPLESS_MAIN(NoisePathTest)
#include "noise_path_test.moc"
