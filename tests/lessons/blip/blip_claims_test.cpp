// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson blip can say that a claim does not show.
#include <QTest>

#include "lessons/blip/caption_and_match.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

Said verdictOn(const char* preset, const CaptionState& state) {
  return saidBy(captionVerdict(preset, state), preset);
}

/// A net that knows all three.
CaptionStanding netNamed(const std::string& id) {
  CaptionStanding net;
  net.id = id;
  net.recall_at_1 = 0.9;
  net.accepted = 0.85;
  net.random_accepted = 0.01;
  net.caption_exact = 0.7;
  net.match = 0.7;
  for (ChangedWord& word : net.words) {
    word.cosine = 0.65;
    word.match = 0.05;
    word.relevance = 0.4;
  }
  return net;
}

CaptionState stateOf(std::int64_t step, std::vector<CaptionStanding> nets) {
  CaptionState state;
  state.step = step;
  state.nets = std::move(nets);
  state.area = 0.22;
  state.first_relevance.fill(0.35);
  return state;
}

CaptionState filteredState(std::vector<CaptionStanding> nets) {
  CaptionState state = stateOf(350, std::move(nets));
  state.filter = FilterStanding{0.92, 0.95, 0.6, 0.25, 0.12, 0.8};
  return state;
}

}  // namespace

class BlipClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aLossThatDoesNotRiseOrASkillThatIsMissingWouldBeToldSo() {
    const char* preset = "three-objectives";
    auto state = stateOf(400, {netNamed("")});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, "standing"));
    state.easy_itm_loss = 0.2;
    state.hard_itm_loss = 0.5;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.hard_itm_loss = 0.25;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.hard_itm_loss = 0.5;
    state.nets[0].caption_exact = 0.1;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.nets[0].caption_exact = 0.7;
    state.nets[0].random_accepted = 0.5;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.step = 300;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, preset));
  }

  void aWordThatMatchingDoesNotSeeWouldBeToldSo() {
    const char* preset = "one-word-changed";
    auto state = stateOf(400, {netNamed("")});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.nets[0].words[2].match = 0.5;  // a wrong shape may pass more often
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.nets[0].words[1].match = 0.5;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.nets[0].words[1].match = 0.05;
    state.nets[0].words[1].cosine = 0.1;  // contrast would drop it as well
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aMapThatIsLearnedWouldBeToldSo() {
    const char* preset = "word-by-word";
    auto state = stateOf(400, {netNamed("")});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.first_relevance.fill(0.22);
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.first_relevance.fill(0.35);
    for (ChangedWord& word : state.nets[0].words) word.relevance = 0.9;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aFilterThatDoesNotHelpWouldBeToldSo() {
    const char* preset = "capfilt";
    auto noisy = netNamed(kNoisyPairs), filtered = netNamed(kFilteredPairs),
         clean = netNamed(kCleanPairs);
    noisy.caption_exact = 0.25;
    noisy.recall_at_1 = 0.3;
    const auto holding = filteredState({noisy, filtered, clean});
    QCOMPARE(verdictOn(preset, holding), Said(Mood::Holds, preset));
    auto state = holding;
    state.nets[1].caption_exact = 0.2;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state = holding;
    state.filter->precision = 0.65;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state = holding;
    state.filter.reset();
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, "standing"));
  }

  void captionsThatHelpWouldBeToldSo() {
    const char* preset = "synthetic-captions-hurt";
    auto filtered = netNamed(kFilteredPairs), synthetic = netNamed(kSyntheticPairs);
    synthetic.caption_exact = 0.35;
    const auto holding = filteredState({filtered, synthetic});
    QCOMPARE(verdictOn(preset, holding), Said(Mood::Holds, preset));
    auto state = holding;
    state.nets[1].caption_exact = 0.8;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state = holding;
    state.filter->one_wrong_kept = 0.15;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aNetThatDoesNotLearnIsToldSo() {
    const auto run = startedRun("caption-and-match",
                                {{"lr", "1e-5"}, {"batch_size", "4"}, {"evaluate_every", "400"}},
                                400, 1, "three-objectives");
    run->advance(std::int64_t{400});
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, "a rate of 1e-5");
    QCOMPARE(verdict.mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(BlipClaimsTest)
#include "blip_claims_test.moc"
