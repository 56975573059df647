// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep from the window: the real program computes it, the map fills, a click opens a run.
#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QtTest>
#include <chrono>
#include <filesystem>

#include "app/export/run_folder.h"
#include "app/study/study_store.h"
#include "app/sweep/kept_sweeps.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/sweep_axis.h"
#include "app/window/sweep_dialog.h"
#include "tests/app/window/open_window.h"
#include "widgets/parameters/range_slider.h"
#include "widgets/views/legend.h"
#include "widgets/views/plot_view.h"

using namespace viva;

class SweepWindowTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir home_;
  std::unique_ptr<MainWindow> window_;

  SweepDialog& openSweep() {
    SweepDialog* dialog = window_->showSweep();
    dialog->setSteps(40);
    return *dialog;
  }
  static void chooseRatesAndBetas(SweepDialog& dialog) {
    dialog.axis(0).setParameter("adam.lr");
    dialog.axis(0).setRange("0.01", "1", 3, true);
    dialog.axis(1).setParameter("adam.beta1");
    dialog.axis(1).setRange("0.5", "0.9", 2, false);
    dialog.setMetric("adam/f", Statistic::Minimum, Goal::Lowest);
  }
  static void finish(SweepDialog& dialog) {
    QSignalSpy ended(&dialog, &SweepDialog::ended);
    if (dialog.isRunning()) QVERIFY(ended.wait(60000));
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    qputenv("XDG_CONFIG_HOME", home_.path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home_.path().toLocal8Bit());
    qputenv("VIVA_PROGRAM", VIVA_BINARY_DIR "/viva");
    QStandardPaths::setTestModeEnabled(false);
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.experiment = "optimizer-race";
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showUntilReady(*window_));
  }
  void cleanupTestCase() { window_.reset(); }
  void cleanup() {
    for (SweepDialog* dialog : window_->findChildren<SweepDialog*>()) delete dialog;
  }

  void aMapOfTwoParametersFillsAndNamesItsBestCell() {
    SweepDialog& dialog = openSweep();
    chooseRatesAndBetas(dialog);
    dialog.start();
    QVERIFY(dialog.isRunning());
    finish(dialog);
    QVERIFY2(dialog.sentence().startsWith("best: Adam · Learning rate"),
             qPrintable(dialog.sentence()));
    const SweepResults& results = dialog.process()->results();
    QCOMPARE(results.rows.size(), std::size_t(6));
    QVERIFY(results.best);
    QCOMPARE(dialog.table().rowCount(), 6);
    QVERIFY(dialog.table().item(static_cast<int>(*results.best), 2)->text().startsWith("★"));
    QVERIFY(dialog.map() && !dialog.map()->isEmpty());
    QCOMPARE(dialog.map()->spec().kind, ViewKind::Matrix);
    QVERIFY(QFile::exists(QString::fromStdString(dialog.process()->folder().path().string()) +
                          "/map.svg"));
  }

  void aClickOnACellOpensItsRunAndTheReplayIsTheSame() {
    SweepDialog& dialog = openSweep();
    chooseRatesAndBetas(dialog);
    dialog.start();  // the sweep of the test before: all is there at once
    QCOMPARE(dialog.process()->results().rows.size(), std::size_t(6));
    finish(dialog);
    QSignalSpy replayed(window_.get(), &MainWindow::replayed);
    const auto* map = dynamic_cast<PlotView*>(dialog.map());
    QVERIFY(map);
    const QPointF cell = map->plot().at(1, -2);  // the third rate, the second beta
    QTest::mouseClick(dialog.map(), Qt::LeftButton, {}, cell.toPoint());
    QVERIFY(replayed.wait(20000));
    QCOMPARE(replayed.front().front().toBool(), true);
    const Parameters& parameters = window_->page().panel()->parameters();
    QCOMPARE(parameters.real("adam.lr"), 1.0);
    QCOMPARE(parameters.real("adam.beta1"), 0.9);
    QCOMPARE(dialog.table().currentRow(), 5);
  }

  void ofOneParameterThereIsACurve() {
    SweepDialog& dialog = openSweep();
    dialog.setSteps(400);
    dialog.axis(0).setParameter("sgd.lr");
    dialog.axis(0).setRange("0.001", "1", 4, true);
    dialog.setMetric("sgd/f", Statistic::Last, Goal::Lowest);
    dialog.start();
    finish(dialog);
    QCOMPARE(dialog.map()->spec().kind, ViewKind::Series);
    QList<LegendButton*> entries;
    for (auto* entry : dialog.findChildren<LegendButton*>())
      if (entry->isVisibleTo(&dialog)) entries.append(entry);
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries[0]->entry().id, std::string("mean"));
    QCOMPARE(entries[1]->entry().id, std::string("diverged"));
    // A rate of 1 leaves the ravine for ever: marked, not left out.
    QCOMPARE(dialog.table().item(3, 4)->text(), QString("✗ 1"));
    QCOMPARE(dialog.table().item(3, 1)->text(), QString("–"));
  }

  void theRangeIsDraggedOnTheScaleOfItsParameter() {
    SweepDialog& dialog = openSweep();
    dialog.axis(0).setParameter("adam.lr");
    auto* slider = dialog.axis(0).findChild<RangeSlider*>();
    QVERIFY(slider);
    const std::string before = *dialog.axis(0).grid();
    QTest::keyClick(slider, Qt::Key_Down);
    QTest::keyClick(slider, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(*dialog.axis(0).grid() != before);
    QVERIFY(slider->low() > 0);
    QCOMPARE(slider->high(), slider->maximum());
    QTest::mousePress(slider, Qt::LeftButton, {},
                      QPoint(slider->width() - 5, slider->height() / 2));
    QTest::mouseMove(slider, QPoint(slider->width() / 2, slider->height() / 2));
    QTest::mouseRelease(slider, Qt::LeftButton, {},
                        QPoint(slider->width() / 2, slider->height() / 2));
    QVERIFY(slider->low() <= slider->high());
  }

  void whatCannotBeSweptIsSaid() {
    SweepDialog& dialog = openSweep();
    dialog.axis(0).setParameter("adam.lr");
    dialog.axis(0).setRange("0", "1", 3, true);
    dialog.start();
    QVERIFY(!dialog.isRunning());
    QVERIFY2(dialog.sentence().contains("above zero"), qPrintable(dialog.sentence()));
    dialog.axis(0).setRange("fast", "1", 3, false);
    dialog.start();
    QVERIFY(!dialog.isRunning());
    QVERIFY2(dialog.sentence().contains("FROM:TO:COUNT"), qPrintable(dialog.sentence()));
    dialog.axis(0).setRange("0.1", "1", 3, false);
    dialog.axis(1).setParameter("adam.lr");
    dialog.axis(1).setRange("0.1", "1", 4, false);
    dialog.start();
    QVERIFY2(dialog.sentence().contains("twice"), qPrintable(dialog.sentence()));
  }

  void stoppedItKeepsWhatIsDoneAndGoesOn() {
    SweepDialog& dialog = openSweep();
    dialog.setSteps(3000);
    dialog.axis(0).setParameter("adam.lr");
    dialog.axis(0).setRange("0.01", "1", 12, true);
    dialog.setMetric("adam/f", Statistic::Last, Goal::Lowest);
    dialog.start();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.process()->results().rows.empty(), 30000);
    dialog.stop();
    finish(dialog);
    const std::size_t kept = dialog.process()->results().rows.size();
    QVERIFY(kept >= 1);
    dialog.start();
    QVERIFY(dialog.process()->results().rows.size() >= kept);
    finish(dialog);
    QCOMPARE(dialog.process()->results().rows.size(), std::size_t(12));
  }

  void closedInTheMiddleItLeavesNothingRunning() {
    auto* dialog = &openSweep();
    dialog->setSteps(100'000'000);
    dialog->axis(0).setParameter("adam.lr");
    dialog->axis(0).setRange("0.01", "1", 4, true);
    dialog->setMetric("adam/f", Statistic::Last, Goal::Lowest);
    dialog->start();
    const QByteArray folder =
        QByteArray::fromStdString(dialog->process()->folder().path().string());
    const auto working = [&] {
      int count = 0;
      for (const QString& process : QDir("/proc").entryList({"[0-9]*"}, QDir::Dirs)) {
        QFile line("/proc/" + process + "/cmdline");
        if (line.open(QIODevice::ReadOnly) && line.readAll().contains(folder)) ++count;
      }
      return count;
    };
    QTRY_VERIFY_WITH_TIMEOUT(working() >= 2, 20000);  // the sweep and what it started
    delete dialog;
    QTRY_COMPARE_WITH_TIMEOUT(working(), 0, 20000);
  }

  void theCommandThatIsCopiedAsksForTheSame() {
    SweepDialog& dialog = openSweep();
    dialog.axis(0).setParameter("adam.lr");
    dialog.axis(0).setRange("0.01", "1", 3, true);
    dialog.setMetric("adam/f", Statistic::Mean, Goal::Highest);
    for (QPushButton* button : dialog.findChildren<QPushButton*>())
      if (button->text() == "Copy command") button->click();
    const QString command = QGuiApplication::clipboard()->text();
    QVERIFY2(command.startsWith("viva sweep optimizer-race --preset"), qPrintable(command));
    QVERIFY2(command.contains("--grid adam.lr=0.01:1:3:log --metric adam/f:mean --best highest"),
             qPrintable(command));
    QVERIFY2(command.contains("--steps 40"), qPrintable(command));
  }

  void everyControlHasAName() {
    SweepDialog& dialog = openSweep();
    for (QWidget* widget : dialog.findChildren<QWidget*>())
      if (widget->focusPolicy() != Qt::NoFocus && widget->isVisible() &&
          !widget->objectName().startsWith("qt_")) {
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(!face->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
      }
  }

  void theOldestSweepsAreForgottenWhenTheyTakeTooMuchRoom() {
    const QTemporaryDir home;
    const auto path = [&](const QString& name) { return home.filePath(name); };
    const QStringList oldest_first{"oldest", "computed", "older", "newest"};
    for (const QString& name : oldest_first) {
      QVERIFY(QDir().mkpath(path(name)));
      for (const char* file : {"sweep.json", "point"}) {
        QFile made(path(name) + "/" + file);
        QVERIFY(made.open(QIODevice::WriteOnly));
        QCOMPARE(made.write(QByteArray(500, 'x')), 500);
      }
    }
    QVERIFY(QDir().mkpath(path("no sweep")));
    const RunFolder computing(path("computed").toStdString(), {}, /*force=*/true);
    for (int i = 0; i < oldest_first.size(); ++i)
      std::filesystem::last_write_time(
          path(oldest_first[i]).toStdString(),
          std::filesystem::file_time_type::clock::now() - std::chrono::hours(9 - i));
    forgetOldSweeps(home.path().toStdString(), 2000);
    QCOMPARE(QDir(home.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot),
             (QStringList{"computed", "newest", "no sweep", "older"}));
    forgetOldSweeps(path("not there").toStdString(), 0);
  }
};

QTEST_MAIN(SweepWindowTest)
#include "sweep_window_test.moc"
