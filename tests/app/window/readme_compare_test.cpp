// SPDX-License-Identifier: GPL-3.0-or-later
// README's "Compare", done by keyboard and mouse in the real window.
#include <QComboBox>
#include <QHeaderView>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/sweep_axis.h"
#include "app/window/sweep_dialog.h"
#include "tests/app/window/hands.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/comparison.h"
#include "widgets/panel/timeline.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/parameters/number_editor.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/parameters/range_slider.h"
#include "widgets/runs/runs_dialog.h"
#include "widgets/views/plot_view.h"
#include "widgets/views/series_view.h"

using namespace viva;
using namespace viva::hands;

class ReadmeCompareTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir home_;
  std::unique_ptr<MainWindow> window_;

  ExperimentPanel& lab() { return *window_->page().panel(); }
  const RunState& state() { return lab().runner().state(); }
  const std::vector<Comparison::Pinned>& pinned() { return lab().comparison().pinned(); }
  bool isSettled() { return viva::isSettled(*window_); }
  void runTo(std::int64_t step) {
    lab().runner().stepForward(step - state().step);
    QTRY_COMPARE(state().step, step);
  }
  void runToTheEnd() {
    lab().runner().setSpeed(Runner::kUnlimited);
    press(Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(state().status, RunStatus::Completed, 60000);
  }
  void nudge(const char* parameter) {
    lab().parameterPanel().reveal(parameter);
    auto* slider = lab().parameterPanel().control(parameter)->findChild<NumberSlider*>();
    slider->setFocus();
    press(Qt::Key_Left);
    QTRY_VERIFY(lab().parameterPanel().control(parameter)->differs());
  }
  SeriesView* curves() {
    for (ViewFrame* frame : lab().frames())
      if (frame->isVisible())
        if (auto* series = qobject_cast<SeriesView*>(&frame->view())) return series;
    return nullptr;
  }
  void chooseCompare(const char* item) {
    chooseFrom(buttonIn<QToolButton>(lab(), "Compare"), item);
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CONFIG_HOME", home_.path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home_.path().toLocal8Bit());
    qputenv("VIVA_PROGRAM", VIVA_BINARY_DIR "/viva");
  }
  void init() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.language = "en";
    request.experiment = "optimizer-training";  // with data and batches, so that a seed matters
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showInFront(*window_));
    QTRY_VERIFY(isSettled());
  }
  void cleanup() { window_.reset(); }

  // Compare, Pin this run (Ctrl+I) keeps a run in the plots while you change something and run
  // again, with the same seed and the same batches: up to five runs, each with a letter, a line
  // style, and in words what differs.
  void aRunIsPinnedAndAnotherIsMadeBesideIt() {
    runTo(10);
    chooseCompare("Pin this run");
    QTRY_COMPARE(pinned().size(), std::size_t{1});
    press(Qt::Key_R, Qt::ControlModifier);
    QTRY_VERIFY(isSettled() && state().step == 0);
    nudge("adam.lr");
    QTRY_VERIFY(isSettled());
    runTo(10);
    QCOMPARE(pinned()[0].run.settings.seed, lab().settings().seed);
    const QString title = lab().comparison().titleOf(pinned()[0]);
    QVERIFY2(title.startsWith("A: ") && title.contains("Learning rate"), qPrintable(title));
    int others = 0;
    for (const LegendEntry& entry : curves()->legend()) others += entry.run;
    QVERIFY(others > 0);
    for (std::size_t count = 2; count <= 5; ++count) {
      press(Qt::Key_I, Qt::ControlModifier);
      QTRY_COMPARE(pinned().size(), count);
    }
    QCOMPARE(pinned().back().place, 4);
    press(Qt::Key_I, Qt::ControlModifier);  // all that can be told apart
    QCoreApplication::processEvents();
    QCOMPARE(pinned().size(), std::size_t{5});
  }

  // Race from here (Ctrl+Shift+B) pins the run and branches at the step under the cursor: same
  // start, one change.
  void aRaceBeginsAtTheCursor() {
    runTo(20);
    lab().timeline().findChild<QSlider*>()->setFocus();
    for (int back = 0; back < 8; ++back) press(Qt::Key_Comma);
    QCOMPARE(lab().timeline().cursor(), std::optional<std::int64_t>(12));
    press(Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(pinned().size(), std::size_t{1});
    QTRY_VERIFY(isSettled() && state().step == 12);
    nudge("adam.lr");
    runTo(20);
    const Records& before = pinned()[0].run.records;
    const Records& now = state().records;
    QCOMPARE(now.first(13).digest(), before.first(13).digest());
    QVERIFY(now.digest() != before.digest());
  }

  // Runs are aligned by step or by seconds of computing; Differences draws this run minus the
  // others. [ and ] smooth the plot that has the focus, with the unsmoothed curve pale behind.
  void runsAreAlignedSubtractedAndSmoothed() {
    runTo(15);
    press(Qt::Key_I, Qt::ControlModifier);
    QTRY_COMPARE(pinned().size(), std::size_t{1});
    chooseCompare("Align by time");
    QVERIFY(lab().comparison().isByTime());
    chooseCompare("Align by time");
    QVERIFY(!lab().comparison().isByTime());
    chooseCompare("Differences");
    QVERIFY(lab().comparison().isDifference());
    SeriesView* view = curves();
    view->setFocus();
    const double before = view->smoothing();
    press(']');
    QVERIFY(view->smoothing() > before);
    press('[');
    QVERIFY(qAbs(view->smoothing() - before) < 0.011);
  }

  // Table of runs (Ctrl+Shift+I) has those that ended or were pinned: sort by any final value,
  // name, star, pin, open, delete and undo. Only parameters that differ have a column.
  void theTableOfRuns() {
    window_->openPreset("optimizer-race", "ravine-zigzag");
    QTRY_VERIFY(isSettled());
    runToTheEnd();
    nudge("momentum.lr");
    press(Qt::Key_R, Qt::ControlModifier);
    QTRY_VERIFY(isSettled() && state().step == 0);
    runToTheEnd();
    QTRY_COMPARE(window_->study().runsOf("optimizer-race").size(), std::size_t{2});
    press(Qt::Key_I, Qt::ControlModifier | Qt::ShiftModifier);
    auto* dialog = qobject_cast<RunsDialog*>(QApplication::activeModalWidget());
    QVERIFY(dialog);
    QTableView& table = dialog->table();
    QAbstractItemModel& model = *table.model();
    QCOMPARE(model.rowCount(), 2);
    QStringList columns;
    for (int column = 0; column < model.columnCount(); ++column)
      columns << model.headerData(column, Qt::Horizontal).toString();
    QCOMPARE(columns.filter("Learning rate").size(), 1);
    QVERIFY2(columns.filter("f").size() > 0, qPrintable(columns.join("; ")));
    // A click on the head of a final value sorts.
    const int final_value = model.columnCount() - 1;
    table.scrollTo(model.index(0, final_value));
    const auto order = [&] { return model.index(0, final_value).data().toString(); };
    const QString at_first = order();
    QHeaderView* head = table.horizontalHeader();
    const QPoint place(head->sectionViewportPosition(final_value) + 12, head->height() / 2);
    QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, place);
    const QString one_way = order();
    QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, place);
    QVERIFY(order() != one_way || at_first == one_way);
    table.selectRow(0);
    click(buttonIn(*dialog, "Star"));
    const auto starred = [&] {
      int count = 0;
      for (const RecentRun& run : window_->study().runsOf("optimizer-race")) count += run.starred;
      return count;
    };
    QTRY_COMPARE(starred(), 1);
    table.selectRow(0);
    click(buttonIn(*dialog, "Delete"));
    QTRY_COMPARE(model.rowCount(), 1);
    click(buttonIn(*dialog, "Undo deleting"));
    QTRY_COMPARE(model.rowCount(), 2);
    table.selectRow(0);
    click(buttonIn(*dialog, "Pin"));
    QTRY_COMPARE(pinned().size(), std::size_t{1});
    QSignalSpy replayed(window_.get(), &MainWindow::replayed);
    table.selectRow(1);
    click(buttonIn(*dialog, "Open"));
    QVERIFY(replayed.wait(20000));
    QVERIFY(replayed[0][0].toBool());
  }
};

QTEST_MAIN(ReadmeCompareTest)
#include "readme_compare_test.moc"
