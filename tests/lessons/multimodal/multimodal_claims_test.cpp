// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson multimodal-inputs can say that a claim does not show.
#include <QTest>

#include "lessons/multimodal/bpe_trainer.h"
#include "lessons/multimodal/ctc_recognizer.h"
#include "lessons/multimodal/patch_and_tubelet.h"
#include "lessons/multimodal/spectrogram_lab.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

BpeStanding tokenizer(const std::string& id, std::int64_t tokens) {
  BpeStanding made;
  made.id = id;
  made.tokens = tokens;
  made.vocabulary = 176;
  return made;
}

Mood moodOf(const char* preset, const BpeState& state) {
  return saidBy(bpeVerdict(preset, state), preset).first;
}
Mood moodOf(const char* preset, const SpectrogramState& state) {
  return saidBy(spectrogramVerdict(preset, state), preset).first;
}
Mood moodOf(const char* preset, const CtcState& state) {
  return saidBy(ctcVerdict(preset, state), preset).first;
}
Mood moodOf(const char* preset, const ClipState& state) {
  return saidBy(clipVerdict(preset, state), preset).first;
}

}  // namespace

class MultimodalClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aNewWordInThreePiecesWouldBeToldSo() {
    BpeState state;
    state.step = 10;
    state.probe_words = 1;
    state.standings = {tokenizer("", 28)};
    state.standings[0].probe_pieces = 2;
    QCOMPARE(moodOf("merge-by-merge", state), Mood::Holds);
    state.standings[0].probe_pieces = 3;
    QCOMPARE(moodOf("merge-by-merge", state), Mood::Fails);
  }

  void chineseThatCostsNoMoreWouldBeToldSo() {
    BpeState state;
    state.step = 150;
    state.standings = {tokenizer(kMostlyEnglish, 1), tokenizer(kHalfAndHalf, 1)};
    state.standings[0].english = 17, state.standings[0].chinese = 44;
    state.standings[1].english = 25, state.standings[1].chinese = 25;
    QCOMPARE(moodOf("chinese-costs-more", state), Mood::Holds);
    state.standings[0].chinese = 30;
    QCOMPARE(moodOf("chinese-costs-more", state), Mood::Fails);
  }

  void tiesWithoutConsequenceWouldBeToldSo() {
    BpeState state;
    state.step = 150;
    state.standings = {tokenizer(kFirstTie, 9374), tokenizer(kLastTie, 9380)};
    state.ties = 80;
    state.only_here = 35;
    QCOMPARE(moodOf("ties-matter", state), Mood::Holds);
    state.only_here = 0;
    QCOMPARE(moodOf("ties-matter", state), Mood::Fails);
    state.only_here = 35;
    state.standings[1].tokens = 12000;
    QCOMPARE(moodOf("ties-matter", state), Mood::Fails);
  }

  void anotherOrderOfTheThreeMethodsWouldBeToldSo() {
    BpeState state;
    state.step = 150;
    state.standings = {tokenizer(kBpe, 9374), tokenizer(kWordPiece, 22280),
                       tokenizer(kUnigram, 6743)};
    QCOMPARE(moodOf("bpe-wordpiece-unigram", state), Mood::Holds);
    state.standings[2].tokens = 9500;
    QCOMPARE(moodOf("bpe-wordpiece-unigram", state), Mood::Fails);
    state.standings[2].tokens = 6743;
    state.standings[2].vocabulary = 177;
    QCOMPARE(moodOf("bpe-wordpiece-unigram", state), Mood::Fails);
  }

  void tonesThatMergeElsewhereWouldBeToldSo() {
    SpectrogramState state;
    state.step = 24;
    state.gap = 40;
    for (const std::int64_t window : {4096, 609, 512}) {
      SpectrogramStep step;
      step.window = window;
      step.resolution = 1.386 * 16000 / static_cast<double>(window);
      step.valley = window > 512 ? 0.1 : 1.1;
      state.steps.push_back(step);
    }
    QCOMPARE(moodOf("two-tones", state), Mood::Holds);
    state.steps[1].valley = state.steps[0].valley = 1.1;
    QCOMPARE(moodOf("two-tones", state), Mood::Fails);
  }

  void aBoxThatLeaksLittleWouldBeToldSo() {
    SpectrogramState state;
    state.sweep = SpectrogramSweep::Tone;
    state.step = 16;
    for (const double leak : {kQuietest, -11.0, kQuietest}) {
      SpectrogramStep step;
      step.window = 400;
      step.box_leak = leak;
      step.hann_leak = leak == kQuietest ? kQuietest : -33;
      state.steps.push_back(step);
    }
    QCOMPARE(moodOf("leakage", state), Mood::Holds);
    state.steps[1].box_leak = -30;
    QCOMPARE(moodOf("leakage", state), Mood::Fails);
  }

  void filtersThatKeepTheirDistanceWouldBeToldSo() {
    SpectrogramState state;
    state.sweep = SpectrogramSweep::Pair;
    state.step = 40;
    for (const double apart : {3.4, 0.4}) {
      SpectrogramStep step;
      step.window = 1024;
      step.filters_apart = apart;
      step.bins_apart = 12.8;
      state.steps.push_back(step);
    }
    QCOMPARE(moodOf("mel", state), Mood::Holds);
    state.steps[1].filters_apart = 3;
    QCOMPARE(moodOf("mel", state), Mood::Fails);
  }

  void framesThatAddUpAnyhowWouldBeToldSo() {
    SpectrogramState state;
    state.sweep = SpectrogramSweep::Hop;
    state.step = 19;
    for (const std::int64_t hop : {200, 300, 500}) {
      SpectrogramStep step;
      step.window = 400;
      step.hop = hop;
      step.plain_error = hop == 200 ? 0 : 0.5;
      step.reconstruction_error = hop < 400 ? 0 : 0.4;
      state.steps.push_back(step);
    }
    QCOMPARE(moodOf("overlap-add", state), Mood::Holds);
    state.steps[1].plain_error = 0;
    QCOMPARE(moodOf("overlap-add", state), Mood::Fails);
  }

  void aRecogniserThatNeverFallsSilentWouldBeToldSo() {
    CtcState state;
    state.step = 400;
    state.silent_at = 25;
    state.spoke_at = 150;
    state.now.greedy = 0.9;
    QCOMPARE(moodOf("all-blank-first", state), Mood::Holds);
    state.silent_at.reset();
    QCOMPARE(moodOf("all-blank-first", state), Mood::Fails);
  }

  void aSearchThatFindsNoMoreWouldBeToldSo() {
    CtcState state;
    state.step = 350;
    state.largest_lead = 0.2;
    QCOMPARE(moodOf("greedy-is-not-best", state), Mood::Holds);
    state.largest_lead = 0.05;
    QCOMPARE(moodOf("greedy-is-not-best", state), Mood::Fails);
  }

  void repeatsWithoutABlankWouldBeToldSo() {
    CtcState state;
    state.step = 500;
    state.now.repeats_right = state.now.others_right = 0.9;
    QCOMPARE(moodOf("repeats-need-a-blank", state), Mood::Holds);
    state.now.repeats_wrong = 0.1;
    QCOMPARE(moodOf("repeats-need-a-blank", state), Mood::Fails);
  }

  void aBagOfFramesThatSeesMotionWouldBeToldSo() {
    ClipState state;
    state.step = 150;
    state.standings.resize(2);
    state.standings[0].id = kPerFrame, state.standings[1].id = kTubelet;
    state.standings[0].moving = 0.25, state.standings[1].moving = 1;
    QCOMPARE(moodOf("tubelets-see-motion", state), Mood::Holds);
    state.standings[0].moving = 0.6;
    QCOMPARE(moodOf("tubelets-see-motion", state), Mood::Fails);
  }

  void inflatedWeightsThatForgetWouldBeToldSo() {
    ClipState state;
    state.step = 100;
    state.picture = 0.85;
    state.token_error = 1e-7;
    state.standings.resize(3);
    state.standings[0].id = kInflated, state.standings[1].id = kCentralFrame;
    state.standings[2].id = kTubelet;
    state.standings[0].first_still = state.standings[1].first_still = 0.85;
    state.standings[2].first_still = 0.25;
    state.standings[0].first_moving = 0.4, state.standings[1].first_moving = 0.7;
    QCOMPARE(moodOf("inflated-weights", state), Mood::Holds);
    state.standings[0].first_still = 0.5;
    QCOMPARE(moodOf("inflated-weights", state), Mood::Fails);
  }

  void patchesThatAreNotCountedInSquaresWouldBeToldSo() {
    ClipState state;
    state.step = 600;
    state.standings.resize(3);
    state.standings[0].id = kPatchTwo, state.standings[0].tokens = 64;
    state.standings[1].id = kPatchFour, state.standings[1].tokens = 16;
    state.standings[2].id = kPatchEight, state.standings[2].tokens = 4;
    for (auto& standing : state.standings) standing.still = 0.8;
    QCOMPARE(moodOf("patches", state), Mood::Holds);
    state.standings[2].tokens = 8;
    QCOMPARE(moodOf("patches", state), Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(MultimodalClaimsTest)
#include "multimodal_claims_test.moc"
