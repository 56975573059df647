// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runner/runner.h"

#include <QSignalSpy>
#include <QtTest>
#include <cmath>
#include <semaphore>

#include "tests/widgets/runner/waiting.h"
#include "widgets/runner/run_result.h"

using namespace viva;
using namespace viva::fakes;

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
