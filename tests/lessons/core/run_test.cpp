// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/run.h"

#include <QTest>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/fakes/fake_experiment.h"
#include "tests/fakes/refusal.h"

using namespace viva;
using namespace viva::fakes;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

RunSettings settingsWith(std::int64_t steps, const Settings& parameters = {}) {
  RunSettings settings{fakeParameters(parameters)};
  settings.steps = steps;
  return settings;
}

constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

std::vector<double> columnOf(const Run& run, const char* name) {
  std::vector<double> values;
  const int column = run.records().find(name);
  if (column < 0) return values;
  for (std::int64_t row = 0; row < run.records().rows(); ++row)
    values.push_back(run.records().at(row, static_cast<std::size_t>(column)));
  return values;
}

class Collected : public WeightSink {
 public:
  void add(NamedArray array) override { arrays.push_back(std::move(array)); }
  std::vector<NamedArray> arrays;
};

}  // namespace

class RunTest : public QObject {
  Q_OBJECT
  FakeRuntime runtime_;

 private Q_SLOTS:
  void init() {
    probe() = {};
    runtime_.entered = runtime_.left = runtime_.threads_in_place = 0;
  }
  void cleanup() {
    QCOMPARE(runtime_.entered.load(), runtime_.left.load());
    QCOMPARE(runtime_.threads_in_place.load(), 0);
  }

  void rowZeroIsTheStateBeforeTheFirstUpdate() {
    Run run(fakeSpec(), settingsWith(10), runtime_);
    QCOMPARE(run.records().rows(), std::int64_t{1});
    QCOMPARE(run.step(), std::int64_t{0});
    QCOMPARE(columnOf(run, "a/x"), std::vector<double>{4});
    QVERIFY(isAbsent(columnOf(run, "a/gradient")[0]));
    QCOMPARE(run.status(), RunStatus::Running);
  }

  void runOfNoStepsWritesTheInitialStateOnly() {
    Run run(fakeSpec(), settingsWith(0), runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Completed);
    QCOMPARE(run.records().rows(), std::int64_t{1});
  }

  void runOfNStepsHasNPlusOneRows() {
    Run run(fakeSpec(), settingsWith(10), runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Completed);
    QVERIFY(!run.isOver());
    const auto x = columnOf(run, "a/x");
    const auto gradient = columnOf(run, "a/gradient");
    QCOMPARE(x.size(), std::size_t{11});
    for (std::size_t k = 1; k < x.size(); ++k) {
      QCOMPARE(gradient[k], x[k - 1]);
      QVERIFY(std::abs(x[k] - 4 * std::pow(0.9, k)) < 1e-12);
    }
  }

  void recordsFollowTheParameters() {
    Run one(fakeSpec(), settingsWith(1), runtime_);
    Run two(fakeSpec(), settingsWith(1, {{"second", "true"}}), runtime_);
    QCOMPARE(one.records().find("b/x"), -1);
    QVERIFY(two.records().find("b/x") >= 0);
  }

  void advanceStepsAsOftenAsItIsTold() {
    Run run(fakeSpec(), settingsWith(100), runtime_);
    run.advance(std::int64_t{7});
    QCOMPARE(run.step(), std::int64_t{7});
    int asked = 0;
    run.advance([&] { return ++asked > 5; });
    QCOMPARE(run.step(), std::int64_t{12});
    run.advance(std::int64_t{0});
    QCOMPARE(run.step(), std::int64_t{12});
  }

  void slicesOfAnyLengthGiveTheSameRecords() {
    Run whole(fakeSpec(), settingsWith(200, {{"noise", "1"}}), runtime_);
    whole.advance(kToTheEnd);
    Run sliced(fakeSpec(), settingsWith(200, {{"noise", "1"}}), runtime_);
    for (std::int64_t size = 1; sliced.status() == RunStatus::Running; ++size) sliced.advance(size);
    QCOMPARE(sliced.records().digest(), whole.records().digest());
  }

