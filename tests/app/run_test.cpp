// SPDX-License-Identifier: GPL-3.0-or-later
// What `viva run` writes, against the closed form of the fake descent.
#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "tests/app/program.h"

namespace viva {

class RunTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void withoutAFolderTheRecordsAndNothingElseGoToStandardOutput() {
    const Outcome outcome = Program().run({"run", "fake-descent", "--quiet"});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.errors, QByteArray());
    const auto rows = Outcome::rows(outcome.output);
    QCOMPARE(rows.size(), 52);
    QCOMPARE(rows[0].join(','), QByteArray("step,a/x,a/y,a/gradient,sparse,divergence"));
    double x = 4;
    for (int step = 0; step <= 50; ++step) {
      const auto& row = rows[step + 1];
      QCOMPARE(row[0].toInt(), step);
      QVERIFY(row[1].toDouble() == x);  // every bit
      QCOMPARE(row[3].isEmpty(), step == 0);
      QCOMPARE(row[4].isEmpty(), step % 5 != 0);
      QCOMPARE(row[5], QByteArray(step % 2 == 1 ? "inf" : "0"));
      x -= 0.1 * x;
    }
    QCOMPARE(rows[6][4], QByteArray("0.5"));
    QCOMPARE(rows[16][4], QByteArray("1.5"));
    QCOMPARE(rows[2][1], QByteArray("3.6000000000000001"));
  }

  void zeroStepsWriteTheInitialStateOnly() {
    const Outcome outcome = Program().run({"run", "fake-descent", "--steps", "0", "--quiet"});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(Outcome::rows(outcome.output).size(), 2);
  }

  void aPresetComesFirstAndSettingsOnTopWhateverTheirOrder() {
    const Outcome before =
        Program().run({"run", "fake-descent", "--set", "start=1,0", "--preset", "half", "--quiet"});
    const Outcome after =
        Program().run({"run", "fake-descent", "--preset", "half", "--set=start=1,0", "--quiet"});
    QCOMPARE(before.output, after.output);
    const auto rows = Outcome::rows(before.output);
    QCOMPARE(rows.size(), 22);  // the preset's 20 steps
    QCOMPARE(rows[2][1], QByteArray("0.5"));
  }

  void aLiveChangeIsSeenByTheNextUpdateAndRecorded() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome =
        Program().run({"run", "fake-descent", "--steps", "4", "--at", "4:rate=0.25", "--at",
                       "2:rate=1", "--at", "2:rate=0.5", "--out", out, "--quiet"});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.output, QByteArray());
    const auto rows = Outcome::rows(contentOf(out + "/records.csv"));
    QVERIFY(rows[3][1].toDouble() == 4 * 0.9 * 0.9 ||
            std::abs(rows[3][1].toDouble() - 3.24) < 1e-15);
    QVERIFY(rows[4][1].toDouble() == rows[3][1].toDouble() - 0.5 * rows[3][1].toDouble());
    const QJsonArray events = jsonOf(out + "/summary.json")["events"].toArray();
    QCOMPARE(events.size(), 3);
    QCOMPARE(events[0].toObject()["value"].toDouble(), 1.0);
    QCOMPARE(events[1].toObject()["value"].toDouble(), 0.5);
    QCOMPARE(events[2].toObject()["step"].toInt(), 4);
    QCOMPARE(Program().run({"replay", out + "/run.viva"}).status, 0);
  }

  void theSummaryTellsEverything() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("deep/er/out");
    const Outcome outcome = Program().run({"run",       "fake-descent",
                                           "--seed",    "18446744073709551615",
                                           "--set",     "noisy=true",
                                           "--set",     "start=1.5,-2",
                                           "--set",     "weights=0.5,0.5",
                                           "--set",     "shape=saddle",
                                           "--set",     "drawn=0,1,0;2,3,1",
                                           "--set",     "note=a=b, c",
                                           "--threads", "2",
                                           "--out",     out});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.output, QByteArray());
    QCOMPARE(filesIn(out), (QStringList{"records.csv", "run.viva", "summary.json"}));
    const QByteArray text = contentOf(out + "/summary.json");
    QVERIFY(text.contains("\"seed\": 18446744073709551615"));
    const QJsonObject summary = jsonOf(out + "/summary.json");
    for (const char* key :
         {"experiment", "version", "seed", "device", "threads", "blas", "torch", "parameters",
          "events", "steps", "status", "diverged_at", "seconds", "steps_per_second", "digest",
          "final", "verdicts", "checks", "non_finite"})
      QVERIFY2(summary.contains(key), key);
    QCOMPARE(summary["experiment"].toString(), QString("fake-descent"));
    QCOMPARE(summary["status"].toString(), QString("completed"));
    QCOMPARE(summary["steps"].toInt(), 50);
    QCOMPARE(summary["threads"].toInt(), 2);
    QCOMPARE(summary["device"].toString(), QString("cpu"));
    QVERIFY(summary["diverged_at"].isNull());
    QCOMPARE(summary["digest"].toString().size(), 64);
    const QJsonObject parameters = summary["parameters"].toObject();
    QCOMPARE(parameters.size(), 15);
    QCOMPARE(parameters["rate"].toDouble(), 0.1);
    QCOMPARE(parameters["noisy"].toBool(), true);
    QCOMPARE(parameters["shape"].toString(), QString("saddle"));
    QCOMPARE(parameters["start"].toArray(), (QJsonArray{1.5, -2}));
    QCOMPARE(parameters["weights"].toArray(), (QJsonArray{0.5, 0.5}));
    QCOMPARE(parameters["drawn"].toArray()[1].toArray(), (QJsonArray{2, 3, 1}));
    QCOMPARE(parameters["note"].toString(), QString("a=b, c"));
    const QJsonObject final_values = summary["final"].toObject();
    QCOMPARE(final_values["sparse"].toDouble(), 5.0);
    QCOMPARE(final_values["divergence"].toDouble(), 0.0);
    const auto rows = Outcome::rows(contentOf(out + "/records.csv"));
    QVERIFY(final_values["a/x"].toDouble() == rows.last()[1].toDouble());
    const QJsonObject check = summary["checks"].toObject()["closed-form"].toObject();
    QCOMPARE(check["passed"].toBool(), true);
    QCOMPARE(check["tolerance"].toDouble(), 1e-9);
    QVERIFY(summary["verdicts"].toObject()["verdict"].isString());
    QCOMPARE(summary["verdict_messages"].toObject()["verdict"].toObject()["key"].toString(),
             QString("fake.verdict"));
  }

  void infinityThatIsAResultIsWrittenAsAString() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(Program().run({"run", "fake-descent", "--steps", "3", "--out", out}).status, 0);
    const QJsonObject summary = jsonOf(out + "/summary.json");
    QCOMPARE(summary["final"].toObject()["divergence"].toString(), QString("inf"));
    QVERIFY(summary["non_finite"].toObject().isEmpty());
    QCOMPARE(summary["status"].toString(), QString("completed"));
  }

  void aValueThatStopsBeingFiniteIsNamedWithItsStep() {
    const QTemporaryDir folder;
    for (const auto& [experiment, status, steps] :
         {std::tuple{"fake-descent", "completed", 50}, std::tuple{"fake-stopper", "diverged", 7}}) {
      const QString out = folder.filePath(experiment);
      const Outcome outcome = Program().run({"run", experiment, "--set", "nan_at=7", "--out", out});
      QCOMPARE(outcome.status, 0);
      const QJsonObject summary = jsonOf(out + "/summary.json");
      QCOMPARE(summary["status"].toString(), QString(status));
      QCOMPARE(summary["steps"].toInt(), steps);
      QCOMPARE(summary["non_finite"].toObject()["a/x"].toInt(), 7);
      QCOMPARE(summary["diverged_at"].toInt(), 7);
      QCOMPARE(Outcome::rows(contentOf(out + "/records.csv"))[8][1], QByteArray("nan"));
      QVERIFY2(outcome.errors.contains("7"), outcome.errors);
      QCOMPARE(Program().run({"replay", out + "/run.viva"}).status, 0);
    }
  }

  void anExperimentThatSaysItIsFinishedEndsTheRun() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(Program().run({"run", "fake-descent", "--set", "finish_at=9", "--out", out}).status,
             0);
    const QJsonObject summary = jsonOf(out + "/summary.json");
    QCOMPARE(summary["status"].toString(), QString("finished"));
    QCOMPARE(summary["steps"].toInt(), 9);
    QCOMPARE(Program().run({"replay", out + "/run.viva"}).status, 0);
  }

  void anExceptionFailsTheRunWithItsFirstLineAndKeepsTheRows() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome =
        Program().run({"run", "fake-descent", "--set", "fail_at=6", "--out", out, "--quiet"});
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("broken"), outcome.errors);
    const QJsonObject summary = jsonOf(out + "/summary.json");
    QCOMPARE(summary["status"].toString(), QString("failed"));
    QVERIFY(summary["message"].toString().contains("broken"));
    QCOMPARE(Outcome::rows(contentOf(out + "/records.csv")).size(), 7);
  }

  void anExperimentThatCannotBeMadeLeavesNothing() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome =
        Program().run({"run", "fake-descent", "--set", "fail_at=0", "--out", out});
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("no start"), outcome.errors);
    QVERIFY(filesIn(folder.path()).isEmpty());
  }

  void dataThatCannotBeReadIsAFileThatCannotBeRead() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome =
        Program().run({"run", "fake-descent", "--set", "data_file=bad.csv", "--out", out});
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("fake.bad_file"), outcome.errors);
    QVERIFY(filesIn(folder.path()).isEmpty());
  }

  void aSnapshotThatFailsFailsTheRun() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome = Program().run({"run", "fake-descent", "--set", "snapshot_fails=true",
                                           "--out", out, "--export", "csv,json"});
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.errors.contains("no picture"), outcome.errors);
    QCOMPARE(filesIn(out), (QStringList{"records.csv", "run.viva", "summary.json"}));
  }

  void aFailedCheckIsToldButTheRunIsDone() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome = Program().run(
        {"run", "fake-descent", "--set", "check_fails=true", "--out", out, "--quiet"});
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.errors.contains("closed-form"), outcome.errors);
    const QJsonObject check =
        jsonOf(out + "/summary.json")["checks"].toObject()["closed-form"].toObject();
    QCOMPARE(check["passed"].toBool(), false);
    QCOMPARE(check["difference"].toDouble(), 1.0);
  }

  void aDeviceThatIsNotThereFailsTheRun() {
    const Outcome outcome = Program().run({"run", "fake-descent", "--device", "cuda"});
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
  }

  void seedsDecideWhereRandomnessIsUsed() {
    const QStringList noisy{"run", "fake-descent", "--quiet", "--set", "noisy=true", "--seed"};
    QCOMPARE(Program().run(noisy + QStringList{"7"}).output,
             Program().run(noisy + QStringList{"7"}).output);
    QVERIFY(Program().run(noisy + QStringList{"7"}).output !=
            Program().run(noisy + QStringList{"8"}).output);
  }

  void longRunsKeepEveryRow() {
    const Outcome outcome =
        Program().run({"run", "fake-descent", "--steps", "20000", "--quiet", "--set", "rate=1e-6"});
    const auto rows = Outcome::rows(outcome.output);
    QCOMPARE(rows.size(), 20002);
    QCOMPARE(rows.last()[0].toInt(), 20000);
    for (const auto& row : rows) QCOMPARE(row.size(), 6);
  }

  /// Two distributions of one length each: one alone, at the last step, would fail after the run.
  void changesOfTheLastStepAreJudgedTogetherAndBeforeTheRun() {
    Program program;
    program.set("VIVA_LESSONS_LIBRARY", QString(VIVA_BINARY_DIR) + "/libviva_lessons.so");
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList run{"run", "distribution-match", "--steps", "10", "--at", "10:p=0.5,0.5"};
    const Outcome alone = program.run(run + QStringList{"--out", out});
    QCOMPARE(alone.status, 2);
    QVERIFY2(alone.isOneLine(), alone.errors);
    QVERIFY(filesIn(out).isEmpty());
    const Outcome together = program.run(run + QStringList{"--at", "10:q=0.5,0.5", "--quiet"});
    QVERIFY2(together.status == 0, together.errors);
    QCOMPARE(Outcome::rows(together.output).size(), 12);
  }

  void aProgressBarIsDrawnOnATerminalOnly() {
    const QTemporaryDir folder;
    Program program;
    program.set("TERM", "xterm");
    const Outcome drawn = program.onTerminal({"run", "fake-descent", "--steps", "40", "--set",
                                              "pause=10", "--out", folder.filePath("out")});
    QVERIFY2(drawn.errors.contains("steps/s") && drawn.errors.contains("a/x"), drawn.errors);
    QVERIFY2(drawn.errors.contains('\r'), drawn.errors);
    QCOMPARE(drawn.status, 0);
    const Outcome plain =
        program.run({"run", "fake-descent", "--steps", "40", "--out", folder.filePath("other")});
    QVERIFY2(!plain.errors.contains("steps/s") && !plain.errors.contains('\r'), plain.errors);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::RunTest)
#include "run_test.moc"
