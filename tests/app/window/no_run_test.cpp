// SPDX-License-Identifier: GPL-3.0-or-later
// What needs a run, where there is none, and what is copied but could not be opened.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFileDialog>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_plan.h"
#include "app/window/main_window.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"
#include "widgets/parameters/parameter_panel.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString& path, const QByteArray& content) {
  QFile file(path);
  return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

}  // namespace

class NoRunTest : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<MainWindow> window_;

  ExperimentPanel& panel() { return *window_->page().panel(); }
  const RunState& state() { return panel().runner().state(); }
  void set(const char* name, const Value& value) {
    Q_EMIT panel().parameterPanel().edited(name, value, true);
  }
  bool isSettled() { return state().generation == panel().runner().newestGeneration(); }
  void open(const char* experiment) {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.experiment = experiment;
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showUntilReady(*window_));
    panel().pause();
  }
  /// The next message box, which is closed.
  QString nextMessage() {
    QString said;
    const auto is_said = [&] { return !said.isEmpty() || !(said = messageOnScreen()).isEmpty(); };
    [&] { QTRY_VERIFY(is_said()); }();
    return said;
  }
  /// Points of two classes, as a file of one's own.
  QString ownFile() {
    const QString path = home().filePath("points.csv");
    QByteArray rows = "x,y,label\n";
    for (int i = 0; i < 200; ++i)
      rows += QByteArray::number(i % 2 + 0.002 * i) + ',' + QByteArray::number(0.02 * (i % 7)) +
              ',' + (i % 2 ? "a" : "b") + '\n';
    return write(path, rows) ? path : QString();
  }

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit()); }
  void cleanup() {
    window_.reset();
    QApplication::clipboard()->clear();
  }

  void allThatNeedsARunIsRefusedWithItsReason() {
    open("ood-maps");
    set("dataset", Choice{"file"});  // and none is chosen
    QTRY_VERIFY(isSettled() && state().status == RunStatus::Failed);
    QVERIFY(state().message);
    const QString reason = QString::fromStdString(Words::in(Language::English)(*state().message));
    QVERIFY(!reason.isEmpty());

    const QString run = home().filePath("kept.viva");
    QVERIFY(write(run, "an earlier run"));
    window_->writeRunFile(run);
    QVERIFY(nextMessage().contains(reason));
    QCOMPARE(contentOf(run), QByteArray("an earlier run"));
    const QString bundle = home().filePath("kept.zip");
    QVERIFY(write(bundle, "an earlier bundle"));
    window_->writeBundleOf(bundle);
    QVERIFY(nextMessage().contains(reason));
    QCOMPARE(contentOf(bundle), QByteArray("an earlier bundle"));

    QApplication::clipboard()->setText("before");
    const QString plan = home().filePath("none.viva-plan");
    // Asking for a file first would be a question too much: none of them waits for an answer.
    const std::vector<std::pair<const char*, std::function<void()>>> all = {
        {"save", [&] { window_->saveRunFile(); }},
        {"link", [&] { window_->copyLink(); }},
        {"command", [&] { window_->copyCommand(); }},
        {"plan", [&] { window_->addToPlan(plan); }},
        {"new plan", [&] { window_->addToPlan(); }},
        {"figure", [&] { window_->exportFigure(panel().frames().front()->view(), "png"); }},
        {"shown figure", [&] { window_->exportShownFigure(); }},
        {"panel", [&] { window_->exportPanel(); }},
        {"panel's picture", [&] { window_->writePanelPicture(home().filePath("none.png")); }},
        {"copy panel", [&] { window_->copyPanel(); }},
        {"animation", [&] { window_->exportAnimation(); }},
        {"bundle", [&] { window_->exportBundle(); }},
        {"sweep", [&] { window_->showSweep(); }}};
    for (const auto& [name, work] : all) {
      work();
      const QString said = nextMessage();
      QVERIFY2(said.contains(reason), qPrintable(QString(name) + ": " + said));
      for (const QWidget* widget : QApplication::topLevelWidgets())
        QVERIFY2(!qobject_cast<const QDialog*>(widget) || !widget->isVisible(), name);
    }
    QCOMPARE(QApplication::clipboard()->text(), QString("before"));
    QVERIFY(!QFile::exists(plan));
    QVERIFY(!QFile::exists(home().filePath("none.png")));

    QSignalSpy said(&panel(), &ExperimentPanel::said);
    panel().pinRun();
    QTRY_VERIFY(!said.isEmpty());
    QCOMPARE(said.last()[0].toString(), reason);
    panel().runFiveSeeds();
    QTRY_COMPARE(said.last()[0].toString(), reason);
  }

  void aLinkToOnesOwnFileIsNotCopied() {
    open("ood-maps");
    const QString path = ownFile();
    QVERIFY(!path.isEmpty());
    set("data_file", File{path.toStdString()});
    set("dataset", Choice{"file"});
    QTRY_VERIFY(isSettled() && state().records.rows() > 0);
    QApplication::clipboard()->setText("before");
    window_->copyLink();
    const QString said = nextMessage();
    QVERIFY2(said.contains("run file") && said.contains("not copied"), qPrintable(said));
    QCOMPARE(QApplication::clipboard()->text(), QString("before"));
    const QString plan = home().filePath("file.viva-plan");
    window_->addToPlan(plan);
    QVERIFY(nextMessage().contains("not added"));
    QVERIFY(!QFile::exists(plan));
  }

  void aLinkThatWouldBeTooLongIsNotCopiedAndAPlanTakesIt() {
    open("optimizer-race");
    QTRY_VERIFY(isSettled() && state().records.rows() > 0);
    panel().runner().setSpeed(Runner::kUnlimited);
    // More changes than a link has parts.
    RunSettings settings = panel().settings();
    settings.steps = 600;
    for (int step = 0; step < 550; ++step)
      settings.events.push_back({step, "sgd.lr", 0.001 + 1e-6 * step});
    panel().openAt(settings, 560);
    QTRY_COMPARE(state().step, 560);
    window_->copyLink();
    QVERIFY(nextMessage().contains("64 KB"));
    QVERIFY(QApplication::clipboard()->text().isEmpty());
    const QString plan = home().filePath("long.viva-plan");
    window_->addToPlan(plan);
    QTRY_VERIFY(QFile::exists(plan));
    const std::string digest = state().records.digest();
    window_->openExperiment("gan-plane");
    window_->openPlan(plan);
    QTRY_COMPARE(state().step, 560);
    QCOMPARE(state().records.digest(), digest);
  }

  void twoWindowsAddToOnePlan() {
    open("optimizer-race");
    QTRY_VERIFY(isSettled() && state().records.rows() > 0);
    const QString path = home().filePath("both.viva-plan");
    LabLink first;
    first.experiment = "optimizer-race";
    writePlan(path, {"A class", {{"First", first}}});
    window_->openPlan(path);
    QTRY_VERIFY(isSettled() && state().records.rows() > 0);
    // Another window adds a step, and somebody gives the first one a better title.
    LabLink second = first;
    second.preset = "ravine-zigzag";
    addToPlan(path, {"Of the other window", second});
    QVERIFY(write(path, contentOf(path).replace("\"First\"", "\"By hand\"")));
    window_->addToPlan();
    QTRY_COMPARE(readPlan(path).steps.size(), std::size_t{3});
    const LessonPlan plan = readPlan(path);
    QCOMPARE(plan.steps[0].title, QString("By hand"));
    QCOMPARE(plan.steps[1].title, QString("Of the other window"));
    QVERIFY(plan.steps[2].title.startsWith("Race"));
  }
};

QTEST_MAIN(NoRunTest)
#include "no_run_test.moc"