  void sameSeedGivesTheSameRecordsAndAnotherSeedOthers() {
    const auto digest = [&](std::uint64_t seed, const char* noise) {
      RunSettings settings = settingsWith(50, {{"noise", noise}});
      settings.seed = seed;
      Run run(fakeSpec(), settings, runtime_);
      run.advance(kToTheEnd);
      return run.records().digest();
    };
    QCOMPARE(digest(3, "1"), digest(3, "1"));
    QVERIFY(digest(3, "1") != digest(4, "1"));
    QCOMPARE(digest(3, "0"), digest(4, "0"));
  }

  void runsThatShareTheThreadDoNotDisturbEachOther() {
    Run alone(fakeSpec(), settingsWith(100, {{"noise", "1"}}), runtime_);
    alone.advance(kToTheEnd);
    RunSettings other_settings = settingsWith(100, {{"noise", "2"}});
    other_settings.seed = 99;
    Run one(fakeSpec(), settingsWith(100, {{"noise", "1"}}), runtime_);
    Run other(fakeSpec(), other_settings, runtime_);
    for (int i = 0; i < 100; ++i) {
      one.advance(std::int64_t{1});
      FakeRuntime::generator()();  // somebody else draws too
      other.advance(std::int64_t{1});
    }
    QCOMPARE(one.records().digest(), alone.records().digest());
    QVERIFY(other.records().digest() != alone.records().digest());
  }

  void generatorsOfTheProcessAreGivenBack() {
    const auto before = FakeRuntime::generator();
    Run run(fakeSpec(), settingsWith(50, {{"noise", "1"}}), runtime_);
    run.advance(kToTheEnd);
    run.frame();
    QVERIFY(FakeRuntime::generator() == before);
  }

  void snapshotsDoNotChangeTheRecords() {
    Run blind(fakeSpec(), settingsWith(60, {{"noise", "1"}}), runtime_);
    blind.advance(kToTheEnd);
    probe().snapshot_draws_random_numbers = true;
    Run watched(fakeSpec(), settingsWith(60, {{"noise", "1"}}), runtime_);
    while (watched.status() == RunStatus::Running) {
      QCOMPARE(watched.frame()->step, watched.step());
      watched.advance(std::int64_t{1});
    }
    QCOMPARE(probe().snapshots, std::int64_t{60});
    QCOMPARE(watched.records().digest(), blind.records().digest());
  }

  void recordsOnDiskAreTheSame() {
    RunSettings settings = settingsWith(3 * RecordChunk::kRows, {{"noise", "1"}});
    Run memory(fakeSpec(), settings, runtime_);
    settings.record_memory = 0;
    Run disk(fakeSpec(), settings, runtime_);
    memory.advance(kToTheEnd);
    disk.advance(kToTheEnd);
    QCOMPARE(disk.records().digest(), memory.records().digest());
  }

  void eventIsSeenByTheUpdateAfterItsStep() {
    RunSettings settings = settingsWith(10);
    settings.events = {{5, "rate", 1.0}};
    Run run(fakeSpec(), settings, runtime_);
    run.advance(std::int64_t{5});
    QCOMPARE(probe().applied, std::int64_t{0});
    QVERIFY(run.events().empty());
    run.advance(kToTheEnd);
    const auto x = columnOf(run, "a/x");
    QVERIFY(std::abs(x[5] - 4 * std::pow(0.9, 5)) < 1e-12);
    QCOMPARE(x[6], 0.0);
    QCOMPARE(run.events(), settings.events);
    QCOMPARE(run.parameters().real("rate"), 1.0);
    QCOMPARE(run.initialParameters().real("rate"), 0.1);
  }

