// SPDX-License-Identifier: GPL-3.0-or-later
// The window with the real lessons, as a user meets it.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <functional>
#include <vector>

#include "app/catalog_loader.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "lessons/core/run_file.h"
#include "tests/app/window/open_window.h"
#include "widgets/parameters/parameter_panel.h"

using namespace viva;

namespace {

/// Preferences of this test alone: QSettings keeps them below XDG_CONFIG_HOME.
QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

std::unique_ptr<MainWindow> openWindow(const WindowRequest& request = {}) {
  auto window = std::make_unique<MainWindow>(request);
  showUntilReady(*window);
  return window;
}

const RunState& stateOf(MainWindow& window) { return window.page().panel()->runner().state(); }

/// A run file of the race with a live change in it.
QString savedRace(const QString& name, std::int64_t steps) {
  const Catalog& catalog = loadCatalog();
  const ExperimentSpec& spec = catalog.experiment("optimizer-race");
  RunSettings settings{spec.parametersOf("ravine-zigzag")};
  settings.preset = "ravine-zigzag";
  settings.steps = steps;
  settings.events = {{5, "sgd.lr", 0.01}};
  Run run(spec, settings, catalog.runtime());
  run.advance(steps);
  QFile file(home().filePath(name));
  if (!file.open(QIODevice::WriteOnly)) return {};
  file.write(QByteArray::fromStdString(toJson(describe(run, catalog.runtime()))));
  return file.fileName();
}

}  // namespace

class WindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home().filePath("data").toLocal8Bit());
  }
  void init() { QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear(); }

  void opensStraightIntoAnExperimentThatIsReadyToPlay() {
    const auto window = openWindow();
    QVERIFY(window->isReady());
    QCOMPARE(window->page().panel()->spec().id, std::string("optimizer-race"));
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
  }

  void spacePlaysAndPauses() {
    const auto window = openWindow();
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    window->setFocus();
    QTest::keyClick(window.get(), Qt::Key_Space);
    QTRY_VERIFY(stateOf(*window).playing);
    QTest::keyClick(window.get(), Qt::Key_Space);
    QTRY_VERIFY(!stateOf(*window).playing);
  }

  void theRequestIsFollowed() {
    WindowRequest request;
    request.experiment = "optimizer-anatomy";
    request.settings = {{"optimizer", "sgd"}};
    request.language = "zh_CN";
    request.theme = "dark";
    request.hidden_controls = {"optimizer"};
    const auto window = openWindow(request);
    ExperimentPanel& panel = *window->page().panel();
    QCOMPARE(panel.spec().id, std::string("optimizer-anatomy"));
    QCOMPARE(formatValue(panel.parameters().value("optimizer")), std::string("sgd"));
    QCOMPARE(window->appearance().language, Language::Chinese);
    QVERIFY(window->appearance().dark);
    QVERIFY(panel.parameterPanel().control("optimizer")->isHidden());
  }

  void aRunFileIsReplayedBitForBit() {
    const QString path = savedRace("race.viva", 60);
    const auto window = openWindow();
    QSignalSpy replayed(window.get(), &MainWindow::replayed);
    window->openRunFile(path);
    QVERIFY(replayed.wait(20000));
    QVERIFY(replayed[0][0].toBool());
    QCOMPARE(stateOf(*window).step, 60);
    QCOMPARE(stateOf(*window).events.size(), std::size_t(1));
  }

  void aLargeRunFileIsReadWhileTheWindowLivesOn() {
    const QString path = savedRace("large.viva", 30);
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    file.write(QByteArray(8 << 20, ' '));
    file.close();
    const auto window = openWindow();
    const auto before = window->page().panel()->runner().newestGeneration();
    QSignalSpy replayed(window.get(), &MainWindow::replayed);
    window->openRunFile(path);
    QCOMPARE(window->page().panel()->runner().newestGeneration(), before);
    QVERIFY(replayed.wait(20000));
    QVERIFY(replayed[0][0].toBool());
  }

  void aRunFileThatWasEditedByHandIsSaidToDiffer() {
    const QString path = savedRace("edited.viva", 30);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray json = file.readAll();
    json.replace("\"step\": 5", "\"step\": 6");
    file.resize(0);
    file.write(json);
    file.close();
    const auto window = openWindow();
    QSignalSpy replayed(window.get(), &MainWindow::replayed);
    window->openRunFile(path);
    QVERIFY(replayed.wait(20000));
    QVERIFY(!replayed[0][0].toBool());
  }

  void aFileThatIsNoRunIsRefusedInADialog_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("rubbish") << QByteArray("\xff\xfe\x00rubbish", 10);
    QTest::newRow("other json") << QByteArray("{\"a\": 1}");
    QTest::newRow("newer") << QByteArray("{\"viva_run\": 99}");
    QTest::newRow("truncated") << QByteArray("{\"viva_run\": 1, \"experiment\": \"optim");
  }
  void aFileThatIsNoRunIsRefusedInADialog() {
    QFETCH(QByteArray, content);
    QFile file(home().filePath("bad.viva"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const auto window = openWindow();
    window->openRunFile(file.fileName());
    auto* box = window->findChild<QMessageBox*>();
    QVERIFY(box);
    QVERIFY(!box->text().isEmpty() && !box->text().startsWith("error."));
  }

  void languageAndThemeSwitchWithoutARestartAndAreRemembered() {
    {
      const auto window = openWindow();
      const QString english = window->menuBar()->actions().front()->text();
      window->setLanguage(Language::Chinese);
      window->setTheme(Preferences::ThemeChoice::Dark);
      QVERIFY(window->menuBar()->actions().front()->text() != english);
      window->close();
    }
    const auto window = openWindow();
    QCOMPARE(window->appearance().language, Language::Chinese);
    QVERIFY(window->appearance().dark);
  }

  void whatTheUserArrangesIsSavedBeforeTheWindowCloses() {
    const auto window = openWindow();
    window->setTheme(Preferences::ThemeChoice::Dark);
    window->openExperiment("optimizer-training");
    window->page().showTab("code");
    const auto saved = [](const char* key) {
      return QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").value(key);
    };
    QTRY_COMPARE(saved("tab").toString(), QString("code"));
    QCOMPARE(saved("theme").toString(), QString("dark"));
    QCOMPARE(saved("experiment").toString(), QString("optimizer-training"));
  }

  void aSettingsFileFullOfRubbishIsIgnored() {
    QDir().mkpath(home().filePath("viva"));
    QFile file(home().filePath("viva/viva.ini"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "[General]\ngeometry=@ByteArray(rubbish)\nfont_scale=nan\nlanguage=\\x0\ntheme=7\n"
        "experiment=nobody\ncolumns=@Invalid()\n[[[\n\xff\xfe\x00 ===\n");
    file.close();
    const auto window = openWindow();
    QVERIFY(window->isReady());
    QCOMPARE(window->appearance().font_scale, 1.0);
    QCOMPARE(window->page().panel()->spec().id, lessonList().front().experiments.front());
  }

  void leavingAnExperimentPausesItAndComingBackFindsItAsItWas() {
    const auto window = openWindow();
    window->openExperiment("optimizer-race");
    window->page().panel()->runner().setSpeed(Runner::kUnlimited);
    window->page().panel()->play();
    QTRY_VERIFY(stateOf(*window).step > 0);
    ExperimentPanel* race = window->page().panel();
    window->openExperiment("optimizer-anatomy");
    QVERIFY(window->page().panel() != race);
    QTRY_VERIFY(!race->runner().state().playing);
    window->openExperiment("optimizer-race");
    QCOMPARE(window->page().panel(), race);
    QVERIFY(stateOf(*window).step > 0);
  }

  void copyAsCommandGivesACommandThatNamesTheRun() {
    const auto window = openWindow();
    window->openExperiment("optimizer-race");
    window->page().panel()->runner().change("sgd.lr", 0.03);
    window->page().panel()->stepForward();
    QTRY_COMPARE(stateOf(*window).step, 1);
    QSignalSpy said(&window->page(), &LessonPage::said);
    window->copyCommand();
    QTRY_VERIFY(QApplication::clipboard()->text().startsWith("viva run optimizer-race --preset"));
    QVERIFY(QApplication::clipboard()->text().contains("--at 0:sgd.lr=0.03"));
  }

  void whatNeedsARunIsRefusedWithItsReasonWhereThereIsNone() {
    const auto window = openWindow();
    window->openExperiment("ood-maps");
    RunSettings settings = window->page().panel()->settings();
    settings.parameters.setFromText("dataset", "file");
    window->page().panel()->open(settings);
    QTRY_COMPARE(stateOf(*window).status, RunStatus::Failed);
    const QString path = home().filePath("kept.viva");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
    file.close();
    QApplication::clipboard()->setText("mine");
    for (const auto& act : std::vector<std::function<void()>>{[&] { window->writeRunFile(path); },
                                                              [&] { window->copyLink(); },
                                                              [&] { window->copyCommand(); }}) {
      act();
      QTRY_VERIFY(window->findChild<QMessageBox*>());
      auto* box = window->findChild<QMessageBox*>();
      const QString reason = QString::fromStdString(
          Words::in(window->appearance().language)(*stateOf(*window).message));
      QVERIFY2(box->text().contains(reason), qPrintable(box->text()));
      delete box;
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("mine"));
    QCOMPARE(QApplication::clipboard()->text(), QString("mine"));
  }

  void aRunFileIsWrittenAndGivesTheSameRunAgain() {
    const auto window = openWindow();
    window->openExperiment("optimizer-race");
    window->page().panel()->runner().setSpeed(Runner::kUnlimited);
    window->page().panel()->runner().stepForward(30);
    QTRY_COMPARE(stateOf(*window).step, 30);
    const QString path = home().filePath("written.viva");
    QSignalSpy exported(window.get(), &MainWindow::exported);
    window->writeRunFile(path);
    QVERIFY(exported.wait(20000));
    QSignalSpy replayed(window.get(), &MainWindow::replayed);
    window->openRunFile(path);
    QVERIFY(replayed.wait(20000));
    QVERIFY(replayed[0][0].toBool());
  }

  void aChangeAtTheStepOfALinkIsThere() {
    const auto window = openWindow();
    window->openLink("viva:optimizer-race?preset=ravine-zigzag&at=20:sgd.lr%3D0.001&step=20");
    QTRY_VERIFY(stateOf(*window).step == 20 && !stateOf(*window).events.empty());
    QCOMPARE(window->page().panel()->parameters().real("sgd.lr"), 0.001);
    QCOMPARE(stateOf(*window).events.back().step, 20);
  }

  void fiveSeedsOfImagesAndAPlayedRunAreClosedAtOnce() {
    auto window = openWindow();
    window->openExperiment("gan-images");
    window->page().panel()->runFiveSeeds();
    window->page().panel()->play();
    QTRY_VERIFY_WITH_TIMEOUT(stateOf(*window).step > 0, 60000);
    QElapsedTimer elapsed;
    elapsed.start();
    window.reset();
    // A step and a frame of each take their time on a machine that does other things.
    QVERIFY2(elapsed.elapsed() < 3000, qPrintable(QString::number(elapsed.elapsed())));
  }

  void closingInTheMiddleOfARunIsFine() {
    const auto window = openWindow();
    window->page().panel()->runner().setSpeed(Runner::kUnlimited);
    window->page().panel()->play();
    QTRY_VERIFY(stateOf(*window).step > 0);
    window->close();
  }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
