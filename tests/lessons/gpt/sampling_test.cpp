// SPDX-License-Identifier: GPL-3.0-or-later
// The filters of sampling against vectors that were computed apart, and draws against chi squared.
#include "lessons/gpt/sampling.h"

#include <QTest>
#include <cmath>

#include "lessons/core/error.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

const std::vector<double> kLogits{2, 1, 0.5, 0, -1};

std::vector<double> with(const SamplingFilters& filters, const std::vector<bool>& written = {}) {
  return samplingDistribution(kLogits, filters, written);
}

void compare(const std::vector<double>& found, std::vector<double> expected) {
  expected.resize(found.size());  // what was cut has 0
  for (std::size_t i = 0; i < found.size(); ++i)
    QVERIFY2(std::abs(found[i] - expected[i]) < 5e-9,
             qPrintable(QString("%1: %2, not %3")
                            .arg(i)
                            .arg(found[i], 0, 'g', 10)
                            .arg(expected[i], 0, 'g', 10)));
}

}  // namespace

class SamplingTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void withoutFiltersItIsTheSoftmax() {
    compare(with({}), {.56302123, .20712394, .12562702, .07619664, .02803118});
    compare(samplingDistribution({1002, 1001, 1000}, {}), {.66524096, .24472847, .09003057});
  }

  void topKKeepsTheLikeliest() {
    compare(with({.top_k = 2}), {.73105858, .26894142});
    compare(with({.top_k = 9}), with({}));
  }

  void topPKeepsTheTokenThatCrosses() {
    compare(with({.top_p = 0.5}), {1});
    compare(with({.top_p = 0.8}), {.62853172, .23122390, .14024438});
    for (const double p : {0.9, 0.95})
      compare(with({.top_p = p}), {.57925853, .21309730, .12925005, .07839412});
    compare(with({.top_p = 0}), {1});
    // Ten probabilities of 0.1 are enough for 1, rounded or not.
    QCOMPARE(samplingStages(std::vector<double>(10, 0.0), {.top_p = 0.999999}).back().kept(),
             std::int64_t{10});
  }

  void temperatureChangesTheOddsAndNotTheOrder() {
    compare(with({.temperature = 0.5}), {.82924464, .11222606, .04128566, .01518815, .00205549});
    compare(with({.temperature = 2}), {.37454491, .22717297, .17692249, .13778737, .08357227});
    compare(with({.temperature = 0}), {1});
  }

  void minPIsAShareOfTheLargest() {
    compare(with({.min_p = 0.1}), {.57925853, .21309730, .12925005, .07839412});
    compare(with({.min_p = 1}), {1});
  }

  void theRepetitionPenaltyLowersNegativeLogitsToo() {
    const auto stages =
        samplingStages(kLogits, {.repetition = 1.2}, {true, false, false, false, true});
    QVERIFY(std::abs(stages[1].logits[0] - 1.6666667) < 1e-7);
    QCOMPARE(stages[1].logits[1], 1.0);
    QVERIFY(std::abs(stages[1].logits[4] + 1.2) < 1e-12);
    for (const std::size_t i : {0, 4})
      QVERIFY(stages[1].probabilities[i] < stages[0].probabilities[i]);
  }

  void filtersActOneAfterTheOther() {
    // A temperature of 2 lets top-p keep a fourth token.
    QCOMPARE(samplingStages(kLogits, {.temperature = 1, .top_p = 0.8}).back().kept(),
             std::int64_t{3});
    QCOMPARE(samplingStages(kLogits, {.temperature = 2, .top_p = 0.8}).back().kept(),
             std::int64_t{4});
    const auto stages = samplingStages(kLogits, {.top_k = 3, .top_p = 0.7});
    QVERIFY(std::abs(stages[3].cut - (.07619664 + .02803118)) < 1e-8);
    QCOMPARE(stages.back().kept(), std::int64_t{2});  // 0.23 of what top-k left is not needed
  }

  void equalTokensAreKeptInTheirOrder() {
    compare(samplingDistribution({1, 1, 1}, {.top_k = 2}), {0.5, 0.5, 0});
    compare(samplingDistribution({1, 1, 1}, {.temperature = 0}), {1, 0, 0});
  }

  void aDrawIsTheTokenWhoseShareItFallsInto() {
    const std::vector<double> shares{0.25, 0, 0.75};
    QCOMPARE(tokenAt(shares, 0), std::size_t{0});
    QCOMPARE(tokenAt(shares, 0.25), std::size_t{2});
    QCOMPARE(tokenAt(shares, std::nextafter(1.0, 0.0)), std::size_t{2});
  }

  /// By chi squared: 4 degrees of freedom, one in a million is above 35.
  void drawsFollowTheirProbabilities() {
    const auto run = finishedRun("sampling-bench", {{"draws", "1000"}}, 100, 5);
    const auto frame = run->frame();
    const auto& bars = std::get<BarsData>(frame->views.at("draws"));
    const auto &drawn = bars.groups[1].values, &theory = bars.overlays[0].y;
    double chi = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i)
      chi += 1e5 * (drawn[i] - theory[i]) * (drawn[i] - theory[i]) / theory[i];
    QVERIFY2(chi < 35, qPrintable(QString::number(chi)));
    QVERIFY2(chi > 0.05, "nothing was drawn");
  }

  void whatIsNoRowOfLogitsIsRefusedInOneSentence_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("said");
    QTest::newRow("a word") << "logits"
                            << "1 two"
                            << "“two” is not a number";
    QTest::newRow("no number") << "logits"
                               << "1 nan"
                               << "“nan” is not a number";
    QTest::newRow("one") << "logits"
                         << "1"
                         << "1 number; from 2 to 26";
    QTest::newRow("no token") << "written"
                              << "a f"
                              << "“f” is no token of this row; they are called a to e";
  }
  void whatIsNoRowOfLogitsIsRefusedInOneSentence() {
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, said);
    try {
      startedRun("sampling-bench", {{name.toStdString(), value.toStdString()}}, 1);
      QFAIL("not refused");
    } catch (const RequestError& error) {
      const auto sentence = QString::fromStdString(Words::in(Language::English)(error.message()));
      QVERIFY2(sentence.contains(said), qPrintable(sentence));
    }
  }
};

QTEST_GUILESS_MAIN(SamplingTest)
#include "sampling_test.moc"
