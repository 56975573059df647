// SPDX-License-Identifier: GPL-3.0-or-later
// Files appear whole or not at all, whatever happens. No test relies on mode bits: they may run as
// root.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

#include "tests/app/program.h"

namespace viva {

class FilesTest : public QObject {
  Q_OBJECT

 private:
  static void put(const QString& path, const QByteArray& text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
  }
  /// A run that is in the middle of its steps.
  static std::unique_ptr<QProcess> startSlowRun(const QTemporaryDir& folder,
                                                const QStringList& more = {}) {
    Program program;
    program.set("VIVA_FAKE_STARTED", folder.filePath("started"));
    auto process = program.start(
        QStringList{"run", "fake-descent", "--set", "pause=5", "--steps", "1000000", "--quiet"} +
        more);
    [&] { QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath("started")), 30000); }();
    return process;
  }

 private Q_SLOTS:
  void aFolderThatHoldsARunIsRefusedWithoutForce() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(Program().run({"run", "fake-descent", "--out", out}).status, 0);
    const QByteArray before = contentOf(out + "/summary.json");
    const Outcome refused = Program().run({"run", "fake-descent", "--steps", "3", "--out", out});
    QCOMPARE(refused.status, 2);
    QVERIFY2(refused.isOneLine() && refused.errors.contains("--force"), refused.errors);
    QCOMPARE(contentOf(out + "/summary.json"), before);
    const Outcome forced =
        Program().run({"run", "fake-descent", "--steps", "3", "--out", out, "--force"});
    QCOMPARE(forced.status, 0);
    QCOMPARE(jsonOf(out + "/summary.json")["steps"].toInt(), 3);
  }

  void aFolderWithOtherFilesIsTakenAndTheyStay() {
    const QTemporaryDir folder;
    put(folder.filePath("thesis.tex"), "mine");
    QCOMPARE(Program().run({"run", "fake-descent", "--out", folder.path()}).status, 0);
    QCOMPARE(contentOf(folder.filePath("thesis.tex")), QByteArray("mine"));
  }

  void somebodyElsesRecordsAreNotOverwritten() {
    const QTemporaryDir folder;
    put(folder.filePath("records.csv"), "mine");
    QCOMPARE(Program().run({"run", "fake-descent", "--out", folder.path()}).status, 2);
    QCOMPARE(contentOf(folder.filePath("records.csv")), QByteArray("mine"));
    QCOMPARE(filesIn(folder.path()), QStringList{"records.csv"});
  }

  void forceLeavesNoFileOfTheEarlierRun() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(
        Program().run({"run", "fake-descent", "--out", out, "--export", "csv,json,weights"}).status,
        0);
    put(out + "/note.txt", "mine");
    QCOMPARE(filesIn(out), (QStringList{"note.txt", "records.csv", "run.viva", "summary.json",
                                        "views.json", "weights.pt"}));
    QCOMPARE(Program().run({"run", "fake-descent", "--out", out, "--force"}).status, 0);
    QCOMPARE(filesIn(out), (QStringList{"note.txt", "records.csv", "run.viva", "summary.json"}));
  }

  void aFileWhereTheFolderShouldBeIsRefused() {
    const QTemporaryDir folder;
    put(folder.filePath("file"), "mine");
    for (const char* place : {"file", "file/below", "file/far/below"}) {
      const Outcome outcome =
          Program().run({"run", "fake-descent", "--out", folder.filePath(place)});
      QCOMPARE(outcome.status, 3);
      QVERIFY2(outcome.isOneLine() && outcome.errors.contains("file"), outcome.errors);
    }
    QCOMPARE(contentOf(folder.filePath("file")), QByteArray("mine"));
  }

  void aFolderWhereAFileShouldBeIsRefusedBeforeTheRun() {
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir("records.csv"));
    const Outcome outcome = Program().run({"run", "fake-descent", "--steps", "1000000000", "--set",
                                           "pause=1000", "--out", folder.path(), "--force"});
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("records.csv"), outcome.errors);
    QCOMPARE(filesIn(folder.path()), QStringList{"records.csv"});
  }

  void aFolderThatCannotBeMadeIsRefused() {
    const Outcome outcome = Program().run({"run", "fake-descent", "--out", "/proc/nowhere/out"});
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
  }

  void aFileSizeLimitLeavesTheOldFilesAndNothingElse() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(Program().run({"run", "fake-descent", "--out", out}).status, 0);
    const QByteArray records = contentOf(out + "/records.csv");
    const QByteArray summary = contentOf(out + "/summary.json");
    Program program;
    program.set("D", out);
    const Outcome outcome = program.shell(
        "ulimit -f 16; exec \"$VIVA\" run fake-descent --steps 5000 --out \"$D\" --force --quiet");
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("records.csv"), outcome.errors);
    QCOMPARE(contentOf(out + "/records.csv"), records);
    QCOMPARE(contentOf(out + "/summary.json"), summary);
    QCOMPARE(filesIn(out), (QStringList{"records.csv", "run.viva", "summary.json"}));
    program.set("D", folder.filePath("new/folder"));
    const Outcome fresh = program.shell(
        "ulimit -f 16; exec \"$VIVA\" run fake-descent --steps 5000 --out \"$D\" --quiet");
    QCOMPARE(fresh.status, 3);
    QCOMPARE(filesIn(folder.path()), QStringList{"out"});
  }

  void noRoomForAnyExportLeavesTheOldFilesAndNothingElse_data() {
    QTest::addColumn<QString>("format");
    for (const char* format : {"csv", "json", "weights", "safetensors", "png", "svg", "pdf",
                               "bundle", "tikz", "matplotlib", "tensorboard", "webp"})
      QTest::newRow(format) << format;
  }
  void noRoomForAnyExportLeavesTheOldFilesAndNothingElse() {
    QFETCH(QString, format);
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList arguments{"run",     "fake-descent", "--export", format,   "--out",  out,
                                "--quiet", "--steps",      "20",       "--size", "200x150"};
    const Outcome made = Program().run(arguments);
    if (made.errors.contains("without pictures")) QSKIP("this build draws no pictures");
    QCOMPARE(made.status, 0);
    QMap<QString, QByteArray> before, after;
    for (const QString& name : filesIn(out)) before[name] = contentOf(out + "/" + name);
    Program program;
    program.set("A", arguments.join(' '));
    const Outcome outcome = program.shell("ulimit -f 1; exec \"$VIVA\" $A --force");
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    for (const QString& name : filesIn(out)) after[name] = contentOf(out + "/" + name);
    QCOMPARE(after, before);
  }

  void aFullDiskLeavesTheOldFilesAndNothingElse() {
    const QTemporaryDir folder;
    Program program;
    program.set("D", folder.path());
    // A file system of 256 KiB in a name space of its own: as root, or as a user who may have one.
    const Outcome outcome = program.shell(
        "script='mount -t tmpfs -o size=256k tmpfs \"$D\" || exit 99\n"
        "\"$VIVA\" run fake-descent --out \"$D/out\" --quiet || exit 98\n"
        "cp -r \"$D/out\" \"$D/before\"\n"
        "\"$VIVA\" run fake-descent --steps 20000 --out \"$D/out\" --force --quiet; echo $?\n"
        "diff -r \"$D/before\" \"$D/out\" && ls -A \"$D/out\"'\n"
        "if unshare -m true; then unshare -m sh -c \"$script\";\n"
        "else unshare -Urm sh -c \"$script\"; fi");
    if (outcome.status == 99 || outcome.errors.contains("unshare"))
      QSKIP("no file system can be mounted here; the file-size limit is tested instead");
    QCOMPARE(outcome.output, QByteArray("3\nrecords.csv\nrun.viva\nsummary.json\n"));
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("records.csv"), outcome.errors);
  }

  void aFullDiskOnStandardOutputIsOneLine() {
    const Outcome outcome = Program().shell("\"$VIVA\" run fake-descent --quiet > /dev/full");
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    const Outcome list = Program().shell("\"$VIVA\" list > /dev/full");
    QCOMPARE(list.status, 3);
    QVERIFY2(list.isOneLine(), list.errors);
  }

  void aClosedStandardOutputIsOneLineAndHarmsNoFile() {
    const Outcome outcome = Program().shell("\"$VIVA\" run fake-descent --quiet >&-");
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    const QTemporaryDir folder;
    Program program;
    program.set("D", folder.filePath("out"));
    const Outcome written =
        program.shell("\"$VIVA\" run fake-descent --out \"$D\" --export csv,json >&- 2>&- <&-");
    QCOMPARE(written.status, 0);
    QCOMPARE(Outcome::rows(contentOf(folder.filePath("out/records.csv"))).size(), 52);
  }

  void aReaderThatGoesAwayEndsTheRunQuietly() {
    const Outcome outcome = Program().shell(
        "{ \"$VIVA\" run fake-descent --steps 100000000 --quiet; echo $? >&2; } | head -n 1");
    QCOMPARE(outcome.output, QByteArray("step,a/x,a/y,a/gradient,sparse,divergence\n"));
    QCOMPARE(outcome.errors, QByteArray("3\n"));
  }

  void ctrlCWritesWhatThereIs() {
    for (const int signal : {SIGINT, SIGTERM}) {
      const QTemporaryDir folder;
      const QString out = folder.filePath("out");
      const auto process = startSlowRun(folder, {"--out", out, "--export", "csv,json"});
      // A wrapper that passes the signal on doubles it.
      ::kill(static_cast<pid_t>(process->processId()), signal);
      ::kill(static_cast<pid_t>(process->processId()), signal);
      const Outcome outcome = Program::finish(*process);
      QCOMPARE(outcome.status, 130);
      QCOMPARE(outcome.errors, QByteArray());
      const QJsonObject summary = jsonOf(out + "/summary.json");
      QCOMPARE(summary["status"].toString(), QString("cancelled"));
      const int steps = summary["steps"].toInt();
      QVERIFY(steps >= 1 && steps < 1000000);
      const QByteArray records = contentOf(out + "/records.csv");
      QCOMPARE(Outcome::rows(records).size(), steps + 2);
      QVERIFY(records.endsWith('\n'));
      QVERIFY(!jsonOf(out + "/views.json")["views"].toObject().isEmpty());
      QCOMPARE(Program().run({"replay", out + "/run.viva"}).status, 0);
    }
  }

  void ctrlCWithoutAFolderEndsStandardOutputWithAWholeRow() {
    const QTemporaryDir folder;
    const auto process = startSlowRun(folder);
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    const Outcome outcome = Program::finish(*process);
    QCOMPARE(outcome.status, 130);
    QVERIFY(outcome.output.endsWith('\n'));
    for (const auto& row : Outcome::rows(outcome.output)) QCOMPARE(row.size(), 6);
  }

  void aKilledRunLeavesNoFileAndTheFolderCanBeUsedAgain() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const auto process = startSlowRun(folder, {"--out", out});
    process->kill();
    Program::finish(*process);
    QVERIFY(filesIn(out).isEmpty());
    put(out + "/.viva-part-records.csv", "what a kill in the middle of writing leaves");
    QCOMPARE(Program().run({"run", "fake-descent", "--out", out}).status, 0);
    QCOMPARE(filesIn(out), (QStringList{"records.csv", "run.viva", "summary.json"}));
  }

  void twoRunsDoNotShareAFolder() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const auto process = startSlowRun(folder, {"--out", out});
    const Outcome second = Program().run({"run", "fake-descent", "--out", out, "--force"});
    QCOMPARE(second.status, 2);
    QVERIFY2(second.isOneLine() && second.errors.contains(out.toUtf8()), second.errors);
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    QCOMPARE(Program::finish(*process).status, 130);
    QCOMPARE(jsonOf(out + "/summary.json")["status"].toString(), QString("cancelled"));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::FilesTest)
#include "files_test.moc"
