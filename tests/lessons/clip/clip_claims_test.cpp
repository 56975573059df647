// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson clip can say that a claim does not show.
#include <QTest>

#include "lessons/clip/contrastive_pairs.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

Said verdictOn(const char* preset, const PairState& state) {
  return saidBy(pairVerdict(preset, state), preset);
}

PairStanding netNamed(const std::string& id, double loss, double zero_shot) {
  PairStanding net;
  net.setting.id = id;
  net.loss = loss;
  net.zero_shot = zero_shot;
  return net;
}

PairState stateOf(std::int64_t step, std::vector<PairStanding> nets) {
  PairState state;
  state.step = step;
  state.standings = std::move(nets);
  return state;
}

}  // namespace

class ClipClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aNetThatStaysAtChanceWouldBeToldSo() {
    const char* preset = "leave-ln-n";
    auto net = netNamed("", 0.03, 0.99);
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Fails, preset));
    net.left_at = 7;
    QCOMPARE(verdictOn(preset, stateOf(300, {net})), Said(Mood::Holds, preset));
    net.zero_shot = 0.5;
    QCOMPARE(verdictOn(preset, stateOf(300, {net})), Said(Mood::Open, preset));
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Fails, preset));
    net.zero_shot = 0.99;
    net.left_at = 90;
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Fails, preset));
  }

  void aSinglePairThatTeachesWouldBeToldSo() {
    const char* preset = "batch-of-one";
    auto state = stateOf(400, {netNamed(kFullBatch, 0.03, 0.99), netNamed(kFewPairs, 0.01, 0.6),
                               netNamed(kOnePair, 0, 0.01)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[2].moved = 1e-9;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[2].moved = 0;
    state.standings[2].zero_shot = 0.3;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings.pop_back();
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, "standing"));
  }

  void aScaleOfOneThatNamesPicturesWouldBeToldSo() {
    const char* preset = "temperature";
    auto state = stateOf(400, {netNamed(kLearnedScale, 0.03, 0.99),
                               netNamed(kScaleHundred, 0.1, 0.8), netNamed(kScaleOne, 3.3, 0.3)});
    state.standings[2].floor = 3.17;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[2].zero_shot = 0.9;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[2].zero_shot = 0.3;
    state.standings[2].loss = 3.1;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[2].loss = 3.3;
    state.standings[1].zero_shot = 0.99;  // level is not behind
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.step = 300;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, preset));
  }

  void wordsThatNameNothingWouldBeToldSo() {
    const char* preset = "zero-shot";
    auto net = netNamed("", 0.03, 0.99);
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Open, "standing"));
    net.colour_by_word = 0.9;
    net.colour_by_mean = 0.96;
    net.shape_by_word = 0.8;
    net.shape_by_mean = 0.9;
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Holds, preset));
    net.shape_by_word = 0.3;
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Fails, preset));
    net.shape_by_word = 0.8;
    net.colour_by_word = 0.3;
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Fails, preset));
  }

  void combinationsThatStayUnknownWouldBeToldSo() {
    const char* preset = "held-out-combination";
    auto net = netNamed("", 0.03, 0.99);
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Open, "standing"));
    net.held_out = 0.9;
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Holds, preset));
    net.held_out = 0.6;
    QCOMPARE(verdictOn(preset, stateOf(400, {net})), Said(Mood::Fails, preset));
  }

  void orderThatIsLearnedWithWordsWouldBeToldSo() {
    const char* preset = "words-first-order-later";
    auto ordered = netNamed(kWithOrder, 0.2, 0.8), bag = netNamed(kBag, 0.3, 0.4);
    ordered.colour_accuracy = bag.colour_accuracy = 1;
    ordered.order_accuracy = 0.9;
    bag.order_accuracy = 0.5;
    ordered.colours_at = 40;
    QCOMPARE(verdictOn(preset, stateOf(200, {ordered, bag})), Said(Mood::Open, preset));
    ordered.order_at = 110;
    QCOMPARE(verdictOn(preset, stateOf(200, {ordered, bag})), Said(Mood::Holds, preset));
    bag.order_accuracy = 0.502;
    QCOMPARE(verdictOn(preset, stateOf(400, {ordered, bag})), Said(Mood::Fails, preset));
    bag.order_accuracy = 0.5;
    ordered.order_at = 50;
    QCOMPARE(verdictOn(preset, stateOf(400, {ordered, bag})), Said(Mood::Fails, preset));
  }

  void aGapThatStaysWouldBeToldSo() {
    const char* preset = "modality-gap";
    auto state = stateOf(400, {netNamed(kLearnedScale, 0.03, 0.99),
                               netNamed(kScaleHundred, 0.1, 0.8), netNamed(kScaleOne, 3.3, 0.3)});
    state.standings[0].first_gap = 1.1;
    state.standings[0].gap = 0.05;
    state.standings[1].gap = 0.4;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[0].gap = 0.6;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[0].gap = state.standings[1].gap = 0.05;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[1].gap = 0.4;
    state.standings[0].first_gap = 0.1;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void duplicatesThatCostNothingWouldBeToldSo() {
    const char* preset = "false-negatives";
    auto state =
        stateOf(400, {netNamed(kDistinctPairs, 0.03, 0.99), netNamed(kRepeatedPairs, 1.45, 0.85),
                      netNamed(kFewerPairs, 0.02, 0.86)});
    state.standings[1].floor = 1.386;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[1].zero_shot = 0.99;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[1].zero_shot = 0.85;
    state.standings[1].loss = 1.2;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[1].loss = 3.5;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aNetThatDoesNotLearnIsToldSo() {
    const auto run = startedRun("contrastive-pairs",
                                {{"lr", "1e-5"}, {"batch_size", "2"}, {"evaluate_every", "100"}},
                                400, 1, "leave-ln-n");
    run->advance(std::int64_t{400});
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, "a rate of 1e-5");
    QCOMPARE(verdict.mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(ClipClaimsTest)
#include "clip_claims_test.moc"