  void eventAtStepZeroComesBeforeTheFirstUpdate() {
    RunSettings settings = settingsWith(1);
    settings.events = {{0, "rate", 1.0}};
    Run run(fakeSpec(), settings, runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(columnOf(run, "a/x"), (std::vector<double>{4, 0}));
  }

  void eventsOfOneStepApplyInOrderAndEventsComeInOrderOfStep() {
    RunSettings settings = settingsWith(6);
    settings.events = {{4, "rate", 1.0}, {2, "rate", 0.5}, {2, "rate", 0.25}};
    Run run(fakeSpec(), settings, runtime_);
    run.advance(std::int64_t{3});
    QCOMPARE(run.parameters().real("rate"), 0.25);
    QCOMPARE(probe().applied, std::int64_t{1});
    run.advance(kToTheEnd);
    QCOMPARE(run.events(),
             (std::vector<Event>{{2, "rate", 0.5}, {2, "rate", 0.25}, {4, "rate", 1.0}}));
  }

  void liveChangeAppliesAtTheNextStepAndIsRecorded() {
    Run run(fakeSpec(), settingsWith(10), runtime_);
    run.advance(std::int64_t{3});
    run.change("rate", 1.0);
    QCOMPARE(run.records().rows(), std::int64_t{4});
    QCOMPARE(run.events(), (std::vector<Event>{{3, "rate", 1.0}}));
    run.advance(std::int64_t{1});
    QCOMPARE(columnOf(run, "a/x")[4], 0.0);
    QCOMPARE(probe().last_applied_rate, 1.0);
  }

  void replayOfARunWithLiveChangesGivesTheSameDigest() {
    Run run(fakeSpec(), settingsWith(300, {{"noise", "0.5"}}), runtime_);
    run.change("noise", 1.0);
    run.advance(std::int64_t{17});
    run.change("rate", 0.7);
    run.change("rate", 0.3);
    run.advance(std::int64_t{100});
    run.change("noise", 0.0);
    run.advance(kToTheEnd);
    RunSettings again{run.initialParameters()};
    again.steps = run.step();
    again.events = run.events();
    Run replay(fakeSpec(), again, runtime_);
    replay.advance(kToTheEnd);
    QCOMPARE(replay.records().digest(), run.records().digest());
    QCOMPARE(replay.events(), run.events());
    QCOMPARE(run.events().size(), std::size_t{4});
  }

  void changeDuringAReplayKeepsTheLaterEvents() {
    RunSettings settings = settingsWith(20);
    settings.events = {{10, "rate", 0.5}};
    Run run(fakeSpec(), settings, runtime_);
    run.advance(std::int64_t{5});
    run.change("rate", 0.2);
    run.advance(std::int64_t{5});
    QCOMPARE(run.parameters().real("rate"), 0.2);
    run.advance(std::int64_t{1});
    QCOMPARE(run.parameters().real("rate"), 0.5);
  }

  void wrongLiveChangesAreRefusedAndChangeNothing() {
    Run run(fakeSpec(), settingsWith(10), runtime_);
    run.advance(std::int64_t{2});
    QCOMPARE(refusalOf([&] {
               run.change("start", Point{1, 1});
             }).key,
             std::string("error.not_live"));
    QCOMPARE(refusalOf([&] { run.change("rate", 3.0); }).key, std::string("error.out_of_range"));
    QCOMPARE(refusalOf([&] { run.change("lr", 0.1); }).key, std::string("error.unknown_parameter"));
    QCOMPARE(refusalOf([&] { run.change("title", Text{"invalid"}); }).key,
             std::string("error.unreadable_value"));
    QVERIFY(run.events().empty());
    QVERIFY(run.parameters() == fakeParameters());
    QCOMPARE(run.status(), RunStatus::Running);
  }

  void changesAtTheLastStepAreMadeAndChangeNoRecord() {
    RunSettings settings = settingsWith(10);
    Run without(fakeSpec(), settings, runtime_);
    without.advance(kToTheEnd);
    settings.events = {{10, "rate", 1.0}, {4, "noise", 0.0}, {11, "rate", 0.5}};
    Run run(fakeSpec(), settings, runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Completed);
    QCOMPARE(run.parameters().real("rate"), 1.0);
    QCOMPARE(probe().last_applied_rate, 1.0);
    QCOMPARE(run.events(), (std::vector<Event>{{4, "noise", 0.0}, {10, "rate", 1.0}}));
    QCOMPARE(run.records().digest(), without.records().digest());
    // The one behind the end is still to come.
    run.setLength(12);
    run.advance(kToTheEnd);
    QCOMPARE(run.events().back(), (Event{11, "rate", 0.5}));

    settings.steps = 0;
    settings.events = {{0, "rate", 1.0}};
    Run none(fakeSpec(), settings, runtime_);
    QCOMPARE(none.parameters().real("rate"), 1.0);
  }

  void changesOfOneStepAreJudgedTogetherAndTheLastOnesToo() {
    ExperimentSpec spec = fakeSpec();
    spec.validate = [](const Parameters& p) -> std::optional<Message> {
      if (p.real("rate") == 1.0 && p.real("noise") == 0.0) return Message{"error.not_live", {}};
      return {};
    };
    RunSettings settings = settingsWith(10);
    for (const std::int64_t step : {0, 5, 10}) {
      settings.events = {{step, "rate", 1.0}, {step, "noise", 2.0}};
      Run run(spec, settings, runtime_);
      run.advance(kToTheEnd);
      QCOMPARE(run.events().size(), std::size_t{2});
      settings.events = {{step, "rate", 1.0}};
      QCOMPARE(refusalOf([&] { Run(spec, settings, runtime_); }).key,
               std::string("error.not_live"));
    }
  }

  void changesThatAreDueAreMadeWhereTheRunIsLookedAt() {
    RunSettings settings = settingsWith(10);
    settings.events = {{5, "rate", 1.0}};
    Run run(fakeSpec(), settings, runtime_);
    run.advance(std::int64_t{4});
    QVERIFY(!run.hasDue());
    run.advance(std::int64_t{1});
    QVERIFY(run.hasDue());
    run.applyDue();
    QVERIFY(!run.hasDue());
    QCOMPARE(run.parameters().real("rate"), 1.0);
    run.advance(kToTheEnd);
    QCOMPARE(run.events(), settings.events);
    Run unseen(fakeSpec(), settings, runtime_);
    unseen.advance(kToTheEnd);
    QCOMPARE(run.records().digest(), unseen.records().digest());
  }

  void copiesOfEventsShareTheirValues() {
    Points many;
    many.points.resize(2000);
    const Event event{3, "drawn", many};
    const Event copy = event;
    QCOMPARE(&static_cast<const Value&>(copy.value), &static_cast<const Value&>(event.value));
    QVERIFY(copy == (Event{3, "drawn", many}));
    many.points[1999].label = 1;
    QVERIFY(!(copy == (Event{3, "drawn", many})));
  }

  void whateverIsThrownEndsTheRunAndNotTheProgram() {
    ExperimentSpec spec = fakeSpec();
    spec.make = [](const Parameters&, const RunContext&) -> std::unique_ptr<Experiment> {
      throw 7;
    };
    Run run(spec, settingsWith(10), runtime_);
    QCOMPARE(run.status(), RunStatus::Failed);
    QCOMPARE(run.message()->key, std::string("error.experiment_failed"));
    QCOMPARE(runtime_.entered.load(), runtime_.left.load());
  }

  void wrongEventsAreRefusedBeforeAnythingIsMade() {
    const auto refused = [&](Event event) {
      RunSettings settings = settingsWith(10);
      settings.events = {std::move(event)};
      return refusalOf([&] { Run(fakeSpec(), settings, runtime_); }).key;
    };
    QCOMPARE(refused({3, "start", Point{1, 1}}), std::string("error.not_live"));
    QCOMPARE(refused({3, "rate", 3.0}), std::string("error.out_of_range"));
    QCOMPARE(refused({3, "rate", Text{"x"}}), std::string("error.wrong_kind"));
    QCOMPARE(refused({3, "lr", 0.1}), std::string("error.unknown_parameter"));
    QCOMPARE(refused({3, "title", Text{"invalid"}}), std::string("error.unreadable_value"));
    QCOMPARE(probe().made, std::int64_t{0});
  }

  void parametersThatCannotBeAreRefused() {
    QCOMPARE(refusalOf([&] {
               Run(fakeSpec(), settingsWith(1, {{"title", "invalid"}}), runtime_);
             }).key,
             std::string("error.unreadable_value"));
    QCOMPARE(probe().made, std::int64_t{0});
  }

  void finishedRunStepsNoFurther() {
    Run run(fakeSpec(), settingsWith(100, {{"finish_at", "7"}}), runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Finished);
    QVERIFY(run.isOver());
    QCOMPARE(run.records().rows(), std::int64_t{8});
    run.setLength(200);
    run.advance(kToTheEnd);
    QCOMPARE(run.step(), std::int64_t{7});
  }

  void longerLengthContinuesACompletedRun() {
    Run once(fakeSpec(), settingsWith(40, {{"noise", "1"}}), runtime_);
    once.advance(kToTheEnd);
    Run twice(fakeSpec(), settingsWith(15, {{"noise", "1"}}), runtime_);
    twice.advance(kToTheEnd);
    QCOMPARE(twice.status(), RunStatus::Completed);
    twice.setLength(40);
    QCOMPARE(twice.status(), RunStatus::Running);
    twice.advance(kToTheEnd);
    QCOMPARE(twice.records().digest(), once.records().digest());
    twice.setLength(20);
    QCOMPARE(twice.status(), RunStatus::Completed);
    twice.advance(kToTheEnd);
    QCOMPARE(twice.step(), std::int64_t{40});
  }

  void cancelEndsTheRunAndKeepsItsRecords() {
    Run run(fakeSpec(), settingsWith(100), runtime_);
    run.advance(std::int64_t{5});
    run.cancel();
    QCOMPARE(run.status(), RunStatus::Cancelled);
    run.advance(kToTheEnd);
    QCOMPARE(run.records().rows(), std::int64_t{6});
  }

  void cancelAfterTheEndChangesNothing() {
    Run run(fakeSpec(), settingsWith(100, {{"finish_at", "2"}}), runtime_);
    run.advance(kToTheEnd);
    run.cancel();
    QCOMPARE(run.status(), RunStatus::Finished);
  }

  void exceptionEndsTheRunWithItsMessage() {
    Run run(fakeSpec(), settingsWith(100, {{"fail_at", "4"}}), runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Failed);
    QVERIFY(run.message());
    QCOMPARE(argumentOf(*run.message(), "reason"), std::string("failed on purpose"));
    QCOMPARE(run.records().rows(), std::int64_t{4});
    QCOMPARE(run.step(), std::int64_t{3});
    run.advance(kToTheEnd);
    QCOMPARE(run.step(), std::int64_t{3});
  }

  void exceptionWhileItIsMadeEndsTheRunToo() {
    Run run(fakeSpec(), settingsWith(100, {{"fail_at", "0"}}), runtime_);
    QCOMPARE(run.status(), RunStatus::Failed);
    QCOMPARE(argumentOf(*run.message(), "reason"), std::string("failed while it was made"));
    run.advance(kToTheEnd);
    QVERIFY(!run.frame());
    Collected weights;
    run.save(weights);
    QVERIFY(weights.arrays.empty());
    QCOMPARE(run.records().rows(), std::int64_t{0});
    QCOMPARE(run.records().digest().size(), std::size_t{64});
  }

  void snapshotThatThrowsFailsTheRun() {
    Run run(fakeSpec(), settingsWith(100), runtime_);
    probe().throw_in_snapshot = true;
    QVERIFY(!run.frame());
    QCOMPARE(run.status(), RunStatus::Failed);
    QCOMPARE(argumentOf(*run.message(), "reason"), std::string("no picture today"));
  }

  void divergenceIsNamedWithItsFirstStepAndTheRunGoesOn() {
    Run run(fakeSpec(), settingsWith(20, {{"infinite_at", "6"}}), runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Completed);
    QCOMPARE(run.nonFinite(), (std::map<std::string, std::int64_t>{{"a/x", 6}}));
    QCOMPARE(run.divergedAt().value_or(-1), std::int64_t{6});
  }

  void divergenceEndsTheRunWhereTheSpecSaysSo() {
    Run run(stoppingSpec(), settingsWith(20, {{"infinite_at", "6"}}), runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Diverged);
    QCOMPARE(run.records().rows(), std::int64_t{7});
    QCOMPARE(argumentOf(*run.message(), "record"), std::string("a/x"));
    QCOMPARE(argumentOf(*run.message(), "step"), std::string("6"));
    QVERIFY(run.frame());
  }

  void valuesThatGrowWithoutBoundAreNamed() {
    Run run(stoppingSpec(), settingsWith(20000, {{"noise", "0"}, {"start", "10,0"}}), runtime_);
    run.advance(std::int64_t{5});
    QVERIFY(run.nonFinite().empty());
    QVERIFY(!run.divergedAt());
  }

  void infinityThatIsAllowedIsNotDivergence() {
    ExperimentSpec spec = fakeSpec();
    spec.stops_on_divergence = true;
    spec.records = [](const Parameters&) {
      return std::vector<RecordSpec>{
          {"a/x", "", true}, {"a/gradient", "", false}, {"noise_drawn", "", false}};
    };
    Run run(spec, settingsWith(20, {{"infinite_at", "6"}}), runtime_);
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Completed);
    QVERIFY(run.nonFinite().empty());
  }

