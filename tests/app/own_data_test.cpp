// SPDX-License-Identifier: GPL-3.0-or-later
// Files that users bring, from the command line: what is said of them, and what happens when they
// have changed.
#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {
namespace {

/// With the real lessons, and a cache of its own.
Program program(const QTemporaryDir& folder) {
  Program program;
  program.set("VIVA_LESSONS_LIBRARY", QString(VIVA_BINARY_DIR) + "/libviva_lessons.so");
  program.set("XDG_CACHE_HOME", folder.filePath("cache"));
  return program;
}

void write(const QString& path, const QByteArray& content) {
  QFile file(path);
  [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
  QCOMPARE(file.write(content), content.size());
}

/// Two classes of `count` points each.
QByteArray table(int count, double apart = 1) {
  QByteArray rows = "x,y,species\n";
  for (int i = 0; i < 2 * count; ++i)
    rows += QByteArray::number(i % 2 * apart + 0.1 * (i % 7)) + "," +
            QByteArray::number(0.1 * (i % 11)) + (i % 2 == 1 ? ",lily\n" : ",iris\n");
  return rows;
}

QByteArray digestOf(const QByteArray& content) {
  return QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
}

QStringList training(const QString& table, const QString& out) {
  return {"run",     "optimizer-training",
          "--set",   "dataset=file",
          "--set",   "data_file=" + table,
          "--set",   "batch_size=8",
          "--set",   "hidden=4",
          "--set",   "evaluate_every=2",
          "--steps", "4",
          "--out",   out};
}

}  // namespace

class OwnDataTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;

  QString path(const char* name) const { return folder_.filePath(name); }
  /// Of a run of `training`; its table is `own, 花.csv`.
  QString recorded(const char* out, const QStringList& further = {}) {
    write(path("own, 花.csv"), table(40));
    const Outcome outcome =
        program(folder_).run(training(path("own, 花.csv"), path(out)) + further);
    [&] { QVERIFY2(outcome.status == 0, outcome.errors); }();
    return path(out);
  }

 private Q_SLOTS:
  void theRunAndItsSummarySayWhatWasRead() {
    const QString out = recorded("said");
    const QByteArray content = table(40);
    for (const char* name : {"run.viva", "summary.json"}) {
      const QJsonObject input =
          jsonOf(out + "/" + name)["inputs"].toObject()["data_file"].toObject();
      QCOMPARE(input["size"].toInt(), content.size());
      QCOMPARE(input["sha256"].toString().toUtf8(), digestOf(content));
    }
    const QJsonObject summary = jsonOf(out + "/summary.json");
    QVERIFY2(summary["reading"].toString().contains("species"),
             qPrintable(summary["reading"].toString()));
    const QJsonValue arguments = summary["reading_message"]["arguments"];
    QCOMPARE(arguments["column"].toString(), QString("species"));
    QCOMPARE(arguments["classes"].toInt(), 2);
    QCOMPARE(arguments["training"].toInt(), 64);
    QCOMPARE(arguments["validation"].toInt(), 16);
    QVERIFY(!jsonOf(out + "/summary.json")["reading"].toString().contains(folder_.path()));
  }

  void aRunWithoutFilesSaysNothingOfThem() {
    const QString out = path("none");
    QCOMPARE(program(folder_)
                 .run({"run", "optimizer-training", "--set", "samples=200", "--set",
                       "data_file=" + path("no such.csv"), "--steps", "1", "--out", out})
                 .status,
             0);
    for (const char* name : {"run.viva", "summary.json"})
      QVERIFY(!jsonOf(out + "/" + name).contains("inputs"));
    QVERIFY(!jsonOf(out + "/summary.json").contains("reading"));
    QCOMPARE(jsonOf(out + "/run.viva")["experiment_version"].toInt(), 1);
  }

  void aReplayNamesTheFileThatHasChanged() {
    const QString out = recorded("changed"), run = out + "/run.viva";
    const Outcome same = program(folder_).run({"replay", run});
    QVERIFY2(same.status == 0 && same.errors.isEmpty(), same.errors);
    write(path("own, 花.csv"), table(40, 2));
    const Outcome other = program(folder_).run({"replay", run});
    QCOMPARE(other.status, 4);
    for (const QByteArray& part :
         {QByteArray("data_file"), QByteArray("own, 花.csv"), digestOf(table(40)),
          digestOf(table(40, 2)), QByteArray("train_loss")})
      QVERIFY2(other.errors.contains(part), other.errors);
    for (const char* wrong : {"BLAS", "threads", "build"})
      QVERIFY2(!other.errors.contains(wrong), other.errors);
  }

