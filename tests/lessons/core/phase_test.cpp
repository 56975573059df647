// SPDX-License-Identifier: GPL-3.0-or-later
// A run that begins at the end of its phase is the run that computes it.
#include <QtTest>
#include <set>
#include <stop_token>
#include <thread>

#include "tests/fakes/fake_phase.h"

using namespace viva;
using namespace viva::fakes;

namespace {

constexpr std::int64_t kToTheEnd = 1'000'000;

}  // namespace

class PhaseTest : public QObject {
  Q_OBJECT

 private:
  FakeRuntime runtime_;
  MemoryPhases phases_;

  RunSettings cached(std::int64_t steps,
                     const std::vector<std::pair<std::string, std::string>>& set = {}) {
    RunSettings made = phasedSettings(steps, set);
    made.phases = &phases_;
    return made;
  }

  std::string digestOf(RunSettings settings) {
    Run run(phasedSpec(), std::move(settings), runtime_);
    run.advance(kToTheEnd);
    return run.records().digest();
  }

 private Q_SLOTS:
  void init() {
    probe() = {};
    phases_.states.clear();
  }

  void theRecordsAreTheSameComputedAndFromTheCache() {
    const std::string computed = digestOf(phasedSettings(50));
    QCOMPARE(digestOf(cached(50)), computed);
    QCOMPARE(phases_.states.size(), std::size_t{1});
    probe() = {};
    Run run(phasedSpec(), cached(50), runtime_);
    QCOMPARE(run.step(), std::int64_t{20});
    QCOMPARE(run.records().rows(), std::int64_t{21});
    QVERIFY(run.frame());
    run.advance(kToTheEnd);
    QCOMPARE(run.records().digest(), computed);
    QCOMPARE(run.status(), RunStatus::Completed);
    QCOMPARE(probe().resumed, std::int64_t{1});
    QCOMPARE(probe().stepped, std::int64_t{30});
    Run alone(phasedSpec(), phasedSettings(50), runtime_);
    alone.advance(kToTheEnd);
    QCOMPARE(run.checks().size(), alone.checks().size());
    QCOMPARE(run.checks()[0].difference, alone.checks()[0].difference);
  }

  void whatIsPreparedIsTheSameComputedAndFromTheCache() {
    const std::string computed = digestOf(phasedSettings(30, {{"slices", "7"}}));
    QCOMPARE(digestOf(cached(30, {{"slices", "7"}})), computed);
    QCOMPARE(probe().prepared, std::int64_t{14});
    QCOMPARE(digestOf(cached(30, {{"slices", "7"}})), computed);
    QCOMPARE(probe().prepared, std::int64_t{14});
    QCOMPARE(probe().resumed, std::int64_t{1});
    // It is not of the rate's making.
    const std::string other = digestOf(phasedSettings(30, {{"slices", "7"}, {"rate", "2"}}));
    QCOMPARE(digestOf(cached(30, {{"slices", "7"}, {"rate", "2"}})), other);
    QCOMPARE(probe().resumed, std::int64_t{2});
  }

  void aRunAsLongAsItsPhaseIsThereAtOnce() {
    const std::string computed = digestOf(cached(20));
    Run run(phasedSpec(), cached(20), runtime_);
    QCOMPARE(run.status(), RunStatus::Completed);
    QCOMPARE(run.records().digest(), computed);
    run.setLength(25);
    run.advance(kToTheEnd);
    QCOMPARE(run.records().digest(), digestOf(phasedSettings(25)));
  }

  void whateverDeterminesThePhaseIsInItsKey() {
    const ExperimentSpec& spec = phasedSpec();
    const auto keyOf = [&](const RunSettings& settings, const Phase& phase) {
      return phaseKey(spec, phase, settings, runtime_);
    };
    const Phase phase = *spec.phase(phasedSettings(50).parameters);
    std::set<std::string> keys{keyOf(phasedSettings(50), phase)};
    std::size_t count = 1;
    const auto isNew = [&](const std::string& key) {
      keys.insert(key);
      return keys.size() == ++count;
    };
    QVERIFY(isNew(keyOf(phasedSettings(50, {{"rate", "0.25"}}), phase)));
    Phase other = phase;
    other.recipe = "walk/2";
    QVERIFY(isNew(keyOf(phasedSettings(50), other)));
    RunSettings settings = phasedSettings(50);
    settings.seed = 2;
    QVERIFY(isNew(keyOf(settings, phase)));
    settings = phasedSettings(50);
    settings.threads = 2;
    QVERIFY(isNew(keyOf(settings, phase)));
    settings = phasedSettings(50);
    settings.device = "cuda:0";
    QVERIFY(isNew(keyOf(settings, phase)));
    // The length of the run does not.
    QVERIFY(!isNew(keyOf(phasedSettings(70), phase)));
  }

  void aFileCountsByItsContent() {
    QTemporaryDir folder;
    const auto keyWith = [&](const QByteArray& content, const char* name) {
      const QString path = folder.filePath(name);
      QFile file(path);
      if (!file.open(QIODevice::WriteOnly)) return std::string("not written");
      file.write(content);
      file.close();
      RunSettings settings{fakeParameters()};
      settings.parameters.set("data_file", File{path.toStdString()});
      return phaseKey(fakeSpec(), Phase{"p/1", 0, {"data_file"}}, settings, runtime_);
    };
    const std::string one = keyWith("1,2\n", "a.csv");
    QCOMPARE(one.size(), std::size_t{64});
    QCOMPARE(keyWith("1,2\n", "b.csv"), one);
    QVERIFY(keyWith("1,3\n", "a.csv") != one);
    RunSettings settings{fakeParameters()};
    settings.parameters.set("data_file", File{folder.filePath("none").toStdString()});
    QVERIFY(phaseKey(fakeSpec(), Phase{"p/1", 0, {"data_file"}}, settings, runtime_).empty());
  }

