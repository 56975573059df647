// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class ReplayTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  QString run_;

  QString edited(const QByteArray& before, const QByteArray& after) {
    QByteArray text = contentOf(run_);
    [&] { QVERIFY2(text.contains(before), before); }();
    return written(text.replace(before, after));
  }
  QString written(const QByteArray& text) {
    const QString path = folder_.filePath("edited.viva");
    QFile file(path);
    [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
    file.write(text);
    return path;
  }

 private Q_SLOTS:
  void initTestCase() {
    const QString out = folder_.filePath("out");
    QCOMPARE(Program()
                 .run({"run", "fake-descent", "--preset", "half", "--set", "noisy=true", "--seed",
                       "5", "--at", "3:rate=0.25", "--at", "7:shape=plateau", "--out", out})
                 .status,
             0);
    run_ = out + "/run.viva";
  }

  void theSameNumbersAreSaidToBeTheSame() {
    const Outcome outcome = Program().run({"replay", run_});
    QCOMPARE(outcome.status, 0);
    const QByteArray digest =
        jsonOf(folder_.filePath("out/summary.json"))["digest"].toString().toUtf8();
    QVERIFY2(outcome.output.contains(digest), outcome.output);
    QCOMPARE(outcome.errors, QByteArray());
  }

  void aReplayWritesTheSameRecordsAndRunFile() {
    const QString again = folder_.filePath("again");
    const Outcome outcome = Program().run({"replay", run_, "--out", again, "--export", "csv,json"});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(contentOf(again + "/records.csv"), contentOf(folder_.filePath("out/records.csv")));
    QCOMPARE(contentOf(again + "/run.viva"), contentOf(run_));
    QCOMPARE(filesIn(again),
             (QStringList{"records.csv", "run.viva", "summary.json", "views.json"}));
  }

  void recordsOfAReplayGoToStandardOutputWhenTheyAreAskedFor() {
    const Outcome outcome = Program().run({"replay", run_, "--export", "csv"});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.output, contentOf(folder_.filePath("out/records.csv")));
  }

  void otherNumbersExitFourAndTheFirstRecordIsNamed() {
    Program program;
    program.set("VIVA_FAKE_SHIFT", "1e-13");
    const Outcome outcome = program.run({"replay", run_});
    QCOMPARE(outcome.status, 4);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("a/y"), outcome.errors);
    QVERIFY(!outcome.errors.contains("a/x"));
  }

  /// Of an earlier version, whose experiment had fewer.
  void recordsThatTheFileDoesNotNameAreNotCompared() {
    QJsonObject run = jsonOf(run_), digests = run["record_digests"].toObject();
    QVERIFY(digests.contains("a/x") && digests.contains("a/y"));
    digests.remove("a/x");
    run["record_digests"] = digests;
    run["digest"] = "of the others";
    const QString file = written(QJsonDocument(run).toJson());
    const Outcome outcome = Program().run({"replay", file});
    QVERIFY2(outcome.status == 0 && outcome.output.contains("of the others"), outcome.errors);
    Program program;
    program.set("VIVA_FAKE_SHIFT", "1e-13");
    const Outcome differs = program.run({"replay", file});
    QVERIFY2(differs.status == 4 && differs.errors.contains("a/y"), differs.errors);
  }

  void anotherBuildIsToldWhenTheNumbersDiffer() {
    Program program;
    program.set("VIVA_FAKE_SHIFT", "1e-13");
    const Outcome outcome = program.run({"replay", edited("\"fake 1.0\"", "\"fake 0.9\"")});
    QCOMPARE(outcome.status, 4);
    QVERIFY2(outcome.errors.contains("fake 0.9") && outcome.errors.contains("fake 1.0"),
             outcome.errors);
  }

  void filesThatCannotBeUsedAreOneLine_data() {
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<int>("status");
    QTest::newRow("not JSON") << QByteArray("{") << QByteArray("x") << 3;
    QTest::newRow("another file") << QByteArray("viva_run") << QByteArray("something") << 3;
    QTest::newRow("newer") << QByteArray("\"viva_run\": 1") << QByteArray("\"viva_run\": 99") << 3;
    QTest::newRow("newer experiment")
        << QByteArray("\"experiment_version\": 1") << QByteArray("\"experiment_version\": 9") << 3;
    QTest::newRow("no seed") << QByteArray("\"seed\"") << QByteArray("\"sead\"") << 3;
    QTest::newRow("seed of another kind")
        << QByteArray("\"seed\": 5") << QByteArray("\"seed\": \"5\"") << 3;
    QTest::newRow("negative steps")
        << QByteArray("\"steps\": 20") << QByteArray("\"steps\": -20") << 3;
    QTest::newRow("unknown experiment")
        << QByteArray("fake-descent") << QByteArray("fake-ascent") << 2;
    QTest::newRow("unknown parameter") << QByteArray("\"pause\"") << QByteArray("\"paws\"") << 2;
    QTest::newRow("value out of range")
        << QByteArray("\"rate\": 0.5") << QByteArray("\"rate\": 50") << 2;
    QTest::newRow("value of another kind")
        << QByteArray("\"rate\": 0.5") << QByteArray("\"rate\": \"fast\"") << 2;
    QTest::newRow("change of a restart parameter")
        << QByteArray("\"name\": \"rate\",\n      \"value\": 0.25")
        << QByteArray("\"name\": \"extra\",\n      \"value\": 3") << 2;
    QTest::newRow("unknown device") << QByteArray("\"cpu\"") << QByteArray("\"tpu\"") << 2;
    QTest::newRow("absent device") << QByteArray("\"cpu\"") << QByteArray("\"cuda:0\"") << 1;
  }
  void filesThatCannotBeUsedAreOneLine() {
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(int, status);
    const Outcome outcome = Program().run({"replay", edited(before, after)});
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    QCOMPARE(outcome.output, QByteArray());
    QCOMPARE(outcome.status, status);
  }

  void aFileCutAnywhereIsRefused() {
    const QByteArray whole = contentOf(run_);
    for (const auto& part : {0.0, 0.1, 0.5, 0.9, 0.99}) {
      const Outcome outcome = Program().run(
          {"replay",
           written(whole.left(static_cast<int>(part * static_cast<double>(whole.size()))))});
      QCOMPARE(outcome.status, 3);
      QVERIFY2(outcome.isOneLine(), outcome.errors);
    }
  }

  void whatIsNoFileIsRefused() {
    for (const QString& path : {folder_.path(), folder_.filePath("missing.viva")}) {
      const Outcome outcome = Program().run({"replay", path});
      QCOMPARE(outcome.status, 3);
      QVERIFY2(outcome.isOneLine() && outcome.errors.contains(path.toUtf8()), outcome.errors);
    }
    const Outcome endless = Program().run({"replay", "/dev/zero"});
    QCOMPARE(endless.status, 3);
    QVERIFY2(endless.isOneLine(), endless.errors);
  }

  void theFolderOfTheRunItselfIsNotOverwritten() {
    const QByteArray before = contentOf(run_);
    QCOMPARE(Program().run({"replay", run_, "--out", folder_.filePath("out")}).status, 2);
    QCOMPARE(contentOf(run_), before);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::ReplayTest)
#include "replay_test.moc"
