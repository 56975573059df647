// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of agent-loop can say that a claim does not show.
#include <QTest>

#include "lessons/tool_use/agent_loop.h"
#include "lessons/tool_use/tool_policy.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::int64_t kAllTasks = 200;

AgentTally tally(const std::string& id, std::int64_t solved, std::int64_t leaked = 0) {
  AgentTally made;
  made.id = id;
  made.tasks = made.struck = kAllTasks;
  made.solved = made.solved_when_struck = solved;
  made.leaked = leaked;
  return made;
}

AgentLoopState stateOf(std::vector<AgentTally> tallies) {
  AgentLoopState state;
  state.step = 600;
  state.tasks = kAllTasks;
  state.tallies = std::move(tallies);
  return state;
}

Said verdictOn(const char* preset, const AgentLoopState& state) {
  return saidBy(agentVerdict(preset, state), preset);
}

/// Every fault fails without its own guard and is solved with it.
AgentLoopState guarded() {
  std::vector<AgentTally> all;
  for (const auto fault : kAgentFaults.meanings)
    for (const auto guard : kAgentGuards.meanings) all.push_back(tally(faultId(fault, guard), 20));
  AgentLoopState state = stateOf(std::move(all));
  const auto solve = [&](AgentFault fault, AgentGuard guard) {
    for (AgentTally& some : state.tallies)
      if (some.id == faultId(fault, guard)) some.solved_when_struck = 190;
  };
  solve(AgentFault::BadSchema, AgentGuard::Validation);
  solve(AgentFault::TimeOut, AgentGuard::Retry);
  solve(AgentFault::WrongUnit, AgentGuard::Validation);
  solve(AgentFault::Empty, AgentGuard::Retry);
  solve(AgentFault::Injected, AgentGuard::Marking);
  solve(AgentFault::Loop, AgentGuard::Limit);
  return state;
}

}  // namespace

class AgentClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anAgentThatSolvesHalfIsToldSo() {
    const char* preset = "perceive-plan-act";
    QCOMPARE(verdictOn(preset, stateOf({tally("", 195)})), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, stateOf({tally("", 100)})), Said(Mood::Fails, preset));
    auto early = stateOf({tally("", 195)});
    early.step = 500;
    QCOMPARE(verdictOn(preset, early), Said(Mood::Open, preset));
  }

  void wordsThatFindAsMuchAsVectorsAreToldSo() {
    const char* preset = "memory-decides";
    auto state = stateOf(
        {tally("vectors", 198), tally("words", 150), tally("window", 90), tally("none", 50)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.tallies[1].solved = 198;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.tallies[1].solved = 150;
    state.tallies[2].solved = 50;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aGuardThatIsNotTheBestIsToldSo() {
    const char* preset = "each-fault-and-its-guard";
    auto state = guarded();
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    for (AgentTally& some : state.tallies)
      if (some.id == "fault/loop/retry") some.solved_when_struck = 195;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state = guarded();
    for (AgentTally& some : state.tallies)
      if (some.id == "fault/empty/none") some.solved_when_struck = 185;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aMarkThatIsNotReadIsToldSo() {
    const char* preset = "prompt-injection";
    auto state = stateOf({tally("unmarked", 110, 30), tally("marked", 198, 0)});
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.tallies[1].leaked = 20;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.tallies[1].leaked = 0;
    state.tallies[0].leaked = 2;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aForkThatDiffersBeforeTheEditIsToldSo() {
    const char* preset = "fork-the-run";
    auto state = stateOf({tally("", 198)});
    state.forks = state.same_before = state.other_reports = 200;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Holds, preset));
    state.same_before = 199;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
    state.same_before = 200;
    state.other_reports = 100;
    QCOMPARE(verdictOn(preset, state), Said(Mood::Fails, preset));
  }

  void aMindThatWasNotTrainedIsToldSo() {
    const auto run = startedRun("agent-loop", {{"updates", "4"}}, 204, 1, "perceive-plan-act");
    run->advance(std::int64_t{204});
    QVERIFY(tests::at(*run, 204, "success") < 0.05);
  }

  void aPolicyThatDoesNotLearnIsToldSo() {
    const char* preset = "learns-to-call";
    PolicyState state;
    state.step = 300;
    state.standings = {{""}};
    state.standings[0].first_success = 0.1;
    state.standings[0].late_success = 0.95;
    QCOMPARE(saidBy(policyVerdict(preset, state), preset), Said(Mood::Holds, preset));
    state.standings[0].late_success = 0.5;
    QCOMPARE(saidBy(policyVerdict(preset, state), preset), Said(Mood::Fails, preset));
  }

  void aPolicyThatSolvesForTheWrongRewardIsToldSo() {
    const char* preset = "reward-hacking";
    PolicyState state;
    state.step = 300;
    state.standings = {{kCheckedPolicy}, {kFormatPolicy}};
    state.standings[0].late_success = 0.95;
    state.standings[1].late_reward = 0.96;
    state.standings[1].late_success = 0.1;
    QCOMPARE(saidBy(policyVerdict(preset, state), preset), Said(Mood::Holds, preset));
    state.standings[1].late_success = 0.9;
    QCOMPARE(saidBy(policyVerdict(preset, state), preset), Said(Mood::Fails, preset));
    state.standings.pop_back();
    QCOMPARE(saidBy(policyVerdict(preset, state), preset), Said(Mood::Open, "standing"));
  }
};

QTEST_GUILESS_MAIN(AgentClaimsTest)
#include "agent_claims_test.moc"
