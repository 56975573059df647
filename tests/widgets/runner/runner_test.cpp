// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runner/runner.h"

#include <QSignalSpy>
#include <QTimer>
#include <QtTest>
#include <atomic>
#include <cmath>
#include <semaphore>
#include <stdexcept>

#include "lessons/core/error.h"
#include "tests/fakes/fake_phase.h"
#include "widgets/runner/run_result.h"
#include "widgets/runner/seed_runs.h"

using namespace viva;
using namespace viva::fakes;

namespace {

RunSettings settings(std::int64_t steps,
                     const std::vector<std::pair<std::string, std::string>>& set = {}) {
  RunSettings made{fakeParameters(set)};
  made.steps = steps;
  return made;
}

/// Asks for states, as a display does, until one pleases.
template <typename Condition>
bool waitFor(Runner& runner, Condition pleases) {
  QSignalSpy published(&runner, &Runner::published);
  QElapsedTimer elapsed;
  elapsed.start();
  while (elapsed.elapsed() < 20000) {
    if (runner.state().generation == runner.newestGeneration() && pleases(runner.state()))
      return true;
    runner.wantState();
    published.wait(1000);
  }
  return false;
}

/// Milliseconds within which a person has an answer; with room for a machine that does other
/// things.
constexpr qint64 kSoon = 1000;

bool isOver(const RunState& state) { return state.status != RunStatus::Running; }

}  // namespace

class RunnerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { probe() = {}; }

  void aNewRunIsPausedAtRowZeroAndShowsIt() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(100), runtime);
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.frame != nullptr; }));
    QCOMPARE(runner.state().step, 0);
    QCOMPARE(runner.state().records.rows(), 1);
    QVERIFY(!runner.state().playing);
  }

  void askedOnceARunThatGoesAsFastAsItCanShowsItsState() {
    FakeRuntime runtime;
    Runner runner;
    runner.setSpeed(Runner::kUnlimited);
    runner.start(fakeSpec(), settings(10), runtime);
    QVERIFY(waitFor(runner, [](const RunState&) { return true; }));
    // The worker is held, so that it finds the start and the play together.
    std::binary_semaphore is_held{0}, may_go_on{0};
    runner.inspect(
        [&](const Run&) {
          is_held.release();
          may_go_on.acquire();
        },
        [](const auto&) {});
    is_held.acquire();
    QSignalSpy published(&runner, &Runner::published);
    runner.start(fakeSpec(), settings(1'000'000'000), runtime);
    runner.play();
    may_go_on.release();
    // Nobody asks but start() itself.
    QVERIFY(published.wait(5000));
    QCOMPARE(runner.state().generation, runner.newestGeneration());
    for (int time = 0; time < 50; ++time) {
      const std::int64_t before = runner.state().step;
      runner.wantState();
      QVERIFY2(published.wait(5000), qPrintable(QString::number(time)));
      QVERIFY(runner.state().step > before);
    }
    QCOMPARE(runner.state().status, RunStatus::Running);
    runner.pause();
  }

  void playingGivesTheRecordsThatTheRunGivesAlone() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(500, {{"noise", "1"}}), runtime);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().status, RunStatus::Completed);
    Run alone(fakeSpec(), settings(500, {{"noise", "1"}}), runtime);
    alone.advance(500);
    QCOMPARE(runner.state().records.digest(), alone.records().digest());
  }

  void whatIsAskedOfARunIsAnsweredByItThoughAnotherStarts() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(50), runtime, 50);
    QVERIFY(waitFor(runner, isOver));
    RunResult first{settings(0), {}};
    std::int64_t second = -1;
    bool done = false;
    runner.inspect([&](const Run& run) { first = resultOf(run); }, [](const auto&) {});
    runner.start(fakeSpec(), settings(7, {{"rate", "0.5"}}), runtime);
    runner.inspect([&](const Run& run) { second = run.step(); }, [&](const auto&) { done = true; });
    QTRY_VERIFY(done);
    QCOMPARE(first.records.rows(), std::int64_t{51});
    QCOMPARE(first.settings.parameters.real("rate"), 0.1);
    QCOMPARE(second, std::int64_t{0});
  }

  void theTimesGrowWithTheStepsAndNotInAPause() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(400, {{"burden", "20000"}}), runtime);
    runner.stepForward(100);
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.step == 100; }));
    const StepTimes paused = runner.state().times;
    QCOMPARE(paused.marks().back().step, 100.0);
    QVERIFY(paused.seconds() > 0);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    const StepTimes& times = runner.state().times;
    QCOMPARE(times.marks().back().step, 400.0);
    QVERIFY(times.seconds() > paused.seconds());
    for (std::size_t i = 1; i < times.marks().size(); ++i)
      QVERIFY(times.marks()[i].seconds >= times.marks()[i - 1].seconds);
  }

  void theResultOfARunGivesItsRecordsAgain() {
    FakeRuntime runtime;
    RunSettings noisy = settings(60, {{"noise", "1"}});
    noisy.events = {{20, "rate", 0.3}, {55, "rate", 0.01}, {90, "rate", 1.0}};
    Run run(fakeSpec(), noisy, runtime);
    run.advance(40);
    const RunResult result = resultOf(run);
    QCOMPARE(result.settings.steps, std::int64_t{40});
    QCOMPARE(result.settings.events.size(), std::size_t{1});
    Run again(fakeSpec(), result.settings, runtime);
    again.advance(1000);
    QCOMPARE(again.step(), std::int64_t{40});
    QCOMPARE(again.records().digest(), result.records.digest());
  }

  void theFinalFrameIsThatOfTheLastStep() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(3000), runtime);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().frame->step, 3000);
  }

  void eachStepByHandGetsItsFrame() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(100), runtime);
    runner.stepForward(7);
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.step == 7; }));
    for (std::int64_t step = 0; step <= 7; ++step) {
      const auto frame = runner.frameAt(step);
      QVERIFY(frame);
      if (step > 0) QCOMPARE(frame->step, step);
    }
  }

  void aPausedRunStandsStill() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(100000000), runtime);
    runner.play();
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.step > 100; }));
    runner.pause();
    QVERIFY(waitFor(runner, [](const RunState& state) { return !state.playing; }));
    const std::int64_t step = runner.state().step;
    bool inspected = false;
    std::int64_t later = 0;
    runner.inspect([&](const Run& run) { later = run.step(); },
                   [&](const auto&) { inspected = true; });
    QTRY_VERIFY(inspected);
    QCOMPARE(later, step);
  }

  void playAfterCompletionGoesOnForAsManySteps() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(40), runtime);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    runner.play();
    QVERIFY(
        waitFor(runner, [](const RunState& state) { return state.step == 80 && isOver(state); }));
  }

  void aLiveChangeAppliesAtTheNextStepAndIsRecorded() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(20), runtime);
    runner.stepForward(5);
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.step == 5; }));
    runner.change("rate", 0.5);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().events.size(), std::size_t(1));
    QCOMPARE(runner.state().events[0].step, 5);
    const Records& records = runner.state().records;
    const auto x = static_cast<std::size_t>(records.find("a/x"));
    QCOMPARE(records.at(5, x), 4 * std::pow(0.9, 5));
    QCOMPARE(records.at(6, x), records.at(5, x) - 0.5 * records.at(5, x));
  }

  void seekingRunsToThatStepAndPauses() {
    FakeRuntime runtime;
    Runner runner;
    RunSettings with_event = settings(100);
    with_event.events = {{10, "rate", 0.5}};
    runner.start(fakeSpec(), with_event, runtime, 60);
    QVERIFY(
        waitFor(runner, [](const RunState& state) { return state.step == 60 && !state.seeking; }));
    QVERIFY(!runner.state().playing);
    Run alone(fakeSpec(), with_event, runtime);
    alone.advance(60);
    QCOMPARE(runner.state().records.digest(), alone.records().digest());
  }

  void anExceptionEndsTheRunWithItsMessageAndTheNextRunIsFine() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(100, {{"fail_at", "3"}}), runtime);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().status, RunStatus::Failed);
    QVERIFY(runner.state().message.has_value());
    runner.start(fakeSpec(), settings(10), runtime);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().status, RunStatus::Completed);
    QVERIFY(!runner.state().message.has_value());
  }

  void aRunThatCannotStartSaysWhy() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(10, {{"title", "invalid"}}), runtime);
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().status, RunStatus::Failed);
    QCOMPARE(runner.state().message->key, std::string("error.unreadable_value"));
  }

  void framesDroppedOnTheWayDoNotDropRecords() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(200000), runtime);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().records.rows(), 200001);
    QVERIFY(probe().snapshots < 200000);
  }

  void aSlowSpeedTakesSingleStepsWithTheirFrames() {
    FakeRuntime runtime;
    Runner runner;
    runner.setSpeed(20);
    runner.start(fakeSpec(), settings(4), runtime);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    for (std::int64_t step = 1; step <= 4; ++step) QCOMPARE(runner.frameAt(step)->step, step);
  }

  void closingInTheMiddleOfARunEndsItsThread() {
    FakeRuntime runtime;
    {
      Runner runner;
      runner.start(fakeSpec(), settings(1000000000), runtime);
      runner.play();
      QVERIFY(waitFor(runner, [](const RunState& state) { return state.step > 10; }));
    }
    QCOMPARE(runtime.entered, runtime.left);
  }

  void oneOfTwoLongRunsIsClosedWhileTheOtherWorks() {
    FakeRuntime runtime;
    Runner other;
    auto closed = std::make_unique<Runner>();
    for (Runner* runner : {&other, closed.get()}) {
      runner->start(fakeSpec(), settings(1'000'000'000), runtime);
      runner->play();
    }
    for (Runner* runner : {&other, closed.get()})
      QVERIFY(waitFor(*runner, [](const RunState& state) { return state.step > 10; }));
    // Nobody asks either of them for anything any more.
    QElapsedTimer elapsed;
    elapsed.start();
    closed.reset();
    QVERIFY2(elapsed.elapsed() < kSoon, qPrintable(QString::number(elapsed.elapsed())));
    const std::int64_t step = other.state().step;
    QVERIFY(waitFor(other, [&](const RunState& state) { return state.step > step; }));
  }

  void fiveSeedsAndAPlayedRunAreClosed() {
    FakeRuntime runtime;
    const RunSettings heavy = settings(1'000'000'000, {{"burden", "100000"}, {"noise", "1"}});
    auto seeds = std::make_unique<SeedRuns>();
    auto played = std::make_unique<Runner>();
    seeds->start(fakeSpec(), heavy, runtime, 5);
    played->start(fakeSpec(), heavy, runtime);
    played->play();
    QVERIFY(waitFor(*played, [](const RunState& state) { return state.step > 3; }));
    QElapsedTimer elapsed;
    elapsed.start();
    seeds.reset();
    played.reset();
    QVERIFY2(elapsed.elapsed() < kSoon, qPrintable(QString::number(elapsed.elapsed())));
  }

  void anAnswerIsSoonThereHoweverManyRunsAreAtWork() {
    FakeRuntime runtime;
    Runner runners[6];
    for (Runner& runner : runners) {
      runner.start(fakeSpec(), settings(1'000'000'000, {{"burden", "10000"}}), runtime);
      runner.play();
    }
    for (Runner& runner : runners)
      QVERIFY(waitFor(runner, [](const RunState& state) { return state.step > 3; }));
    QElapsedTimer elapsed;
    elapsed.start();
    runners[3].pause();
    QVERIFY(waitFor(runners[3], [](const RunState& state) { return !state.playing; }));
    QVERIFY2(elapsed.elapsed() < kSoon, qPrintable(QString::number(elapsed.elapsed())));
    elapsed.start();
    runners[3].start(fakeSpec(), settings(10), runtime);
    QVERIFY(waitFor(runners[3], [](const RunState& state) { return state.frame != nullptr; }));
    QVERIFY2(elapsed.elapsed() < kSoon, qPrintable(QString::number(elapsed.elapsed())));
  }

  void aStepAndAPreparationThatNeverEndAreLeftAtOnce_data() {
    QTest::addColumn<QString>("waits_at");
    QTest::addColumn<QString>("slices");
    QTest::newRow("constructor") << "0"
                                 << "0";
    QTest::newRow("preparation") << "-1"
                                 << "1000000000";
    QTest::newRow("step") << "1"
                          << "0";
  }

  void aStepAndAPreparationThatNeverEndAreLeftAtOnce() {
    QFETCH(QString, waits_at);
    QFETCH(QString, slices);
    const RunSettings endless = phasedSettings(
        10, {{"waits_at", waits_at.toStdString()}, {"slices", slices.toStdString()}});
    const auto isAtWork = [] {
      return probe().made > 0 && (probe().stepped > 0 || probe().prepared > 0);
    };
    FakeRuntime runtime;
    QElapsedTimer elapsed;
    {
      Runner runner;
      runner.start(phasedSpec(), endless, runtime, 10);
      QTRY_VERIFY(waits_at == "0" ? probe().made > 0 : isAtWork());
      elapsed.start();
      // Another run takes its place.
      runner.start(fakeSpec(), settings(10), runtime, 10);
      QVERIFY(waitFor(runner, isOver));
      QVERIFY2(elapsed.elapsed() < kSoon, qPrintable(QString::number(elapsed.elapsed())));
      QCOMPARE(runner.state().status, RunStatus::Completed);
      probe() = {};
      runner.start(phasedSpec(), endless, runtime, 10);
      QTRY_VERIFY(waits_at == "0" ? probe().made > 0 : isAtWork());
      elapsed.start();
    }
    QVERIFY2(elapsed.elapsed() < kSoon, qPrintable(QString::number(elapsed.elapsed())));
    QCOMPARE(runtime.entered, runtime.left);
  }

  void aPreparationIsSaidAndHoldsUpNobody() {
    FakeRuntime runtime;
    Runner prepared, played;
    prepared.start(phasedSpec(), phasedSettings(10, {{"slices", "1000000000"}}), runtime);
    played.start(fakeSpec(), settings(50), runtime);
    played.play();
    QVERIFY(waitFor(played, isOver));
    QVERIFY(waitFor(prepared, [](const RunState& state) { return state.preparing; }));
    QCOMPARE(prepared.state().status, RunStatus::Running);
    QCOMPARE(prepared.state().records.rows(), std::int64_t{0});
    // What needs the run waits for its row 0, and is told when that will not come.
    std::optional<Message> problem;
    bool worked = false;
    prepared.inspect([&](Run&) { worked = true; }, [&](const auto& why) { problem = why; });
    prepared.start(fakeSpec(), settings(10), runtime);
    QTRY_VERIFY(problem);
    QVERIFY(!worked);
  }

  void aShortPreparationEndsInRowZero() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(phasedSpec(), phasedSettings(10, {{"slices", "20"}}), runtime);
    std::int64_t rows = -1;
    runner.inspect([&](Run& run) { rows = run.records().rows(); }, [](const auto&) {});
    QTRY_COMPARE(rows, std::int64_t{1});
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.frame != nullptr; }));
    QVERIFY(!runner.state().preparing);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    Run alone(phasedSpec(), phasedSettings(10, {{"slices", "20"}}), runtime);
    alone.advance(std::int64_t{10});
    QCOMPARE(runner.state().records.digest(), alone.records().digest());
  }

  void aRunBeginsAtTheEndOfItsPhaseAndShowsTheNearestFrame() {
    FakeRuntime runtime;
    MemoryPhases phases;
    Runner runner;
    RunSettings cached = phasedSettings(50);
    cached.phases = &phases;
    runner.start(phasedSpec(), cached, runtime, 50);
    QVERIFY(waitFor(runner, isOver));
    const std::string computed = runner.state().records.digest();
    QTRY_COMPARE(phases.states.size(), std::size_t{1});
    runner.start(phasedSpec(), cached, runtime);
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.frame != nullptr; }));
    QCOMPARE(runner.state().step, std::int64_t{20});
    QCOMPARE(runner.frameAt(3)->step, std::int64_t{20});
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().records.digest(), computed);
    // Whoever wants to see a step of it sees that step.
    runner.start(phasedSpec(), cached, runtime, 7);
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.step == 7; }));
    QCOMPARE(runner.frameAt(3)->step, std::int64_t{0});
  }

  void changesAtTheStepThatIsShownAreThere() {
    FakeRuntime runtime;
    Runner runner;
    RunSettings with_events = settings(100);
    with_events.events = {{20, "rate", 0.5}, {100, "rate", 0.25}};
    const auto rate = [](const RunState& state) {
      return std::get<double>(static_cast<const Value&>(state.events.back().value));
    };
    for (const auto& [seek, value] : {std::pair{20, 0.5}, std::pair{100, 0.25}}) {
      probe() = {};
      runner.start(fakeSpec(), with_events, runtime, seek);
      QVERIFY(waitFor(runner, [&](const RunState& state) {
        return state.step == seek && !state.seeking && !state.events.empty();
      }));
      QCOMPARE(rate(runner.state()), value);
      QCOMPARE(probe().last_applied_rate, value);
    }
  }

  void aRunThatCannotStartHasNothingToInspect() {
    FakeRuntime runtime;
    Runner runner;
    std::optional<Message> problem;
    bool worked = false;
    const auto inspect = [&] {
      problem.reset();
      runner.inspect([&](Run&) { worked = true; }, [&](const auto& why) { problem = why; });
    };
    inspect();  // before any start
    QTRY_VERIFY(problem);
    QCOMPARE(problem->key, std::string("panel.no_run"));
    runner.start(fakeSpec(), settings(10, {{"title", "invalid"}}), runtime);
    inspect();
    QTRY_VERIFY(problem);
    QCOMPARE(problem->key, std::string("error.unreadable_value"));
    runner.start(fakeSpec(), settings(10, {{"fail_at", "0"}}), runtime);
    inspect();
    QTRY_VERIFY(problem);
    QCOMPARE(problem->key, std::string("error.experiment_failed"));
    // To play it is no trouble either.
    runner.setSpeed(10);
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QVERIFY(!runner.state().playing);
    QVERIFY(!worked);
  }

  void whatAnInspectionThrowsIsSaidAndTheRunGoesOn() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(10), runtime);
    std::vector<std::string> keys;
    const auto note = [&](const auto& why) { keys.push_back(why ? why->key : "done"); };
    runner.inspect([](Run&) { throw FileError({"error.not_a_run_file", {}}); }, note);
    runner.inspect([](Run&) { throw 7; }, note);
    runner.inspect([](Run&) {}, note);
    QTRY_COMPARE(keys, (std::vector<std::string>{"error.not_a_run_file", "error.experiment_failed",
                                                 "done"}));
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().status, RunStatus::Completed);
  }

  void aLibraryThatFailsEndsTheRunAndNotTheProgram() {
    struct Failing : FakeRuntime {
      std::atomic<bool> fails = false;
      void enter(GeneratorState& state, int threads) override {
        if (fails) throw std::runtime_error("no memory on the card");
        FakeRuntime::enter(state, threads);
      }
    } runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(1000), runtime);
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.frame != nullptr; }));
    runtime.fails = true;
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(runner.state().status, RunStatus::Failed);
    runtime.fails = false;
    runner.start(fakeSpec(), settings(10), runtime, 10);
    QVERIFY(waitFor(runner, [](const RunState& s) { return s.status == RunStatus::Completed; }));
  }

  void snapshotsTakeTheirShareOfASeekAndNoMore() {
    FakeRuntime runtime;
    Runner runner;
    probe().seconds_of_a_snapshot = 0.02;
    runner.start(fakeSpec(), settings(4000, {{"burden", "20000"}}), runtime, 4000);
    QVERIFY(waitFor(runner, isOver));
    // Those of row 0 and of the end are always made.
    const double others = probe().seconds_of_snapshots - 2 * 0.02;
    QVERIFY2(others <= runner.state().times.seconds() / 4 + 0.02,
             qPrintable(QString("%1 of %2").arg(others).arg(runner.state().times.seconds())));
  }

  void ofARunThatNobodyWatchesNoFramesAreMade() {
    FakeRuntime runtime;
    Runner runner;
    runner.setWatched(false);
    runner.start(fakeSpec(), settings(500), runtime, 500);
    QVERIFY(waitFor(runner, isOver));
    QCOMPARE(probe().snapshots, std::int64_t{0});
    QCOMPARE(runner.state().records.rows(), std::int64_t{501});
  }

  void afterAPauseInItsThreadARunDoesNotCatchUp() {
    FakeRuntime runtime;
    Runner runner;
    runner.setSpeed(20);
    runner.start(fakeSpec(), settings(100000), runtime);
    runner.play();
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.step > 0; }));
    QTimer a_while;
    a_while.setSingleShot(true);
    QSignalSpy over(&a_while, &QTimer::timeout);
    std::binary_semaphore may_go_on{0};
    std::atomic<std::int64_t> held_at = -1;
    runner.inspect(
        [&](const Run& run) {
          held_at = run.step();
          may_go_on.acquire();
        },
        [](const auto&) {});
    QTRY_VERIFY(held_at >= 0);
    a_while.start(1000);
    QVERIFY(over.wait(5000));  // twenty steps are owed
    QElapsedTimer elapsed;
    elapsed.start();
    may_go_on.release();
    QVERIFY(waitFor(runner, [&](const RunState& state) { return state.step >= held_at + 8; }));
    // Two at once are a tenth of a second; the others come at their pace.
    QVERIFY2(elapsed.elapsed() >= 200, qPrintable(QString::number(elapsed.elapsed())));
  }

  void aRefusedChangeIsSaidUntilSomethingElseIsTaken() {
    FakeRuntime runtime;
    Runner runner;
    runner.start(fakeSpec(), settings(100), runtime);
    runner.change("title", Text{"invalid"});
    QVERIFY(waitFor(runner, [](const RunState& state) { return state.refusal.has_value(); }));
    const Refusal refusal = *runner.state().refusal;
    QCOMPARE(refusal.name, std::string("title"));
    QVERIFY(refusal.holds == Value(Text{""}));
    QCOMPARE(refusal.message.key, std::string("error.unreadable_value"));
    QVERIFY(!runner.state().message);
    runner.change("rate", 0.5);
    QVERIFY(waitFor(runner, [](const RunState& state) { return !state.refusal; }));
    runner.change("title", Text{"invalid"});
    QVERIFY(waitFor(runner, [&](const RunState& state) {
      return state.refusal && state.refusal->number > refusal.number;
    }));
    runner.play();
    QVERIFY(waitFor(runner, isOver));
    QVERIFY(!runner.state().refusal);
  }

  void aSecondRunnerDoesNotDisturbTheFirst() {
    FakeRuntime runtime;
    Runner one, two;
    for (Runner* runner : {&one, &two}) {
      runner->start(fakeSpec(), settings(20000, {{"noise", "1"}}), runtime);
      runner->play();
    }
    QVERIFY(waitFor(one, isOver));
    QVERIFY(waitFor(two, isOver));
    QCOMPARE(one.state().records.digest(), two.state().records.digest());
  }
};

QTEST_GUILESS_MAIN(RunnerTest)
#include "runner_test.moc"