  void aReplayOfAnEarlierVersionsFileSaysThatItCannotKnow() {
    QJsonObject run = jsonOf(recorded("earlier") + "/run.viva");
    run.remove("inputs");
    write(path("earlier.viva"), QJsonDocument(run).toJson());
    QVERIFY(program(folder_).run({"replay", path("earlier.viva")}).errors.isEmpty());
    write(path("own, 花.csv"), table(40, 2));
    const Outcome other = program(folder_).run({"replay", path("earlier.viva")});
    QCOMPARE(other.status, 4);
    QVERIFY2(other.errors.contains("own, 花.csv"), other.errors);
  }

  void aBundleCarriesTheFileAndIsReplayedWhereItIsNot() {
    const QString out = recorded("bundled", {"--export", "bundle,csv"});
    const QString bundle = out + "/bundle.zip", table_path = path("own, 花.csv");
    const QByteArray records = contentOf(out + "/records.csv");
    QVERIFY(QFile::remove(table_path));
    const Outcome gone = program(folder_).run({"replay", out + "/run.viva"});
    QCOMPARE(gone.status, 3);
    QVERIFY2(gone.isOneLine() && gone.errors.contains("own, 花.csv"), gone.errors);
    for (const bool another_is_there : {false, true}) {
      if (another_is_there) write(table_path, table(40, 2));
      const QString again = path(another_is_there ? "again" : "once more");
      const Outcome outcome =
          program(folder_).run({"replay", bundle, "--out", again, "--export", "csv"});
      QVERIFY2(outcome.status == 0 && outcome.errors.contains("bundle"), outcome.errors);
      QCOMPARE(contentOf(again + "/records.csv"), records);
      // What is written has the name of the user's file, not the place of the copy; where the
      // original lies is not told by a bundle.
      QCOMPARE(contentOf(again + "/run.viva"),
               contentOf(out + "/run.viva").replace(table_path.toUtf8(), "own, 花.csv"));
    }
  }

