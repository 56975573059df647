// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson fine-tuning can say that a claim does not show.
#include <QTest>

#include "lessons/fine_tuning/peft_race.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

Said verdictOn(const char* preset, const PeftState& state) {
  return saidBy(peftVerdict(preset, state), preset);
}

PeftStanding methodNamed(const std::string& id, double accuracy, double old_accuracy,
                         std::int64_t trained = 7168, std::int64_t bytes = 400000) {
  PeftStanding standing;
  standing.contender.id = id;
  standing.accuracy = accuracy;
  standing.old_accuracy = old_accuracy;
  standing.trained = trained;
  standing.bytes = bytes;
  return standing;
}

PeftState stateOf(std::vector<PeftStanding> standings) {
  PeftState state;
  state.step = 500;
  state.base_old = 1;
  state.base_new = 0.1;
  state.off_difference = 0;
  state.standings = std::move(standings);
  return state;
}

}  // namespace

class FineTuningClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aPromptThatLearnsTheRoutingOrALoraThatDoesNotWouldBeToldSo() {
    const char* preset = "the-race";
    auto state =
        stateOf({methodNamed("full", 1, 0.1, 69568, 1117184), methodNamed("prompt", 0.1, 0.9, 512),
                 methodNamed("lora", 1, 0.1), methodNamed("qlora", 1, 0.1, 7168, 160000),
                 methodNamed("adalora", 1, 0.1, 10824)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[1].accuracy = 0.9;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[1].accuracy = 0.1;
    state.standings[2].accuracy = 0.8;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.step = 499;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, preset));
    state.shift = TaskShift::Known;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, "standing"));
  }

  void aPromptThatCannotSelectWouldBeToldSo() {
    const char* preset = "prompts-select";
    auto state = stateOf({methodNamed("full", 1, 0.1), methodNamed("prompt", 1, 0.3, 512),
                          methodNamed("lora", 1, 0.1)});
    state.shift = TaskShift::Known;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[1].accuracy = 0.7;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[1].accuracy = 1;
    state.base_new = 0.9;  // there was nothing to select
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aPromptThatAddsWouldBeToldSo() {
    const char* preset = "adapters-add";
    auto state = stateOf({methodNamed("prompt", 0.1, 0.9, 512),
                          methodNamed("p-tuning-v2", 0.1, 0.9, 2048), methodNamed("lora", 1, 0.1)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[0].accuracy = 0.5;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings.pop_back();
    QCOMPARE(verdictOn(preset, state), Said(Mood::Open, "standing"));
  }

  void aThinMatrixThatIsNotEnoughOrNotSlowerWouldBeToldSo() {
    const char* preset = "rank";
    auto state = stateOf({methodNamed("lora-r1", 0.7, 0.1), methodNamed("lora-r2", 0.8, 0.1),
                          methodNamed("lora-r4", 0.9, 0.1), methodNamed("lora-r8", 1, 0.1)});
    state.standings[0].contender.rank = 1;
    state.standings[3].reached_at = 180;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));  // rank 1 is not enough
    state.standings[0].accuracy = 0.99;
    state.standings[0].reached_at = 400;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[0].reached_at = 180;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aLoraThatForgetsNothingWouldBeToldSo() {
    const char* preset = "lora-forgets-too";
    auto state = stateOf({methodNamed("full", 1, 0.1), methodNamed("lora", 1, 0.15)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[1].old_accuracy = 0.95;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[1].old_accuracy = 0.15;
    state.off_difference = 1e-7;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void replayThatDoesNotHelpWouldBeToldSo() {
    const char* preset = "replay-prevents-forgetting";
    auto state = stateOf({methodNamed("full", 1, 0.1), methodNamed("full-replay", 1, 1),
                          methodNamed("lora", 1, 0.1), methodNamed("lora-replay", 1, 1)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.standings[3].old_accuracy = 0.6;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.standings[3].old_accuracy = 1;
    state.standings[2].old_accuracy = 0.9;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void methodsThatDoNotLearnAreToldSo() {
    const auto run = startedRun(
        "peft-race",
        {{"lr", "1e-6"}, {"batch_size", "2"}, {"pretraining", "1"}, {"evaluate_every", "500"}}, 500,
        1, "lora-forgets-too");
    run->advance(std::int64_t{500});
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, "a rate of 1e-6");
    QCOMPARE(verdict.mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(FineTuningClaimsTest)
#include "fine_tuning_claims_test.moc"
