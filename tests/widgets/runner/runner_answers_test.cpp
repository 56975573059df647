// SPDX-License-Identifier: GPL-3.0-or-later
// That a person has an answer soon, whatever runs do, and that nothing ends the program.
#include <QSignalSpy>
#include <QTimer>
#include <QtTest>
#include <atomic>
#include <semaphore>
#include <stdexcept>

#include "lessons/core/error.h"
#include "tests/fakes/fake_phase.h"
#include "tests/widgets/runner/waiting.h"
#include "widgets/runner/seed_runs.h"

using namespace viva;
using namespace viva::fakes;

namespace {

/// Milliseconds within which a person has an answer; with room for a machine that does other
/// things.
constexpr qint64 kSoon = 1000;

}  // namespace

class RunnerAnswersTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { probe() = {}; }

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
    QTRY_COMPARE(phases.size(), std::size_t{1});
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
    QVERIFY(runner.frameAt(3)->step <= 3);  // the first frame, or one taken on the way
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
    // A sixth on a quiet machine; a frame at every state handed over would be more than the steps.
    QVERIFY2(others <= runner.state().times.seconds() / 2 + 0.02,
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
};

QTEST_GUILESS_MAIN(RunnerAnswersTest)
#include "runner_answers_test.moc"