  void aBundleSaysWhatIsMissing() {
    // A table that is too large to be carried: one class label is long.
    QByteArray large = table(40);
    large.replace("iris", QByteArray(60'000, 'i'));
    large += table(40).mid(table(40).indexOf('\n') + 1).replace("iris", QByteArray(60'000, 'i'));
    QVERIFY(large.size() > (4 << 20));
    write(path("large.csv"), large);
    const Outcome outcome = program(folder_).run(training(path("large.csv"), path("large")) +
                                                 QStringList{"--export", "bundle"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    const QString bundle = path("large/bundle.zip");
    QProcess python;
    python.start("/usr/bin/python3",
                 {"-c",
                  "import sys, zipfile\n"
                  "z = zipfile.ZipFile(sys.argv[1])\n"
                  "assert not any(n.startswith('data/') for n in z.namelist())\n"
                  "print(z.read('README.md').decode())\n",
                  bundle});
    QVERIFY(python.waitForFinished());
    const QByteArray readme = python.readAllStandardOutput();
    QVERIFY2(python.exitCode() == 0, python.readAllStandardError());
    QVERIFY2(readme.contains("Not in here: large.csv") && readme.contains(digestOf(large)), readme);
    QVERIFY(QFile::remove(path("large.csv")));
    const Outcome missing = program(folder_).run({"replay", bundle});
    QCOMPARE(missing.status, 3);
    QVERIFY2(missing.isOneLine() && missing.errors.contains("large.csv") &&
                 missing.errors.contains(digestOf(large)),
             missing.errors);
  }

  void aSweepDoesNotMixTheResultsOfTwoFiles() {
    write(path("own.csv"), "x,label\n1,a\n2,b\n");
    const QStringList grid{"sweep",
                           "fake-descent",
                           "--quiet",
                           "--grid",
                           "rate=0.1,0.2",
                           "--set",
                           "data_file=" + path("own.csv"),
                           "--metric",
                           "a/x",
                           "--out",
                           path("sweep")};
    QCOMPARE(Program().run(grid).status, 0);
    const QString first = path("sweep/points/00000.viva");
    QVERIFY(QFile::remove(first));
    QCOMPARE(Program().run(grid).status, 0);
    const QByteArray results = contentOf(path("sweep/sweep.csv"));

    write(path("own.csv"), "x,label\n1,a\n3,b\n");
    QVERIFY(QFile::remove(first));
    const Outcome refused = Program().run(grid);
    QCOMPARE(refused.status, 2);
    QVERIFY2(refused.isOneLine() && refused.errors.contains("own.csv") &&
                 refused.errors.contains("--force"),
             refused.errors);
    QVERIFY(!QFile::exists(first));
    QCOMPARE(contentOf(path("sweep/sweep.csv")), results);
    // Nor does whoever computes a part of it.
    const Outcome part = Program().run({"sweep-points", path("sweep"), "--part", "0/2"});
    QCOMPARE(part.status, 0);
    const QJsonObject point = jsonOf(first)["sweep_point"].toObject();
    QCOMPARE(point["status"].toString(), QString("failed"));
    QVERIFY(point["message"].toString().contains("own.csv"));

    QCOMPARE(Program().run(grid + QStringList{"--force"}).status, 0);
    const QJsonObject now = jsonOf(path("sweep/sweep.json"))["run"].toObject();
    QCOMPARE(now["inputs"]["data_file"]["sha256"].toString().toUtf8(),
             digestOf("x,label\n1,a\n3,b\n"));
    QCOMPARE(jsonOf(first)["sweep_point"].toObject()["status"].toString(), QString("completed"));
  }

  void aSweepWhoseFileIsTheSameAgainGoesOn() {
    const QByteArray content = "x,label\n1,a\n2,b\n";
    write(path("back.csv"), content);
    const QStringList grid{"sweep",
                           "fake-descent",
                           "--quiet",
                           "--grid",
                           "rate=0.1,0.2",
                           "--set",
                           "data_file=" + path("back.csv"),
                           "--metric",
                           "a/x",
                           "--out",
                           path("back")};
    QCOMPARE(Program().run(grid).status, 0);
    write(path("back.csv"), "x,label\n");
    QCOMPARE(Program().run(grid).status, 2);
    write(path("back.csv"), content);
    QCOMPARE(Program().run(grid).status, 0);
  }

  /// What version 0.1 began knows nothing of its files.
  void aSweepOfAnEarlierVersionGoesOn() {
    write(path("old.csv"), "x,label\n1,a\n2,b\n");
    const QStringList grid{"sweep",
                           "fake-descent",
                           "--quiet",
                           "--grid",
                           "rate=0.1,0.2",
                           "--set",
                           "data_file=" + path("old.csv"),
                           "--metric",
                           "a/x",
                           "--out",
                           path("old")};
    QCOMPARE(Program().run(grid).status, 0);
    QJsonObject sweep = jsonOf(path("old/sweep.json")), run = sweep["run"].toObject();
    run.remove("inputs");
    sweep["run"] = run;
    write(path("old/sweep.json"), QJsonDocument(sweep).toJson());
    QVERIFY(QFile::remove(path("old/points/00000.viva")));
    QCOMPARE(Program().run(grid).status, 0);
    QVERIFY(QFile::exists(path("old/points/00000.viva")));
  }

  void whatIsWrongWithATableIsOneLineAndExitsThree_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("no names") << QByteArray("5.4,3.8,early\n1,2,late\n") << QByteArray("5.4");
    QTest::newRow("missing label")
        << QByteArray("x,y,label\n1,2,a\n3,4,NaN\n") << QByteArray("line 3");
    QTest::newRow("row numbers") << QByteArray(",x,label\n0,1,a\n1,2,b\n")
                                 << QByteArray("column 1");
    QTest::newRow("a class of one") << table(20) + "1,2,rose\n" << QByteArray("rose");
  }
  void whatIsWrongWithATableIsOneLineAndExitsThree() {
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, said);
    write(path("bad.csv"), content);
    const Outcome outcome = program(folder_).run(training(path("bad.csv"), path("bad")));
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains(said), outcome.errors);
    QVERIFY(!QFile::exists(path("bad")));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::OwnDataTest)
#include "own_data_test.moc"