  void aChangeInsideThePhaseComputesIt() {
    digestOf(cached(50));
    probe() = {};
    RunSettings settings = phasedSettings(50);
    settings.events = {{19, "rate", 2.0}};
    const std::string changed = digestOf(settings);
    settings.phases = &phases_;
    probe() = {};
    QCOMPARE(digestOf(settings), changed);
    QCOMPARE(probe().stepped, std::int64_t{50});
    // Behind its end it is one more run that begins there.
    settings.events = {{20, "rate", 2.0}};
    probe() = {};
    const std::string later = digestOf(settings);
    QCOMPARE(probe().stepped, std::int64_t{30});
    settings.phases = nullptr;
    QCOMPARE(digestOf(settings), later);
  }

  void aPhaseThatWasChangedByHandIsNotKept() {
    Run run(phasedSpec(), cached(50), runtime_);
    run.advance(std::int64_t{5});
    run.change("rate", 2.0);
    run.advance(kToTheEnd);
    QVERIFY(phases_.states.empty());
  }

  void whoeverWantsToSeeThePhaseComputesIt() {
    digestOf(cached(50));
    RunSettings settings = cached(50);
    settings.seen_from = 19;
    Run seen(phasedSpec(), settings, runtime_);
    QCOMPARE(seen.step(), std::int64_t{0});
    Run shorter(phasedSpec(), cached(19), runtime_);
    QCOMPARE(shorter.step(), std::int64_t{0});
    settings.seen_from = 20;
    Run end(phasedSpec(), settings, runtime_);
    QCOMPARE(end.step(), std::int64_t{20});
  }

  void whatCannotBeUsedIsComputedAnew_data() {
    QTest::addColumn<int>("damage");
    const char* names[] = {"a row is missing", "another record", "no array",
                           "no generators",    "no rows",        "nothing"};
    for (int i = 0; i < 6; ++i) QTest::newRow(names[i]) << i;
  }

  void whatCannotBeUsedIsComputedAnew() {
    QFETCH(int, damage);
    const std::string computed = digestOf(cached(50));
    PhaseState& state = phases_.states.begin()->second;
    if (damage == 0) state.rows.resize(state.rows.size() - 2);
    if (damage == 1) state.records[1] = "y";
    if (damage == 2) state.arrays.pop_back();
    if (damage == 3) state.generators.clear();
    if (damage == 4) state.rows.clear();
    if (damage == 5) state = {};
    probe() = {};
    QCOMPARE(digestOf(cached(50)), computed);
    QCOMPARE(probe().stepped, std::int64_t{50});
    // And what is kept now is whole again.
    probe() = {};
    QCOMPARE(digestOf(cached(50)), computed);
    QCOMPARE(probe().stepped, std::int64_t{30});
  }

  void aPhaseThatIsInterruptedGoesOn() {
    const std::string computed = digestOf(phasedSettings(50, {{"slices", "9"}}));
    RunSettings settings = cached(50, {{"slices", "9"}});
    settings.in_slices = true;
    Run run(phasedSpec(), settings, runtime_);
    QVERIFY(run.isPreparing());
    QVERIFY(!run.frame());
    QCOMPARE(run.records().rows(), std::int64_t{0});
    int asked = 0;
    for (int time = 0; time < 200 && run.status() == RunStatus::Running; ++time)
      run.advance([&] { return ++asked % 3 == 0; });
    QCOMPARE(run.status(), RunStatus::Completed);
    QCOMPARE(run.records().digest(), computed);
    QVERIFY(phases_.states.empty());  // the cache is its owner's turn, between the slices
    run.storePhase();
    QCOMPARE(phases_.states.size(), std::size_t{1});
  }

  void theLengthOfARunInPreparationCanBeSet() {
    RunSettings settings = phasedSettings(50, {{"slices", "9"}});
    settings.in_slices = true;
    Run run(phasedSpec(), settings, runtime_);
    run.setLength(0);
    QVERIFY(run.isPreparing());
    run.advance(kToTheEnd);
    QCOMPARE(run.status(), RunStatus::Completed);
    QCOMPARE(run.records().rows(), std::int64_t{1});
  }

  void aRunThatIsToStopIsCancelled_data() {
    QTest::addColumn<QString>("waits_at");
    QTest::addColumn<QString>("slices");
    QTest::addColumn<qint64>("rows");
    QTest::newRow("while it is made") << "0"
                                      << "0" << qint64{0};
    QTest::newRow("while it is prepared") << "-1"
                                          << "1000000000" << qint64{0};
    QTest::newRow("in a step") << "6"
                               << "0" << qint64{6};
    QTest::newRow("between its steps") << "-1"
                                       << "0" << qint64{-1};
  }

  void aRunThatIsToStopIsCancelled() {
    QFETCH(QString, waits_at);
    QFETCH(QString, slices);
    QFETCH(qint64, rows);
    std::stop_source source;
    RunSettings settings = phasedSettings(
        1'000'000'000, {{"waits_at", waits_at.toStdString()}, {"slices", slices.toStdString()}});
    settings.stop = source.get_token();
    std::thread closing([&] {
      while (probe().made == 0) std::this_thread::yield();
      source.request_stop();
    });
    Run run(phasedSpec(), settings, runtime_);
    run.advance(std::int64_t{1'000'000'000});
    closing.join();
    QCOMPARE(run.status(), RunStatus::Cancelled);
    QVERIFY(!run.message() && !run.failure());
    if (rows >= 0) QVERIFY(run.records().rows() <= rows);
    QCOMPARE(runtime_.entered, runtime_.left);
  }
};

QTEST_GUILESS_MAIN(PhaseTest)
#include "phase_test.moc"
