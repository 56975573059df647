// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson inference-deployment can say that a claim does not show.
#include <QTest>

#include "lessons/inference/batching_frontier.h"
#include "lessons/inference/graph_optimization.h"
#include "lessons/inference/kv_cache.h"
#include "lessons/inference/paged_memory.h"
#include "lessons/inference/quantization.h"
#include "lessons/inference/speculative_decoding.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

CacheState goodCache(std::int64_t steps) {
  CacheState s;
  s.step = steps;
  s.heads = 8;
  s.kv_heads = 2;
  s.difference = 1e-6;
  s.largest_logit = 2;
  s.bytes = 100;
  s.all_heads_bytes = 400;
  for (std::int64_t i = 1; i <= steps; ++i) {
    s.cached_total.push_back(static_cast<double>(i));
    s.full_total.push_back(static_cast<double>(i * i));
  }
  return s;
}

QuantizationState goodCodes() {
  QuantizationState s;
  s.step = 9;
  s.float_loss = 0.4;
  s.outlier = 20;
  const auto way = [&](const char* id, double rmse, double rise, double hit) {
    QuantizedWay one;
    one.id = id;
    one.rmse = rmse;
    one.loss = s.float_loss + rise;
    one.hit_rmse = hit;
    one.bits = 8.5;
    s.ways.push_back(one);
  };
  way("int8", .001, .0001, .001);
  way("int4", .02, .03, .02);
  way("nf4", .015, .02, .015);
  way("tensor", .03, .06, .1);
  way("channel", .02, .03, .01);
  way("group", .01, .01, .005);
  return s;
}

template <typename State, typename Change>
void holdsUntil(VerdictData (*verdict)(const std::string&, const State&), const char* preset,
                State state, Change change) {
  QCOMPARE(saidBy(verdict(preset, state), preset).first, Mood::Holds);
  change(state);
  QCOMPARE(saidBy(verdict(preset, state), preset).first, Mood::Fails);
}

}  // namespace

class InferenceClaimsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aCacheThatAnswersOtherwiseWouldBeToldSo() {
    holdsUntil(cacheVerdict, "same-logits", goodCache(64), [](auto& s) { s.difference = 0.01; });
    holdsUntil(cacheVerdict, "work-grows-with-the-square", goodCache(256),
               [](auto& s) { s.full_total = s.cached_total; });
    holdsUntil(cacheVerdict, "grouped-heads", goodCache(64), [](auto& s) { s.bytes = 400; });
  }

  void codesThatCostOrSaveNothingWouldBeToldSo() {
    holdsUntil(quantizationVerdict, "int8-is-nearly-free", goodCodes(),
               [](auto& s) { s.ways[0].loss += 0.02; });
    holdsUntil(quantizationVerdict, "per-channel", goodCodes(),
               [](auto& s) { s.ways[4].rmse = 0.04; });
    holdsUntil(quantizationVerdict, "one-outlier", goodCodes(),
               [](auto& s) { s.ways[3].hit_rmse = 0.01; });
    holdsUntil(quantizationVerdict, "four-bits", goodCodes(),
               [](auto& s) { s.ways[2].rmse = 0.03; });
  }

  void pagesThatSaveNothingWouldBeToldSo() {
    PagedState s;
    s.step = 96;
    s.sequences = 6;
    s.used_slots = s.reserved_slots = 1000;
    s.wasted_slots = 100;
    s.reserved_waste = 500;
    s.most_wasted_a_sequence = 15;
    s.slots = {100, 100, 100};
    s.waste = {2, 10, 30};
    s.copies = 5;
    s.most_blocks = 10;
    s.most_unshared = 20;
    s.finished = 6;
    s.preemptions = 2;
    s.recomputed = 80;
    holdsUntil(pagedVerdict, "pages-fill", s, [](auto& t) { t.most_wasted_a_sequence = 16; });
    holdsUntil(pagedVerdict, "fragmentation", s, [](auto& t) { t.waste[2] = 9; });
    holdsUntil(pagedVerdict, "copy-on-write", s, [](auto& t) { t.largest_difference = 0.1; });
    holdsUntil(pagedVerdict, "preempt-and-recompute", s, [](auto& t) { t.preemptions = 0; });
    s.finished = 3;
    QCOMPARE(pagedVerdict("preempt-and-recompute", s).mood, Mood::Open);
  }

  void batchesThatGainNothingWouldBeToldSo() {
    BatchingState s;
    s.step = 40;
    s.fixed = {8, 20, true, 0.4, 9, 1, 2, 2, 0};
    s.continuous = {8, 12, true, 0.66, 5, 1.2, 3, 3, 0};
    holdsUntil(batchingVerdict, "continuous-batching", s, [](auto& t) { t.continuous.steps = 20; });
    holdsUntil(batchingVerdict, "littles-law", s, [](auto& t) { t.continuous.little = 0.1; });
    holdsUntil(batchingVerdict, "throughput-or-latency", s, [](auto& t) { t.continuous.tpot = 1; });
    s.fixed.is_done = false;
    QCOMPARE(batchingVerdict("continuous-batching", s).mood, Mood::Open);
  }

  void draftsThatChangeTheTextOrPayMoreWouldBeToldSo() {
    SpeculationState s;
    s.step = 600;
    s.accepted = 300;
    s.judged = 400;
    s.alpha_sum = 300;
    s.tokens = 1350;
    s.draws = 15'000;
    s.distance = 0.01;
    s.noise = 0.01;
    s.draft_distance = 0.4;
    s.rivals = {{1, 150, 270, 1.6}, {2, 150, 360, 2}, {12, 150, 500, 1.2}};
    holdsUntil(speculationVerdict, "accepts-what-both-believe", s,
               [](auto& t) { t.alpha_sum = 200; });
    holdsUntil(speculationVerdict, "same-distribution", s, [](auto& t) { t.distance = 0.2; });
    holdsUntil(speculationVerdict, "k-too-large", s, [](auto& t) { t.rivals[2].speed_up = 3; });
  }

  void rewritesThatChangeTheOutputWouldBeToldSo() {
    GraphState s;
    s.step = s.layers = 6;
    s.largest_output = 10;
    s.difference = 1e-5;
    s.training_difference = 1;
    s.first_kernels = 30;
    s.first_bytes = 1000;
    s.kernels = 24;
    s.bytes = 400;
    holdsUntil(graphVerdict, "fold-batch-norm", s, [](auto& t) { t.difference = 0.1; });
    s.kernels = 12;
    holdsUntil(graphVerdict, "fuse-pointwise", s, [](auto& t) { t.bytes = 900; });
    s.kernels = 30;
    s.difference = 0.05;
    s.bytes = 505;
    holdsUntil(graphVerdict, "half-precision", s, [](auto& t) { t.difference = 1; });
  }
};

QTEST_GUILESS_MAIN(InferenceClaimsTest)
#include "inference_claims_test.moc"
