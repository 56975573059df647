// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runner/seed_runs.h"

#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <limits>

#include "tests/fakes/fake_experiment.h"

using namespace viva;
using namespace viva::fakes;

namespace {

RunSettings noisy(std::int64_t steps, std::uint64_t seed = 7) {
  RunSettings made{fakeParameters({{"noise", "1"}})};
  made.steps = steps;
  made.seed = seed;
  return made;
}

RunResult resultWith(const std::vector<double>& values) {
  RecordTable table({{"a", "", false}}, 1 << 20);
  for (const double value : values) {
    table.set(0, value);
    table.endRow();
  }
  return {noisy(0), table.records()};
}

}  // namespace

class SeedRunsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { probe() = {}; }

  void everySeedGivesTheRunItGivesAlone() {
    FakeRuntime runtime;
    SeedRuns seeds;
    QSignalSpy finished(&seeds, &SeedRuns::finished), ended(&seeds, &SeedRuns::ended);
    seeds.start(fakeSpec(), noisy(200), runtime, 5);
    QVERIFY(seeds.isRunning());
    QVERIFY(finished.wait(20000));
    QVERIFY(!seeds.isRunning());
    QCOMPARE(ended.size(), 5);
    QCOMPARE(seeds.results().size(), std::size_t{5});
    for (int i = 0; i < 5; ++i) {
      Run alone(fakeSpec(), noisy(200, 7 + static_cast<std::uint64_t>(i)), runtime);
      alone.advance(200);
      const RunResult& result = seeds.results()[static_cast<std::size_t>(i)];
      QCOMPARE(result.settings.seed, 7 + static_cast<std::uint64_t>(i));
      QCOMPARE(result.records.digest(), alone.records().digest());
    }
  }

  void aRunThatIsWatchedGoesOnMeanwhileAndIsNotDisturbed() {
    FakeRuntime runtime;
    Runner watched;
    RunSettings settings = noisy(3000, 1);
    settings.parameters.set("burden", std::int64_t{5000});
    SeedRuns seeds;
    seeds.start(fakeSpec(), settings, runtime, 3);
    watched.start(fakeSpec(), settings, runtime);
    watched.play();
    QTRY_VERIFY_WITH_TIMEOUT((watched.wantState(), watched.state().status == RunStatus::Completed),
                             20000);
    Run alone(fakeSpec(), settings, runtime);
    alone.advance(3000);
    QCOMPARE(watched.state().records.digest(), alone.records().digest());
    QTRY_VERIFY_WITH_TIMEOUT(!seeds.isRunning(), 20000);
    QCOMPARE(seeds.results().front().records.digest(), alone.records().digest());
  }

  void theSpreadIsMeanSmallestAndLargest() {
    const double absent = absentValue();
    const SeedSpread spread = spreadOf(
        {resultWith({1, absent, 4, 9}), resultWith({2, absent, 8}), resultWith({6, 5, 3, 7})});
    QCOMPARE(spread.mean.rows(), std::int64_t{3});  // as long as the shortest
    QCOMPARE(spread.mean.at(0, 0), 3.0);
    QCOMPARE(spread.smallest.at(0, 0), 1.0);
    QCOMPARE(spread.largest.at(0, 0), 6.0);
    QCOMPARE(spread.mean.at(1, 0), 5.0);
    QCOMPARE(spread.mean.at(2, 0), 5.0);
    QCOMPARE(spread.largest.at(2, 0), 8.0);
  }

  void aSeedThatStopsBeingFiniteIsNotHidden() {
    const double infinity = std::numeric_limits<double>::infinity();
    const SeedSpread spread =
        spreadOf({resultWith({1, infinity, std::nan("")}), resultWith({2, 3, 4})});
    QCOMPARE(spread.mean.at(1, 0), infinity);
    QCOMPARE(spread.smallest.at(1, 0), 3.0);
    QVERIFY(std::isnan(spread.mean.at(2, 0)) && std::isnan(spread.largest.at(2, 0)));
  }

  void whatIsGivenUpSaysNothingMore() {
    FakeRuntime runtime;
    SeedRuns seeds;
    QSignalSpy finished(&seeds, &SeedRuns::finished);
    seeds.start(fakeSpec(), noisy(100000), runtime, 5);
    seeds.cancel();
    QVERIFY(!seeds.isRunning());
    seeds.start(fakeSpec(), noisy(10, 100), runtime, 2);
    QVERIFY(finished.wait(20000));
    QCOMPARE(finished.size(), 1);
    QCOMPARE(seeds.results().front().settings.seed, std::uint64_t{100});
    QCOMPARE(seeds.results().size(), std::size_t{2});
  }

  void aRunThatCannotBeMadeIsSaid() {
    FakeRuntime runtime;
    SeedRuns seeds;
    QSignalSpy failed(&seeds, &SeedRuns::failed);
    RunSettings settings = noisy(10);
    settings.parameters.set("title", Text{"invalid"});
    seeds.start(fakeSpec(), settings, runtime, 5);
    QVERIFY(failed.wait(20000));
    QVERIFY(!seeds.isRunning());
  }
};

QTEST_GUILESS_MAIN(SeedRunsTest)
#include "seed_runs_test.moc"
