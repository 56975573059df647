// SPDX-License-Identifier: GPL-3.0-or-later
// Batches and speculation against vectors that were computed apart; and what is refused.
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/inference/batch_queue.h"
#include "lessons/inference/speculation.h"
#include "lessons/inference/speculative_writer.h"
#include "lessons/nn/tensor_numbers.h"
#include "tests/lessons/asked_experiment.h"

using namespace viva;
using namespace viva::tests;

namespace {

BatchQueue finishedQueue(BatchPolicy policy, std::int64_t slots, bool prompts,
                         const std::vector<ServedRequest>& requests) {
  BatchQueue queue(policy, slots, prompts, requests);
  for (int i = 0; i < 100'000 && !queue.isDone(); ++i) queue.step();
  return queue;
}

std::vector<ServedRequest> atOnce(const std::vector<std::int64_t>& lengths) {
  std::vector<ServedRequest> requests;
  for (const std::int64_t length : lengths) requests.push_back({0, length});
  return requests;
}

const TokenShares kP{.5, .3, .2}, kQ{.4, .5, .1};

}  // namespace

class ServingTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void twoLongOnesHoldUpStaticBatches() {
    const auto requests = atOnce({10, 2, 2, 2, 10, 2, 2, 2});
    const BatchQueue fixed = finishedQueue(BatchPolicy::Static, 4, false, requests);
    QCOMPARE(fixed.steps(), std::int64_t{20});
    QVERIFY(std::abs(fixed.utilisation() - 0.4) < 1e-12);
    const BatchQueue continuous = finishedQueue(BatchPolicy::Continuous, 4, false, requests);
    QCOMPARE(continuous.steps(), std::int64_t{12});
    QVERIFY(std::abs(continuous.utilisation() - 2.0 / 3) < 1e-12);
  }

  void aloneARequestTakesAsManyStepsAsItHasTokens() {
    for (const BatchPolicy policy : {BatchPolicy::Static, BatchPolicy::Continuous}) {
      const BatchQueue queue = finishedQueue(policy, 1, false, {{3, 5}});
      QCOMPARE(queue.steps(), std::int64_t{8});
      QCOMPARE(queue.timeToFirstToken(), 1.0);
      QCOMPARE(queue.timePerToken(), 1.0);
      QVERIFY(std::abs(queue.meanPresent() - 5.0 / 8) < 1e-12);
    }
  }

  void aPromptStepStopsTheOthers() {
    const std::vector<ServedRequest> requests{{0, 4}, {2, 4}};
    // Prompt, token, prompt of the second (the first waits), two tokens each, the last of the
    // second.
    const BatchQueue queue = finishedQueue(BatchPolicy::Continuous, 2, true, requests);
    QCOMPARE(queue.steps(), std::int64_t{6});
    QVERIFY(std::abs(queue.timePerToken() - (4.0 / 3 + 1) / 2) < 1e-12);
    QCOMPARE(finishedQueue(BatchPolicy::Static, 2, true, requests).timePerToken(), 1.0);
  }

  void littlesLawIsExactFromEmptyToEmpty() {
    std::vector<ServedRequest> requests;
    for (std::int64_t i = 0; i < 50; ++i) requests.push_back({(i * i) % 37 + i, 1 + i % 7});
    std::sort(requests.begin(), requests.end(),
              [](const auto& a, const auto& b) { return a.arrival < b.arrival; });
    for (const BatchPolicy policy : {BatchPolicy::Static, BatchPolicy::Continuous}) {
      const BatchQueue queue = finishedQueue(policy, 3, true, requests);
      QVERIFY(queue.meanPresent() > 1);
      QVERIFY(queue.littleError() < 1e-12);
    }
  }

  void aTemperatureSharpens() {
    const std::vector<double> logits{2, 1, .5, 0, -1};  // reference: the lesson on GPT
    const TokenShares hot = sharesAt(logits, 1), cold = sharesAt(logits, .5);
    QVERIFY(std::abs(hot[0] - .56302123) < 1e-8 && std::abs(cold[0] - .82924464) < 1e-8);
    QCOMPARE(sharesAt({1, 3, 3}, 0), (TokenShares{0, 1, 0}));
    QCOMPARE(drawnToken({.25, 0, .75}, 0), std::size_t{0});
    QCOMPARE(drawnToken({.25, 0, .75}, .25), std::size_t{2});
    QCOMPARE(drawnToken({.25, 0, .75, 0}, std::nextafter(1.0, 0.0)), std::size_t{2});
  }

  void theOverlapIsAccepted() {
    QVERIFY(std::abs(acceptance(kP, kQ) - .8) < 1e-12);
    const TokenShares rest = residual(kP, kQ);
    QVERIFY(std::abs(rest[0] - .5) < 1e-12 && rest[1] == 0 && std::abs(rest[2] - .5) < 1e-12);
    for (std::size_t i = 0; i < 3; ++i)
      QVERIFY(std::abs(std::min(kP[i], kQ[i]) + .2 * rest[i] - kP[i]) < 1e-12);
    QCOMPARE(acceptance(kP, kP), 1.0);
    QCOMPARE(residual(kP, kP), kP);
  }