  void checksKeepTheLargestDifference() {
    RunSettings settings = settingsWith(400);
    settings.events = {{7, "noise", 1.0}, {8, "noise", 0.0}};  // step 8 is checked
    Run run(fakeSpec(), settings, runtime_);
    run.advance(std::int64_t{7});
    QCOMPARE(run.checks().size(), std::size_t{1});
    QCOMPARE(run.checks()[0].id, std::string("closed-form"));
    QVERIFY(!run.checks()[0].failed());
    run.advance(std::int64_t{1});
    const double worst = run.checks()[0].difference;
    QVERIFY(run.checks()[0].failed());
    run.advance(kToTheEnd);  // the difference shrinks with x
    QCOMPARE(run.checks()[0].difference, worst);
    QVERIFY(run.checks()[0].failed());
    QCOMPARE(run.checks()[0].tolerance, 1e-9);
  }

  void differenceThatIsNotFiniteFails() {
    QVERIFY((CheckResult{"c", std::nan(""), 1}).failed());
    QVERIFY((CheckResult{"c", std::numeric_limits<double>::infinity(), 1}).failed());
    QVERIFY(!(CheckResult{"c", 1, 1}).failed());
  }

  void lastStepIsChecked() {
    Run run(fakeSpec(), settingsWith(37), runtime_);
    run.advance(std::int64_t{36});
    const auto before = probe().checks;
    run.advance(kToTheEnd);
    QCOMPARE(probe().checks, before + 1);
  }

