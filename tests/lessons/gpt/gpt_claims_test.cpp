// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson gpt can say that a claim does not show.
#include <QTest>

#include "lessons/gpt/induction_heads.h"
#include "lessons/gpt/sampling_bench.h"
#include "lessons/gpt/tiny_gpt.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

GptState stateAt(std::int64_t step) {
  GptState state;
  state.step = step;
  state.lines = {2.8, 1.7, 0.8};
  state.loss = 0.1;
  state.held_out = state.lowest = 0.5;
  state.concentration = 0.6;
  state.lens = {3.4, 1.2};
  state.below_since = 200;
  state.below_pairs_since = 80;
  return state;
}
Said gpt(const char* preset, const GptState& state) {
  return saidBy(gptVerdict(preset, state), preset);
}

InductionReport reportAt(std::int64_t step, double prefix, double accuracy, double without) {
  InductionReport report;
  report.step = step;
  report.accuracy = accuracy;
  report.heads = {{"0.0", 0, 0.4, without}, {"1.0", prefix, 0, 0.03}};
  return report;
}
Said induction(const char* preset, const InductionState& state) {
  return saidBy(inductionVerdict(preset, state), preset);
}

}  // namespace

class GptClaimsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aNetThatStaysAboveTheLinesIsToldSo() {
    for (const std::string preset : {"below-the-trigram", "chinese-text"}) {
      const char* name = preset.c_str();
      GptState state = stateAt(100);
      QCOMPARE(gpt(name, state), Said(Mood::Holds, preset));
      state.below_since.reset();
      QCOMPARE(gpt(name, state), Said(Mood::Open, preset + ".between"));
      state.below_pairs_since.reset();
      QCOMPARE(gpt(name, state), Said(Mood::Open, preset + ".above"));
      state.step = 400;
      QCOMPARE(gpt(name, state), Said(Mood::Fails, preset + ".above"));
    }
  }

  void anEvenLossABlindLensAndAFaithfulNetAreToldSo() {
    GptState state = stateAt(400);
    QCOMPARE(gpt("surprise", state), Said(Mood::Holds, "surprise"));
    state.concentration = 0.49;
    QCOMPARE(gpt("surprise", state), Said(Mood::Fails, "surprise"));
    QCOMPARE(gpt("logit-lens", state), Said(Mood::Holds, "logit-lens"));
    state.lens = {1.1, 1.2};
    QCOMPARE(gpt("logit-lens", state), Said(Mood::Fails, "logit-lens"));
    state.lens = {1.1, 0.4};
    QCOMPARE(gpt("logit-lens", state), Said(Mood::Fails, "logit-lens"));
    QCOMPARE(gpt("overfits-a-small-text", state), Said(Mood::Fails, "overfits-a-small-text"));
    state.held_out = 0.75;
    QCOMPARE(gpt("overfits-a-small-text", state), Said(Mood::Holds, "overfits-a-small-text"));
    state.loss = 0.4;
    QCOMPARE(gpt("overfits-a-small-text", state), Said(Mood::Fails, "overfits-a-small-text"));
    QCOMPARE(gpt("", state), Said(Mood::Open, "standing"));
  }

  void aScoreThatGrowsSlowlyIsNoJump() {
    InductionState state{400, 24, {reportAt(0, .04, .04, .04), reportAt(60, .1, .2, .04)}};
    QCOMPARE(induction("a-head-jumps", state), Said(Mood::Fails, "a-head-jumps.not_yet"));
    state.step = 100;
    QCOMPARE(induction("a-head-jumps", state), Said(Mood::Open, "a-head-jumps.not_yet"));
    state.reports.push_back(reportAt(110, .6, .8, .04));
    QCOMPARE(state.beforeJump().step, std::int64_t{60});
    QCOMPARE(induction("a-head-jumps", state), Said(Mood::Holds, "a-head-jumps"));
    state.reports[1] = reportAt(60, .4, .5, .04);
    QCOMPARE(induction("a-head-jumps", state), Said(Mood::Fails, "a-head-jumps"));
  }

  void aHeadThatNobodyMissesIsToldSo() {
    const char* const name = "remove-the-previous-token-head";
    InductionState state{400, 24, {reportAt(400, .8, .9, .08)}};
    QCOMPARE(induction(name, state), Said(Mood::Holds, name));
    state.reports.back() = reportAt(400, .8, .9, .7);
    QCOMPARE(induction(name, state), Said(Mood::Fails, name));
    QCOMPARE(induction("one-layer-cannot", state), Said(Mood::Open, "standing"));
    state.reports.back().one_layer = 0.05;
    QCOMPARE(induction("one-layer-cannot", state), Said(Mood::Holds, "one-layer-cannot"));
    state.reports.back().one_layer = 0.8;
    QCOMPARE(induction("one-layer-cannot", state), Said(Mood::Fails, "one-layer-cannot"));
  }

  void filtersThatDoNothingAreToldSo_data() { presetRows("sampling-bench"); }
  void filtersThatDoNothingAreToldSo() {
    QFETCH(QString, name);
    const std::string preset = name.toStdString();
    const Settings off{
        {"temperature", "1"}, {"top_k", "0"}, {"top_p", "1"}, {"min_p", "0"}, {"repetition", "1"}};
    const auto run = finishedRun("sampling-bench", off, 100, 1, preset);
    QCOMPARE(saidBy(verdictOf(*run), preset.c_str()), Said(Mood::Fails, preset));
  }
};

QTEST_GUILESS_MAIN(GptClaimsTest)
#include "gpt_claims_test.moc"
