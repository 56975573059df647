// SPDX-License-Identifier: GPL-3.0-or-later
// Attention on small matrices, against numbers that were computed elsewhere in float64.
#include "lessons/transformer/attention_stages.h"

#include <QTest>
#include <cmath>

#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

NumberRows rows(const std::string& text) { return std::get<NumberRows>(readRows("q", text)); }

void near(const NumberRows& found, const std::vector<double>& expected, double tolerance = 5e-5) {
  QCOMPARE(found.values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    QVERIFY2(std::abs(found.values[i] - expected[i]) <= tolerance,
             qPrintable(QString("%1 and %2").arg(found.values[i]).arg(expected[i])));
}

std::string problem(const Settings& settings) {
  return refusalOf([&] { startedRun("attention-numbers", settings, 5); }).key;
}

const char* const kThree = "1 0; 0 1; 1 1";

}  // namespace

class AttentionStagesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void twoQueriesAndTwoKeys() {
    const auto q = rows("1 0; 0 1"), k = rows("1 0; 1 1"), v = rows("1 2; 3 4");
    const auto free = attentionStages(q, k, v, true, {});
    near(free.dots, {1, 1, 0, 1}, 0);
    near(free.scaled, {0.7071, 0.7071, 0, 0.7071});
    near(free.weights, {0.5, 0.5, 0.3302, 0.6698});
    near(free.output, {2, 3, 2.3395, 3.3395});
    near(attentionStages(q, k, v, true, {true, {}}).output, {1, 2, 2.3395, 3.3395});
  }

  void threeTokensThatAskThemselves() {
    const auto x = rows(kThree);
    const auto free = attentionStages(x, x, x, true, {});
    near(free.weights,
         {.4011121, .1977758, .4011121, .1977758, .4011121, .4011121, .2482551, .2482551, .5034898},
         5e-8);
    near(free.output, {.8022242, .5988879, .5988879, .8022242, .7517449, .7517449}, 5e-8);
    near(attentionStages(x, x, x, true, {true, {}}).output,
         {1, 0, .3302385, .6697615, .7517449, .7517449}, 5e-8);
  }

  void aRowThatIsHiddenWholeIsZeroAndNotNaN() {
    const auto x = rows(kThree);
    const auto free = attentionStages(x, x, x, true, {});
    const auto hidden = attentionStages(x, x, x, true, {false, {{1, 0}, {1, 1}, {1, 2}}});
    QVERIFY(hidden.isHiddenWhole(1) && !hidden.isHiddenWhole(0));
    for (std::int64_t key = 0; key < 3; ++key) {
      QVERIFY(std::isnan(hidden.naive.at(1, key)));
      QCOMPARE(hidden.weights.at(1, key), 0.0);
      QCOMPARE(hidden.weights.at(2, key), free.weights.at(2, key));
    }
    QCOMPARE(hidden.output.at(1, 0), 0.0);
    QVERIFY(std::isfinite(meanRowEntropy(hidden.weights)));
  }

  void scoresVaryAsTheWidth() {
    for (const std::int64_t width : {16, 64, 256}) {
      const auto q = normalRows(64, width, 1), k = normalRows(64, width, 2);
      const auto stages = attentionStages(q, k, k, true, {});
      const double variance = varianceOf(stages.dots) / static_cast<double>(width);
      QVERIFY2(variance > 0.8 && variance < 1.25, qPrintable(QString::number(variance)));
    }
    const auto drawn = normalRows(200, 200, 7);
    QVERIFY(std::abs(varianceOf(drawn) - 1) < 0.02);
    double mean = 0;
    for (const double value : drawn.values) mean += value / 40000;
    QVERIFY(std::abs(mean) < 0.02);
  }

  void entropyAndLargestWeightOfKnownRows() {
    NumberRows even(2, 4, 0.25);
    QVERIFY(std::abs(meanRowEntropy(even) - std::log(4)) < 1e-12);
    QCOMPARE(meanLargestWeight(even), 0.25);
    QCOMPARE(meanRowEntropy(rows("1 0; 0 1")), 0.0);
  }

  void aStepAddsAStage() {
    const auto run = startedRun("attention-numbers", {}, 5);
    const auto known = [&](const char* view) {
      const auto frame = run->frame();
      const auto& matrix = std::get<MatrixData>(frame->views.at(view));
      return matrix.rows > 0 && !std::isnan(matrix.values->front());
    };
    QVERIFY(!known("scores"));
    run->advance(std::int64_t{1});
    QVERIFY(known("scores") && !known("weights"));
    run->advance(std::int64_t{3});
    QVERIFY(known("weights") && !known("output"));
    run->advance(std::int64_t{1});
    QVERIFY(known("output"));
    QVERIFY(std::abs(tests::at(*run, 5, "entropy") - (std::log(2) + .3302385 * -std::log(.3302385) +
                                                      .6697615 * -std::log(.6697615)) /
                                                         2) < 1e-6);
  }

  void whatIsMaskedIsMinusInfinityAlsoInTheMatrix() {
    const auto run = startedRun("attention-numbers", {{"causal", "true"}}, 5);
    run->advance(std::int64_t{5});
    const auto frame = run->frame();
    const auto& masked = std::get<MatrixData>(frame->views.at("masked"));
    QCOMPARE(masked.rows, 2);
    QCOMPARE((*masked.values)[1], -INFINITY);
    QVERIFY(std::isfinite((*masked.values)[2]));
  }

  void whatCannotBeReadIsSaidInOneSentence() {
    QCOMPARE(problem({{"q", "1 x; 0 1"}}), std::string("error.matrix.number"));
    QCOMPARE(problem({{"k", "1 0; 1"}}), std::string("error.matrix.ragged"));
    QCOMPARE(problem({{"v", " ; "}}), std::string("error.matrix.empty"));
    QCOMPARE(problem({{"q", "1 2 3"}}), std::string("error.matrix.widths"));
    QCOMPARE(problem({{"v", "1 2"}}), std::string("error.matrix.keys"));
    QCOMPARE(problem({{"hide", "0.5"}}), std::string("error.matrix.hide"));
    QCOMPARE(problem({{"hide", "all"}}), std::string("error.matrix.hide"));
    std::string wide = "1";
    for (int i = 0; i < 16; ++i) wide += " 1";
    QCOMPARE(problem({{"q", wide}}), std::string("error.matrix.large"));
    const Message ragged = refusalOf([] { startedRun("attention-numbers", {{"k", "1 0; 1"}}, 5); });
    QCOMPARE(argumentOf(ragged, "matrix"), std::string("k"));
  }
};

QTEST_GUILESS_MAIN(AttentionStagesTest)
#include "attention_stages_test.moc"
