// SPDX-License-Identifier: GPL-3.0-or-later
// Files that people bring, in the window, with the real lessons.
#include <QCryptographicHash>
#include <QDir>
#include <QMessageBox>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/catalog_loader.h"
#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/preferences.h"
#include "app/window/sweep_axis.h"
#include "app/window/sweep_dialog.h"
#include "tests/app/program.h"
#include "tests/app/window/open_window.h"

using namespace viva;

class OwnFilesWindowTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir home_;

  QString path(const QString& name) const { return home_.filePath(name); }
  QString tableOf(int rows) const {
    QFile file(path("own.csv"));
    [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
    file.write("x,y,label\n");
    for (int i = 0; i < rows; ++i)
      file.write(QString("%1,%2,%3\n").arg(i * 0.1).arg(i % 7).arg(i % 2 ? "a" : "b").toUtf8());
    return file.fileName();
  }
  std::unique_ptr<MainWindow> window() const {
    WindowRequest request;
    request.experiment = "capacity-lab";
    auto window =
        std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(path("study.db")));
    showUntilReady(*window);
    return window;
  }
  Program program() const {
    Program viva;
    viva.set("VIVA_LESSONS_LIBRARY", QString(VIVA_BINARY_DIR) + "/libviva_lessons.so");
    return viva;
  }
  /// Of two rates, on the table at `file`.
  std::unique_ptr<SweepDialog> sweepOn(const QString& file) const {
    const Catalog& catalog = loadCatalog();
    const ExperimentSpec& spec = catalog.experiment("capacity-lab");
    RunSettings settings{Parameters(spec.parameters)};
    settings.parameters.set("dataset", Choice{"file"});
    settings.parameters.set("data_file", File{file.toStdString()});
    auto dialog = std::make_unique<SweepDialog>(spec, settings, catalog, Appearance{},
                                                VIVA_BINARY_DIR "/viva", path("sweeps"), nullptr);
    dialog->setSteps(3);
    dialog->axis(0).setParameter("lr");
    dialog->axis(0).setRange("0.01", "0.1", 2, true);
    dialog->setMetric("train_loss", Statistic::Last, Goal::Lowest);
    return dialog;
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CONFIG_HOME", path("config").toLocal8Bit());
    qputenv("XDG_DATA_HOME", path("data").toLocal8Bit());
    qputenv("XDG_CACHE_HOME", path("cache").toLocal8Bit());
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva")
        .setValue("experiment", "capacity-lab");  // not a first start, which plays by itself
  }

  /// The file is where it was no more; its copy from the bundle must last as long as what names it.
  void aRunFromABundleIsSavedWithAFileThatStays() {
    const QString table = tableOf(80);
    const Outcome made = program().run({"run", "capacity-lab", "--set", "dataset=file", "--set",
                                        "data_file=" + table, "--set", "train_size=40", "--steps",
                                        "5", "--out", path("made"), "--export", "bundle"});
    QVERIFY2(made.status == 0, made.errors);
    QVERIFY(QFile::remove(table));
    const auto opened = window();
    QSignalSpy replayed(opened.get(), &MainWindow::replayed);
    opened->openRunFile(path("made/bundle.zip"));
    QVERIFY(replayed.size() > 0 || replayed.wait(20000));
    QVERIFY(replayed[0][0].toBool());
    QSignalSpy exported(opened.get(), &MainWindow::exported);
    opened->writeRunFile(path("saved.viva"));
    QVERIFY(exported.wait(20000));
    QVERIFY(exported[0][1].toBool());

    QDir(path("cache")).removeRecursively();
    const Outcome again = program().run({"replay", path("saved.viva")});
    QVERIFY2(again.status == 0, again.errors);
    QVERIFY2(again.output.contains("the same"), again.output);
  }

  /// What is in the files is part of a sweep; they are read beside the window.
  void aSweepReadsItsFilesBesideTheWindow() {
    const QString table = tableOf(80);
    const auto dialog = sweepOn(table);
    QSignalSpy ended(dialog.get(), &SweepDialog::ended);
    dialog->start();
    QVERIFY2(!dialog->process(), "start() has waited for the file");
    QVERIFY(dialog->isRunning());
    QVERIFY2(ended.size() > 0 || ended.wait(240000), qPrintable(dialog->sentence()));
    QCOMPARE(dialog->process()->results().rows.size(), std::size_t(2));
    const QString folder = QString::fromStdString(dialog->process()->folder().path().string());
    const QJsonObject inputs =
        jsonOf(folder + "/sweep.json")["run"].toObject()["inputs"].toObject();
    QCOMPARE(inputs["data_file"].toObject()["sha256"].toString().toUtf8(),
             QCryptographicHash::hash(contentOf(table), QCryptographicHash::Sha256).toHex());
  }

  void aSweepIsStoppedWhileItReads() {
    // Holes: it takes no room, and would take minutes to read.
    QFile large(path("large.csv"));
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(qint64(64) << 30));
    const auto dialog = sweepOn(large.fileName());
    QSignalSpy ended(dialog.get(), &SweepDialog::ended);
    dialog->start();
    QVERIFY(dialog->isRunning());
    dialog->stop();
    QVERIFY(ended.size() > 0 || ended.wait(20000));
    QVERIFY(!dialog->isRunning() && !dialog->process());
    dialog->start();
    QVERIFY(dialog->isRunning());  // and is closed while it reads
  }

  /// A home that takes nothing, or is full.
  void preferencesThatCannotBeKeptAreSaidOnce() {
    // As a full disk would, a folder where the file should be takes nothing.
    const QString file = Preferences::path();
    QFile::remove(file);
    QVERIFY(QDir().mkpath(file + "/inside"));
    const auto opened = window();
    const auto boxes = [&] {
      int count = 0;
      for (const auto* box : opened->findChildren<QMessageBox*>())
        count += box->text().contains(file) ? 1 : 0;
      return count;
    };
    opened->setTheme(Preferences::ThemeChoice::Dark);
    QTRY_COMPARE(boxes(), 1);
    opened->close();
    QCOMPARE(boxes(), 1);
    QVERIFY(QDir(file).removeRecursively());
  }
};

QTEST_MAIN(OwnFilesWindowTest)
#include "own_files_window_test.moc"