  void weightsAreTheOnesOfThisStep() {
    Run run(fakeSpec(), settingsWith(3), runtime_);
    run.advance(kToTheEnd);
    Collected weights;
    run.save(weights);
    QCOMPARE(weights.arrays.size(), std::size_t{1});
    double x = 0;
    std::memcpy(&x, weights.arrays[0].bytes.data(), sizeof x);
    QCOMPARE(x, columnOf(run, "a/x")[3]);
  }

  void threadCountIsInPlaceDuringTheRun() {
    ExperimentSpec spec = fakeSpec();
    static int threads_seen;
    static FakeRuntime* runtime;
    runtime = &runtime_;
    spec.make = [](const Parameters& p, const RunContext& context) {
      threads_seen = runtime->threads_in_place;
      return fakeSpec().make(p, context);
    };
    RunSettings settings = settingsWith(1);
    settings.threads = 3;
    Run run(spec, settings, runtime_);
    QCOMPARE(threads_seen, 3);
  }

  void everyStatusHasAName() {
    QCOMPARE(nameOf(RunStatus::Completed), std::string_view("completed"));
    QCOMPARE(nameOf(RunStatus::Finished), std::string_view("finished"));
    QCOMPARE(nameOf(RunStatus::Diverged), std::string_view("diverged"));
    QCOMPARE(nameOf(RunStatus::Cancelled), std::string_view("cancelled"));
    QCOMPARE(nameOf(RunStatus::Failed), std::string_view("failed"));
  }
};

QTEST_APPLESS_MAIN(RunTest)
#include "run_test.moc"