  void tokensAPassFollowFromTheAcceptance_data() {
    QTest::addColumn<double>("alpha");
    QTest::addColumn<QList<double>>("tokens");
    QTest::addColumn<double>("speed");
    QTest::newRow(".5") << .5 << QList<double>{1.5, 1.75, 1.875, 1.9375, 1.9688, 1.9961} << 1.6146;
    QTest::newRow(".6") << .6 << QList<double>{1.6, 1.96, 2.176, 2.3056, 2.3834, 2.4748} << 1.9213;
    QTest::newRow(".7") << .7 << QList<double>{1.7, 2.19, 2.533, 2.7731, 2.9412, 3.1988} << 2.3109;
    QTest::newRow(".8") << .8 << QList<double>{1.8, 2.44, 2.952, 3.3616, 3.6893, 4.3289} << 2.8013;
    QTest::newRow(".9") << .9 << QList<double>{1.9, 2.71, 3.439, 4.0951, 4.6856, 6.1258} << 3.4126;
    QTest::newRow("0") << 0.0 << QList<double>{1, 1, 1, 1, 1, 1} << .8333;
    QTest::newRow("1") << 1.0 << QList<double>{2, 3, 4, 5, 6, 9} << 5 / 1.2;
  }
  void tokensAPassFollowFromTheAcceptance() {
    QFETCH(double, alpha);
    QFETCH(QList<double>, tokens);
    QFETCH(double, speed);
    int i = 0;
    for (const std::int64_t k : {1, 2, 3, 4, 5, 8})
      QVERIFY(std::abs(tokensPerPass(alpha, k) - tokens[i++]) < 6e-5);
    QVERIFY(std::abs(speedUp(tokensPerPass(alpha, 4), 4, .05) - speed) < 6e-5);
  }

  /// By chi squared: 2 degrees of freedom, one in a million is above 28.
  void whatIsDrawnByTheRuleFollowsTheTarget() {
    const auto uniform = numbersOf(torch::rand({20'000, 3}, generatorFor(1, 0), torch::kDouble));
    std::vector<double> counts(3, 0);
    for (std::size_t i = 0; i < uniform.size(); i += 3)
      counts[judgedToken(kP, kQ, drawnToken(kQ, uniform[i]), uniform[i + 1], uniform[i + 2])
                 .token] += 1;
    double chi = 0;
    for (std::size_t i = 0; i < 3; ++i)
      chi += std::pow(counts[i] - 20'000 * kP[i], 2) / (20'000 * kP[i]);
    QVERIFY2(chi < 28, qPrintable(QString::number(chi)));
  }

  void greedySpeculationWritesWhatTheTargetAloneWrites() {
    TransformerShape shape;
    shape.vocabulary = 9;
    shape.context = 64;
    shape.layers = 2;
    shape.heads = 2;
    const Transformer target(shape, {Manner{.is_causal = true}}, generatorFor(1, 0), "cpu");
    shape.layers = 1;
    const Transformer draft(shape, {Manner{.is_causal = true}}, generatorFor(2, 0), "cpu");
    std::vector<std::int64_t> prompts;
    for (std::int64_t i = 0; i < 32; ++i) prompts.push_back((i * 5) % 9);
    SpeculativeWriter writer(target, draft, prompts, 3, 0, generatorFor(1, 1));
    for (int i = 0; i < 8; ++i) writer.round();
    std::vector<std::int64_t> text;
    for (const SpeculatedToken& one : writer.passage()) {
      if (one.origin != TokenOrigin::Prompt) {
        const TokenShares shares = nextShares(target, text, 0);
        QCOMPARE(one.token, static_cast<std::int64_t>(drawnToken(shares, 0.5)));
      }
      text.push_back(one.token);
    }
    QVERIFY(text.size() > 20);
  }

  void whatCannotBeServedIsRefused_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("key");
    QTest::newRow("heads") << "kv-cache"
                           << "heads"
                           << "3"
                           << "error.inference.heads";
    QTest::newRow("groups") << "kv-cache"
                            << "kv_heads"
                            << "3"
                            << "error.inference.kv_heads";
    QTest::newRow("pool") << "paged-memory"
                          << "pool"
                          << "4"
                          << "error.inference.pool";
    QTest::newRow("a word") << "batching-frontier"
                            << "lengths"
                            << "10 two"
                            << "error.inference.lengths";
    QTest::newRow("zero") << "batching-frontier"
                          << "lengths"
                          << "0"
                          << "error.inference.lengths";
    QTest::newRow("huge") << "batching-frontier"
                          << "lengths"
                          << "1e9"
                          << "error.inference.lengths";
    QTest::newRow("none") << "batching-frontier"
                          << "lengths"
                          << " , "
                          << "error.inference.no_lengths";
  }
  void whatCannotBeServedIsRefused() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, key);
    const Message said =
        refusalWith(experiment.toStdString(), {{name.toStdString(), value.toStdString()}});
    QCOMPARE(QString::fromStdString(said.key), key);
  }
};

QTEST_GUILESS_MAIN(ServingTest)
#include "serving_test.moc"
