// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson bert can say that a claim does not show.
#include <QTest>

#include "lessons/bert/masked_language_model.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

NetStanding netAt(const std::string& id, double right, double left, double seen = 0) {
  NetStanding net{id, 2, 2, 0.3, seen};
  net.right_accuracy = right;
  net.left_accuracy = left;
  return net;
}

Said verdictOn(const char* preset, const MaskedState& state) {
  return saidBy(maskedVerdict(preset, state), preset);
}

MaskedState stateOf(std::int64_t step, std::vector<NetStanding> nets) {
  MaskedState state;
  state.step = step;
  state.nets = std::move(nets);
  return state;
}

}  // namespace

class BertClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aCausalNetThatKnewTheRightWouldBeToldSo() {
    const char* preset = "needs-the-right-context";
    const auto causal = netAt(kCausal, 0.42, 1), knowing = netAt(kCausal, 0.98, 1);
    const auto both = netAt(kBidirectional, 1, 1), slow = netAt(kBidirectional, 0.8, 1);
    QCOMPARE(verdictOn(preset, stateOf(100, {causal, both})), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, stateOf(100, {causal, slow})), Said(Mood::Open, preset));
    QCOMPARE(verdictOn(preset, stateOf(550, {causal, slow})), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, stateOf(550, {knowing, both})), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, stateOf(550, {netAt(kCausal, 0.42, 0.7), both})),
             Said(Mood::Fails, preset));
  }

  void aNetThatNamesWhatItSeesWithoutBeingTaughtWouldBeToldSo() {
    const char* preset = "eighty-ten-ten";
    const auto mixed = netAt(kEightyTenTen, 1, 1, 0.97);
    QCOMPARE(verdictOn(preset, stateOf(300, {netAt(kMaskOnly, 1, 1, 0.2), mixed})),
             Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, stateOf(550, {netAt(kMaskOnly, 1, 1, 0.9), mixed})),
             Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, stateOf(550, {netAt(kMaskOnly, 0.7, 1, 0.2), mixed})),
             Said(Mood::Fails, preset));
  }

  void anEndThatIsTheFirstWouldBeToldSo() {
    const char* preset = "mask-rate";
    auto state =
        stateOf(300, {netAt("rate-5", 0.9, 1), netAt("rate-40", 1, 1), netAt("rate-90", 0.8, 1)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, "mask-rate.open"));
    state.step = 200;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, "mask-rate.open"));
    state.nets[1].known_at = 180;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.nets[2].known_at = 180;  // a tie is no lead
    state.step = 300;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.nets[2].known_at = 240;
    state.nets[0].known_at = 120;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aBidirectionalNetThatWritesWouldBeToldSo() {
    const char* preset = "bert-cannot-write";
    auto state = stateOf(550, {netAt(kCausal, 0.42, 1), netAt(kBidirectional, 1, 1)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, "standing"));
    state.writing = {
        {kCausal, 0.8, 12}, {kBidirectional, 0.1, 12}, {kLaidOut, 0.6, 12}, {kGibbs, 0.7, 60}};
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.writing[1].grammatical = 0.6;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void labelsThatSufficeFromScratchWouldBeToldSo() {
    auto state = stateOf(600, {netAt(kBidirectional, 1, 1)});
    state.labels = 20;
    state.labelled = {{kPretrained, 0.01, 1, 0.99}, {kScratch, 0.01, 1, 0.75}};
    QCOMPARE(verdictOn("few-labels", state), Said(Mood::Open, "few-labels.learning"));
    state.labelled_steps = 60;
    QCOMPARE(verdictOn("few-labels", state), Said(Mood::Holds, "few-labels"));
    state.labelled[1].accuracy = 0.98;
    state.step = 650;
    QCOMPARE(verdictOn("few-labels", state), Said(Mood::Fails, "few-labels"));
    // A rival that has not even learned its labels is no rival.
    state.labelled[1] = {kScratch, 0.6, 0.7, 0.75};
    QCOMPARE(verdictOn("few-labels", state), Said(Mood::Fails, "few-labels"));
  }

  void netsOfAnotherComparisonAreNotJudged() {
    QCOMPARE(verdictOn("needs-the-right-context",
                       stateOf(550, {netAt(kMaskOnly, 1, 1), netAt(kEightyTenTen, 1, 1)})),
             Said(Mood::Open, "standing"));
  }

  void aNetThatDoesNotLearnIsToldSo() {
    const auto run = startedRun("masked-language-model", {{"lr", "1e-5"}, {"batch_size", "1"}}, 550,
                                1, "needs-the-right-context");
    run->advance(std::int64_t{550});
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, "a rate of 1e-5");
    QCOMPARE(verdict.mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(BertClaimsTest)
#include "bert_claims_test.moc"
