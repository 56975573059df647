// SPDX-License-Identifier: GPL-3.0-or-later
// Runs kept by the window and compared in it, with the real lessons.
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/comparison.h"
#include "widgets/runs/runs_dialog.h"

using namespace viva;

namespace {

std::unique_ptr<MainWindow> openWindow(const QString& study) {
  auto window = std::make_unique<MainWindow>(WindowRequest{}, std::make_unique<StudyStore>(study));
  showUntilReady(*window);
  return window;
}

const RunState& stateOf(MainWindow& window) { return window.page().panel()->runner().state(); }

std::vector<RecentRun> runsOf(MainWindow& window) {
  return window.study().runsOf("optimizer-race");
}

/// Runs a preset of the race to its end; it is kept then.
void runPreset(MainWindow& window, const char* preset) {
  const std::size_t before = runsOf(window).size();
  window.openPreset("optimizer-race", preset);
  ExperimentPanel& panel = *window.page().panel();
  QTRY_COMPARE(stateOf(window).generation, panel.runner().newestGeneration());
  panel.runner().setSpeed(Runner::kUnlimited);
  panel.play();
  QTRY_COMPARE_WITH_TIMEOUT(stateOf(window).status, RunStatus::Completed, 20000);
  QTRY_COMPARE(runsOf(window).size(), before + 1);
}

}  // namespace

class RunsWindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", settings_.path().toLocal8Bit()); }
  void init() { QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear(); }

  void aRunThatEndedIsPinnedAfterARestart() {
    QTemporaryDir folder;
    const QString file = folder.filePath("study.db");
    std::string digest;
    {
      const auto window = openWindow(file);
      runPreset(*window, "ravine-zigzag");
      digest = stateOf(*window).records.digest();
    }
    const auto window = openWindow(file);
    QTRY_VERIFY(window->isReady());
    window->openPreset("optimizer-race", "ravine-zigzag");
    window->showRuns();
    auto* dialog = window->findChild<RunsDialog*>();
    QVERIFY(dialog);
    QCOMPARE(dialog->table().model()->rowCount(), 1);
    for (auto* button : dialog->findChildren<QPushButton*>())
      if (button->text() == "Pin") button->click();
    const auto& pinned = window->page().panel()->comparison().pinned();
    QCOMPARE(pinned.size(), std::size_t{1});
    QCOMPARE(pinned[0].run.records.digest(), digest);
    dialog->accept();
  }

  void aPinnedRunIsKeptAndAReplayIsNotKeptTwice() {
    const auto window = openWindow({});
    runPreset(*window, "ravine-zigzag");
    ExperimentPanel& panel = *window->page().panel();
    panel.pinRun();
    QTRY_COMPARE(panel.comparison().pinned().size(), std::size_t{1});
    QSignalSpy replayed(window.get(), &MainWindow::replayed);
    window->showRuns();
    QSignalSpy kept(&window->study(), &Study::changed);
    Q_EMIT window->findChild<RunsDialog*>()->openWanted(runsOf(*window).front());
    QVERIFY(replayed.wait(20000));
    QVERIFY(replayed[0][0].toBool());
    QTRY_VERIFY(!kept.isEmpty());
    QCOMPARE(runsOf(*window).size(), std::size_t{1});
    // What was pinned before is still there, and now the same as the present run.
    QTRY_COMPARE(panel.comparison().titleOf(panel.comparison().pinned()[0]),
                 QString("A: same settings"));
  }

  void aRunWithoutRecordsIsNotPinnedButSaysWhatToDo() {
    const auto window = openWindow({});
    runPreset(*window, "ravine-zigzag");
    RecentRun run = runsOf(*window).front();
    run.steps += 1;  // another one, without records
    run.id = window->study().ran(run, {});
    window->pinSaved(run);
    QVERIFY(messageOnScreen().contains("Open it"));
    QVERIFY(window->page().panel()->comparison().pinned().empty());
  }

  void finalValuesAndStatusAreInTheTable() {
    const auto window = openWindow({});
    runPreset(*window, "ravine-zigzag");
    const RecentRun run = runsOf(*window).front();
    QCOMPARE(run.status, QString("completed"));
    const Records& records = stateOf(*window).records;
    QCOMPARE(run.finals.size(), records.names().size());
    for (std::size_t column = 0; column < records.names().size(); ++column)
      QCOMPARE(run.finals[column].second, records.last(column, records.rows() - 1));
  }

 private:
  QTemporaryDir settings_;
};

QTEST_MAIN(RunsWindowTest)
#include "runs_window_test.moc"
