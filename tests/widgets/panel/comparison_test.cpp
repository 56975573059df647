// SPDX-License-Identifier: GPL-3.0-or-later
// Runs pinned beside the present one.
#include "widgets/panel/comparison.h"

#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "tests/fakes/fake_experiment.h"
#include "tests/widgets/panel/lab.h"
#include "widgets/panel/experiment_panel.h"
#include "widgets/panel/run_difference.h"
#include "widgets/panel/timeline.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/views/legend.h"

using namespace viva;
using namespace viva::fakes;

namespace {

struct Lab : PanelOnScreen {
  Comparison& comparison() { return panel.comparison(); }
  /// Waits until the run started last has made `steps`.
  void run(std::int64_t steps) {
    panel.runner().setSpeed(Runner::kUnlimited);
    panel.runner().stepForward(steps);
    QTRY_VERIFY(state().generation == panel.runner().newestGeneration() && state().step == steps);
  }
  void pin() {
    const std::size_t before = comparison().pinned().size();
    panel.pinRun();
    QTRY_COMPARE(comparison().pinned().size(), before + 1);
  }
  void open(const std::vector<std::pair<std::string, std::string>>& settings,
            std::uint64_t seed = 1) {
    RunSettings next{fakeParameters(settings)};
    next.seed = seed;
    next.steps = 50;
    panel.open(next);
    QTRY_COMPARE(state().generation, panel.runner().newestGeneration());
  }
  SeriesView& series() {
    for (ViewFrame* frame : panel.frames())
      if (frame->view().spec().id == "x") return dynamic_cast<SeriesView&>(frame->view());
    throw std::out_of_range("x");
  }
  QString title(std::size_t index) { return comparison().titleOf(comparison().pinned().at(index)); }
};

QString inEnglish(const QStringList& parts) { return parts.join("; "); }

}  // namespace

class ComparisonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { probe() = {}; }

  void aPinnedRunStaysInThePlotsWhenAnotherIsMade() {
    Lab lab;
    lab.run(20);
    const Records before = lab.state().records;
    lab.pin();
    lab.open({{"rate", "0.5"}});
    lab.run(10);
    const auto table = lab.series().dataTable();
    QCOMPARE(table.headings.size(), std::size_t(3));  // step, a/x, a/x of the pinned run
    QCOMPARE(table.rows.size(), std::size_t(21));
    QCOMPARE(std::get<double>(table.rows[20][2]), before.at(20, 0));
    QVERIFY(std::holds_alternative<std::monostate>(table.rows[20][1]));
  }

  void whatDiffersIsSaidAndFollowsThePresentRun() {
    Lab lab;
    lab.run(5);
    lab.pin();
    QCOMPARE(lab.title(0), QString("A: same settings"));
    lab.open({{"rate", "0.5"}}, 3);
    QTRY_VERIFY(lab.title(0).contains("0.05"));
    QVERIFY(lab.title(0).contains("seed 1"));
    QVERIFY(!lab.title(0).contains("noise"));
  }

  void aLiveChangeOfEitherRunIsADifference() {
    RunSettings one{fakeParameters({{"rate", "0.1"}})}, other = one;
    const Words& words = Words::in(Language::English);
    QVERIFY(differences(fakeSpec(), one, other, words).isEmpty());
    one.events = {{50, "rate", 0.2}};
    QVERIFY(inEnglish(differences(fakeSpec(), one, other, words)).contains("from step 50 0.2"));
    QVERIFY(inEnglish(differences(fakeSpec(), other, one, words)).endsWith("0.1"));
    one.events = {{50, "rate", 0.2}, {50, "rate", 0.3}, {60, "rate", 0.4}};
    QVERIFY(inEnglish(differences(fakeSpec(), one, other, words)).contains("changed 2 times"));
    other.threads = 2;
    QVERIFY(inEnglish(differences(fakeSpec(), other, one, words)).contains("threads: 2"));
  }

  void fiveRunsCanBePinnedAndALetterIsUsedAgain() {
    Lab lab;
    lab.run(3);
    for (int i = 0; i < kMostOtherRuns; ++i) lab.pin();
    QSignalSpy said(&lab.panel, &ExperimentPanel::said);
    lab.panel.pinRun();
    QCOMPARE(said.size(), 1);
    QVERIFY(said[0][0].toString().contains("Unpin one first"));
    lab.comparison().unpin(lab.comparison().pinned()[1].id);
    lab.pin();
    QVERIFY(lab.title(4).startsWith("B"));
    lab.comparison().unpinAll();
    QVERIFY(!lab.comparison().isVisible());
    QCOMPARE(lab.series().dataTable().headings.size(), std::size_t(2));
  }

  void aRunWithoutAStepIsNotPinned() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    QSignalSpy said(&lab.panel, &ExperimentPanel::said);
    lab.panel.pinRun();
    QTRY_COMPARE(said.size(), 1);
    QVERIFY(lab.comparison().pinned().empty());
  }

  void theLineAboveThePlotsShowsHidesAndUnpinsByKeyboard() {
    Lab lab;
    lab.run(5);
    lab.pin();
    QVERIFY(lab.comparison().isVisible());
    auto* button = lab.comparison().findChild<LegendButton*>();
    const std::string id = button->entry().id;
    QVERIFY(button->accessibleName().startsWith("A"));
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    QVERIFY(!lab.series().isShown(id));
    QTest::keyClick(button, Qt::Key_Space);
    QVERIFY(lab.series().isShown(id));
    QTest::keyClick(button, Qt::Key_Delete);
    QVERIFY(lab.comparison().pinned().empty());
  }

  void raceFromHereGivesTwoRunsThatAreTheSameUpToTheStep() {
    Lab lab;
    lab.open({{"noise", "0.5"}}, 9);
    lab.run(30);
    const Records whole = lab.state().records;
    lab.panel.timeline().findChild<QSlider*>()->setValue(10);
    lab.panel.raceFromHere();
    QTRY_VERIFY(lab.comparison().pinned().size() == 1 && lab.state().step == 10 &&
                lab.state().generation == lab.panel.runner().newestGeneration() &&
                !lab.state().seeking);
    lab.panel.runner().change("rate", 0.7);
    lab.panel.runner().stepForward(20);
    QTRY_COMPARE(lab.state().step, 30);
    const Records& pinned = lab.comparison().pinned()[0].run.records;
    QCOMPARE(pinned.rows(), std::int64_t(31));
    QCOMPARE(pinned.digest(), whole.digest());
    const auto x = static_cast<std::size_t>(whole.find("a/x"));
    for (std::int64_t row = 0; row <= 10; ++row)
      QCOMPARE(lab.state().records.at(row, x), pinned.at(row, x));
    QVERIFY(lab.state().records.at(11, x) != pinned.at(11, x));
    // The same draws on both sides: what is compared is the change alone.
    const auto noise = static_cast<std::size_t>(whole.find("noise_drawn"));
    for (std::int64_t row = 1; row <= 30; ++row)
      QCOMPARE(lab.state().records.at(row, noise), pinned.at(row, noise));
  }

  void aRaceNeedsAStepToStartFrom() {
    Lab lab;
    lab.run(5);
    QSignalSpy said(&lab.panel, &ExperimentPanel::said);
    lab.panel.raceFromHere();
    QCOMPARE(said.size(), 1);
    QVERIFY(lab.comparison().pinned().empty());
  }

  void fiveSeedsAreDrawnAsMeanSpreadAndEverySeed() {
    Lab lab;
    lab.open({{"noise", "0.5"}}, 20);
    lab.run(5);
    const auto named = [&](const char* name) {
      for (auto* button : lab.panel.findChildren<QToolButton*>())
        if (button->accessibleName() == name) return button;
      return static_cast<QToolButton*>(nullptr);
    };
    QToolButton* seeds = named("Five seeds: mean and spread");
    QVERIFY(seeds && seeds->isEnabled());
    seeds->click();
    QCOMPARE(named("Stop the five seeds"), seeds);
    QTRY_COMPARE_WITH_TIMEOUT(lab.comparison().pinned().size(), std::size_t{1}, 20000);
    QCOMPARE(named("Five seeds: mean and spread"), seeds);
    QVERIFY2(lab.title(0).contains("seeds 20 to 24"), qPrintable(lab.title(0)));
    QVERIFY(!lab.title(0).contains("rate"));
    const DataTable table = lab.series().dataTable();
    // step, this run; of the seeds the mean, the smallest, the largest and each of the five.
    QCOMPARE(table.headings.size(), std::size_t{2 + 3 + 5});
    QVERIFY(table.headings.back().find("seed 24") != std::string::npos);
    for (const auto& row : table.rows) {
      double sum = 0, low = 1e9, high = -1e9;
      for (std::size_t seed = 5; seed < 10; ++seed) {
        const double value = std::get<double>(row[seed]);
        sum += value;
        low = std::min(low, value);
        high = std::max(high, value);
      }
      QVERIFY(std::abs(std::get<double>(row[2]) - sum / 5) < 1e-12);
      QCOMPARE(std::get<double>(row[3]), low);
      QCOMPARE(std::get<double>(row[4]), high);
    }
  }

  void withoutRandomnessFiveSeedsAreRefused() {
    Lab lab;
    lab.run(5);
    QSignalSpy said(&lab.panel, &ExperimentPanel::said);
    lab.panel.runFiveSeeds();
    QCOMPARE(said.size(), 1);
    QVERIFY(said[0][0].toString().contains("Nothing is random"));
  }

  void theOtherLanguageReachesThePinnedRuns() {
    Lab lab;
    lab.run(5);
    lab.pin();
    lab.panel.setAppearance({true, Language::Chinese, 1.0});
    QCOMPARE(lab.title(0), QStringLiteral("A: 设置相同"));
    QVERIFY(lab.comparison().isVisible());
  }
};

QTEST_MAIN(ComparisonTest)
#include "comparison_test.moc"
