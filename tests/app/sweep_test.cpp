// SPDX-License-Identifier: GPL-3.0-or-later
// `viva sweep` as a user runs it, on the fake descent x <- x - rate * x from x = 4.
#include <signal.h>

#include <QElapsedTimer>
#include <QFile>
#include <QFileSystemWatcher>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "tests/app/program.h"

namespace viva {
namespace {

using Rows = QList<QList<QByteArray>>;

QStringList sweep(const QStringList& arguments) {
  return QStringList{"sweep", "fake-descent", "--quiet"} + arguments;
}

Rows csvOf(const QString& folder) { return Outcome::rows(contentOf(folder + "/sweep.csv")); }

QString pointPath(const QString& folder, int point) {
  return QString("%1/points/%2.viva").arg(folder).arg(point, 5, 10, QChar('0'));
}

/// Waits for a file by the changes of its folder.
bool appears(const QString& path) {
  const QString folder = path.section('/', 0, -2);
  QElapsedTimer timer;
  for (timer.start(); timer.elapsed() < 20000;) {
    // Its folder may have to be made first.
    QFileSystemWatcher watcher({QFile::exists(folder) ? folder : folder.section('/', 0, -2)});
    QSignalSpy changed(&watcher, &QFileSystemWatcher::directoryChanged);
    if (QFile::exists(path)) return true;
    changed.wait(200);
  }
  return QFile::exists(path);
}

}  // namespace

class SweepTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyPointIsTheRunOfItsSettings() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome = Program().run(
        sweep({"--grid", "rate=0.1,0.5", "--grid", "shape=bowl,saddle", "--set", "noisy=true",
               "--metric", "a/x", "--repeat", "2", "--seed", "7", "--steps", "12", "--out", out}));
    QVERIFY2(outcome.status == 0, outcome.errors);
    QCOMPARE(outcome.output, QByteArray());
    const Rows rows = csvOf(out);
    QCOMPARE(rows.size(), 9);
    QCOMPARE(rows[0].join(','),
             QByteArray("point,rate,shape,seed,status,diverged_at,steps,a/x:last,digest"));
    for (const int point : {0, 3, 6, 7}) {
      const auto& row = rows[point + 1];
      QCOMPARE(row[0].toInt(), point);
      const QString run = folder.filePath("run" + row[0]);
      QCOMPARE(Program()
                   .run({"run", "fake-descent", "--set", "noisy=true", "--set", "rate=" + row[1],
                         "--set", "shape=" + row[2], "--seed", row[3], "--steps", "12", "--quiet",
                         "--out", run})
                   .status,
               0);
      const QJsonObject summary = jsonOf(run + "/summary.json");
      QCOMPARE(summary["digest"].toString().toUtf8(), row[8]);
      QVERIFY(summary["final"].toObject()["a/x"].toDouble() == row[7].toDouble());
    }
    QCOMPARE(rows[1][3], QByteArray("7"));
    QCOMPARE(rows[2][3], QByteArray("8"));
    QVERIFY(rows[1][7] != rows[2][7]);
    const Outcome replay = Program().run({"replay", pointPath(out, 5)});
    QVERIFY2(replay.status == 0 && replay.output.contains(rows[6][8]), replay.errors);
  }

  void aRangeIsEvenOnItsScaleAndRoundNumbersStayRound() {
    const Outcome outcome =
        Program().run(sweep({"--grid", "rate=0.1:0.5:5", "--metric", "a/x", "--steps", "1"}));
    QCOMPARE(outcome.status, 0);
    QList<QByteArray> rates;
    for (const auto& row : Outcome::rows(outcome.output).mid(1)) rates << row[1];
    QCOMPARE(rates.join(' '), QByteArray("0.1 0.2 0.3 0.4 0.5"));
    rates.clear();
    const Outcome log =
        Program().run(sweep({"--grid", "rate=1e-4:1:5:log", "--metric", "a/x", "--steps", "1"}));
    for (const auto& row : Outcome::rows(log.output).mid(1)) rates << row[1];
    QCOMPARE(rates.join(' '), QByteArray("1e-04 0.001 0.01 0.1 1"));
    const Outcome whole =
        Program().run(sweep({"--grid", "extra=1:16:5:log", "--metric", "a/x", "--steps", "1"}));
    rates.clear();
    for (const auto& row : Outcome::rows(whole.output).mid(1)) rates << row[1];
    QCOMPARE(rates.join(' '), QByteArray("1 2 4 8 16"));
  }

  void valuesThatHoldCommasArePartedBySemicolons() {
    const Outcome outcome =
        Program().run(sweep({"--grid", "start=1,0;2,3", "--metric", "a/x:max", "--steps", "3"}));
    QVERIFY2(outcome.status == 0, outcome.errors);
    QVERIFY(outcome.output.contains("0,\"1,0\",1,completed,,3,1,"));
    QVERIFY(outcome.output.contains("1,\"2,3\",1,completed,,3,2,"));
  }

  void theMetricIsTheLastLowestHighestOrMeanValue_data() {
    QTest::addColumn<QString>("metric");
    QTest::addColumn<double>("value");
    QTest::newRow("last") << "sparse" << 1.0;
    QTest::newRow("also last") << "sparse:last" << 1.0;
    QTest::newRow("lowest") << "sparse:min" << 0.0;
    QTest::newRow("highest") << "sparse:max" << 1.0;
    QTest::newRow("mean") << "sparse:mean" << 0.5;  // of 0, 0.5, 1
    QTest::newRow("infinite where that is a result") << "divergence:max" << HUGE_VAL;
  }
  void theMetricIsTheLastLowestHighestOrMeanValue() {
    QFETCH(QString, metric);
    QFETCH(double, value);
    const Outcome outcome =
        Program().run(sweep({"--grid", "rate=0.5", "--metric", metric, "--steps", "10"}));
    QCOMPARE(Outcome::rows(outcome.output)[1][6].toDouble(), value);
    QCOMPARE(Outcome::rows(outcome.output)[1][3], QByteArray("completed"));
  }

  void theSummaryHasEveryCellAndTheBest() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList arguments{
        "--grid", "rate=0.25,0.5", "--set", "noisy=true", "--metric", "a/x",      "--repeat",
        "3",      "--steps",       "5",     "--out",      out,        "--export", "csv"};
    QCOMPARE(Program().run(sweep(arguments)).status, 0);
    const QJsonObject lowest = jsonOf(out + "/summary.json");
    QCOMPARE(lowest["status"].toString(), QString("completed"));
    QCOMPARE(lowest["points"].toInt(), 6);
    QCOMPARE(lowest["seeds"].toArray(), (QJsonArray{1, 2, 3}));
    QVERIFY(!lowest["parameters"].toObject().contains("rate"));
    const QJsonArray cells = lowest["cells"].toArray();
    QCOMPARE(cells.size(), 2);
    const Rows rows = csvOf(out);
    for (int cell = 0; cell < 2; ++cell) {
      double mean = 0, squares = 0;
      for (int seed = 0; seed < 3; ++seed) mean += rows[1 + 3 * cell + seed][6].toDouble() / 3;
      for (int seed = 0; seed < 3; ++seed)
        squares += std::pow(rows[1 + 3 * cell + seed][6].toDouble() - mean, 2);
      const QJsonObject found = cells[cell].toObject();
      QVERIFY(std::abs(found["mean"].toDouble() - mean) < 1e-12);
      QVERIFY(std::abs(found["standard_deviation"].toDouble() - std::sqrt(squares / 2)) < 1e-12);
      QCOMPARE(found["count"].toInt(), 3);
    }
    const bool first =
        cells[0].toObject()["mean"].toDouble() < cells[1].toObject()["mean"].toDouble();
    const auto rate = [](const QJsonObject& summary) {
      return summary["best"].toObject()["values"].toObject()["rate"].toDouble();
    };
    QCOMPARE(rate(lowest), first ? 0.25 : 0.5);
    // Another question to the same points: nothing is computed again.
    Program shifted;
    shifted.set("VIVA_FAKE_SHIFT", "1");
    QCOMPARE(shifted.run(sweep(arguments + QStringList{"--best", "highest"})).status, 0);
    QCOMPARE(rate(jsonOf(out + "/summary.json")), first ? 0.5 : 0.25);
    QCOMPARE(csvOf(out), rows);
  }

  void whatDivergedIsMarkedAndNeverTheBest() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(Program()
                 .run({"sweep", "fake-stopper", "--grid", "nan_at=7,0", "--metric", "a/x:min",
                       "--best", "highest", "--quiet", "--out", out})
                 .status,
             0);
    const Rows rows = csvOf(out);
    QCOMPARE(rows[1].mid(2, 4).join(','), QByteArray("1,diverged,7,7"));
    QCOMPARE(rows[2].mid(2, 3).join(','), QByteArray("1,completed,"));
    const QJsonObject summary = jsonOf(out + "/summary.json");
    QCOMPARE(summary["diverged"].toInt(), 1);
    QCOMPARE(summary["cells"].toArray()[0].toObject()["diverged"].toInt(), 1);
    QVERIFY(summary["cells"].toArray()[0].toObject()["mean"].isNull());
    QCOMPARE(summary["best"].toObject()["values"].toObject()["nan_at"].toInt(), 0);
  }

  void pointsThatFailAreToldAndTriedAgain() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList arguments =
        sweep({"--grid", "fail_at=6,-1,0", "--metric", "a/y", "--steps", "10", "--out", out});
    const Outcome first = Program().run(arguments);
    QCOMPARE(first.status, 1);
    QVERIFY2(first.errors.contains("broken") && first.errors.contains("2 points"), first.errors);
    QCOMPARE(csvOf(out)[1][3], QByteArray("failed"));
    QCOMPARE(csvOf(out)[2][3], QByteArray("completed"));
    QCOMPARE(jsonOf(out + "/summary.json")["status"].toString(), QString("failed"));
    const auto digest = csvOf(out)[2].last();
    Program shifted;
    shifted.set("VIVA_FAKE_SHIFT", "1");
    const Outcome second = shifted.run(arguments);
    QCOMPARE(second.status, 1);
    QCOMPARE(csvOf(out)[2].last(), digest);
  }

  void onlyWhatIsMissingIsComputed() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList arguments =
        sweep({"--grid", "rate=0.1:0.4:4", "--metric", "a/y", "--steps", "5", "--out", out});
    QCOMPARE(Program().run(arguments).status, 0);
    const Rows before = csvOf(out);
    QVERIFY(QFile::remove(pointPath(out, 1)));
    QFile damaged(pointPath(out, 3));
    QVERIFY(damaged.resize(damaged.size() / 2));
    Program shifted;  // what is computed now gives other numbers
    shifted.set("VIVA_FAKE_SHIFT", "1");
    QCOMPARE(shifted.run(arguments).status, 0);
    const Rows after = csvOf(out);
    QCOMPARE(after[1], before[1]);
    QVERIFY(after[2] != before[2]);
    QCOMPARE(after[3], before[3]);
    QVERIFY(after[4] != before[4]);
    QCOMPARE(shifted.run(arguments + QStringList{"--force"}).status, 0);
    QVERIFY(csvOf(out)[1] != before[1]);
  }

  void interruptedItKeepsWhatIsDoneAndGoesOnWhereItStopped_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("Ctrl-C") << SIGINT;
    QTest::newRow("killed") << SIGKILL;
  }
  void interruptedItKeepsWhatIsDoneAndGoesOnWhereItStopped() {
    QFETCH(int, signal);
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    // Two quick points, then one that takes a minute.
    const QStringList grid{
        "--grid", "pause=0.01,0.02,100", "--metric", "a/x", "--steps", "600", "--jobs", "1"};
    const auto process = Program().start(sweep(grid + QStringList{"--out", out}));
    QVERIFY(appears(pointPath(out, 1)));
    ::kill(static_cast<pid_t>(process->processId()), signal);
    const Outcome outcome = Program::finish(*process);
    if (signal == SIGINT) {
      QCOMPARE(outcome.status, 130);
      QCOMPARE(jsonOf(out + "/summary.json")["status"].toString(), QString("cancelled"));
      QCOMPARE(csvOf(out).size(), 3);
    }
    QVERIFY(!QFile::exists(pointPath(out, 2)));
    const QByteArray kept = contentOf(pointPath(out, 0));
    // The same sweep; this time the slow point is stopped at once too, the others are not touched.
    const auto again = Program().start(sweep(grid + QStringList{"--out", out}));
    QVERIFY(again->waitForStarted());
    ::kill(static_cast<pid_t>(again->processId()), SIGTERM);
    QVERIFY(Program::finish(*again).status != 0);
    QCOMPARE(contentOf(pointPath(out, 0)), kept);
    QCOMPARE(QFile::exists(pointPath(out, 1)), true);
  }

  void theEngineCommandPrintsWhatAnyoneCanRun() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("a folder"), same = folder.filePath("same");
    const QStringList grid{"--grid", "rate=0.1:0.4:4", "--metric", "a/x", "--steps", "5"};
    const Outcome commands =
        Program().run(sweep(grid + QStringList{"--engine", "command", "--out", out}));
    QVERIFY2(commands.status == 0, commands.errors);
    QCOMPARE(commands.output.count('\n'), 4);
    QVERIFY(!QFile::exists(out + "/sweep.csv"));
    const Outcome computed = Program().shell(QString::fromUtf8(commands.output));
    QVERIFY2(computed.status == 0, computed.errors);
    Program shifted;  // gathers, computes nothing
    shifted.set("VIVA_FAKE_SHIFT", "1");
    QCOMPARE(shifted.run(sweep(grid + QStringList{"--out", out})).status, 0);
    QCOMPARE(Program().run(sweep(grid + QStringList{"--out", same})).status, 0);
    QCOMPARE(contentOf(out + "/sweep.csv"), contentOf(same + "/sweep.csv"));
  }

  void manyProcessesGiveTheSameNumbersAsOne() {
    const QStringList grid{"--grid", "rate=0.1:0.9:9", "--set", "noisy=true", "--metric",
                           "a/x",    "--repeat",       "3",     "--steps",    "20"};
    const Outcome one = Program().run(sweep(grid + QStringList{"--jobs", "1"}));
    const Outcome four = Program().run(sweep(grid + QStringList{"--jobs", "4"}));
    QCOMPARE(one.status, 0);
    QCOMPARE(Outcome::rows(one.output).size(), 28);
    QCOMPARE(one.output, four.output);
  }

  void anotherSweepIsNotOverwritten() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList grid{"--grid", "rate=0.1,0.2", "--metric", "a/x", "--out", out};
    QCOMPARE(Program().run(sweep(grid)).status, 0);
    const QByteArray before = contentOf(out + "/sweep.csv");
    for (const QStringList& change : {QStringList{"--seed", "2"},
                                      {"--steps", "3"},
                                      {"--set", "noisy=true"},
                                      {"--repeat", "2"}}) {
      const Outcome outcome = Program().run(sweep(grid + change));
      QCOMPARE(outcome.status, 2);
      QVERIFY2(outcome.isOneLine() && outcome.errors.contains("another sweep"), outcome.errors);
    }
    QCOMPARE(contentOf(out + "/sweep.csv"), before);
    QCOMPARE(Program().run(sweep(grid + QStringList{"--steps", "3", "--force"})).status, 0);
    QVERIFY(contentOf(out + "/sweep.csv") != before);
  }

  void aSweepOfAnEarlierVersionGoesOn() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList grid{"sweep",    "fake-descent", "--grid", "rate=0.1,0.2",
                           "--metric", "a/x",          "--out",  out};
    QCOMPARE(Program().run(grid).status, 0);
    QJsonObject description = jsonOf(out + "/sweep.json"), run = description["run"].toObject(),
                parameters = run["parameters"].toObject();
    // It had another build, and a parameter less.
    QVERIFY(parameters.contains("extra"));
    parameters.remove("extra");
    run["parameters"] = parameters;
    run["build"] = "0.0 g++ 1";
    description["run"] = run;
    QFile file(out + "/sweep.json");
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QJsonDocument(description).toJson());
    file.close();
    const QByteArray results = contentOf(out + "/sweep.csv"), kept = contentOf(pointPath(out, 1));
    Program shifted;  // what is computed anew shows
    shifted.set("VIVA_FAKE_SHIFT", "1");
    const Outcome again = shifted.run(grid);
    QVERIFY2(again.status == 0 && !again.errors.contains("0.0 g++ 1"), again.errors);
    QCOMPARE(contentOf(out + "/sweep.csv"), results);
    QVERIFY(QFile::remove(pointPath(out, 0)));
    const Outcome rest = Program().run(grid);
    QVERIFY2(rest.status == 0 && rest.errors.contains("0.0 g++ 1"), rest.errors);
    QCOMPARE(contentOf(out + "/sweep.csv"), results);
    QCOMPARE(contentOf(pointPath(out, 1)), kept);
    QCOMPARE(Program().run(grid + QStringList{"--set", "extra=3", "--quiet"}).status, 2);
  }

  void whatIsWrongIsOneLineThatSaysWhatIsAllowed_data() {
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("said");
    const auto add = [](const char* arguments, const char* said) {
      QTest::newRow(arguments) << arguments << said;
    };
    add("--metric a/x", "--grid");
    add("--grid rate=0.1,0.2", "--metric");
    add("--grid rate --metric a/x", "NAME=FROM:TO:COUNT");
    add("--grid rate= --metric a/x", "NAME=FROM:TO:COUNT");
    add("--grid speed=1,2 --metric a/x", "rate");
    add("--grid rate=0.1:0.2 --metric a/x", "FROM:TO:COUNT");
    add("--grid rate=0.1:0.2:1 --metric a/x", "from 2 to 1000");
    add("--grid rate=0.1:0.2:1001 --metric a/x", "from 2 to 1000");
    add("--grid rate=0.1:0.2:3:exp --metric a/x", "FROM:TO:COUNT");
    add("--grid rate=0.1:0.1:3 --metric a/x", "two different numbers");
    add("--grid rate=nan:0.1:3 --metric a/x", "two different numbers");
    add("--grid rate=0:1:3:log --metric a/x", "above zero");
    add("--grid rate=1:3:3 --metric a/x", "3");
    add("--grid rate=0.1,fast --metric a/x", "fast");
    add("--grid rate=0.1,0.10 --metric a/x", "twice");
    add("--grid extra=1:3:10 --metric a/x", "twice");
    add("--grid shape=bowl,ball --metric a/x", "saddle");
    add("--grid drawn=0,1,0 --metric a/x", "drawn");
    add("--grid note=fine;invalid --metric a/x", "fake.invalid");
    add("--grid rate=0.1,0.2 --grid rate=0.3,0.4 --metric a/x", "twice");
    add("--grid rate=0.1,0.2 --set rate=0.3 --metric a/x", "--set and by --grid");
    add("--grid rate=0.1,0.2 --metric a/z", "a/gradient");
    add("--grid extra=0,1 --metric extra/0", "every point");
    add("--grid rate=0.1,0.2 --metric a/x:median", "last, min, max, mean");
    add("--grid rate=0.1,0.2 --metric :last", "--metric RECORD");
    add("--grid rate=0.1,0.2 --metric a/x --repeat 0", "1");
    add("--grid rate=0.1,0.2 --metric a/x --seed 18446744073709551615 --repeat 2", "seed");
    add("--grid rate=0.1,0.2 --metric a/x --jobs 0", "1");
    add("--grid rate=0.1,0.2 --metric a/x --engine cloud", "local, slurm, command");
    add("--grid rate=0.1,0.2 --metric a/x --engine slurm", "--out");
    add("--grid rate=0.1,0.2 --metric a/x --engine command", "--out");
    add("--grid rate=0.1,0.2 --metric a/x --partition long", "--engine slurm");
    add("--grid rate=0.1,0.2 --metric a/x --best middle", "lowest, highest");
    add("--grid rate=0.1:0.9:1000 --grid extra=1:1000:1000 --metric a/x", "at most 100000");
    add("--grid rate=0.1,0.2 --metric a/x --export png", "--out");
  }
  void whatIsWrongIsOneLineThatSaysWhatIsAllowed() {
    QFETCH(QString, arguments);
    QFETCH(QString, said);
    const Outcome outcome = Program().run(sweep(arguments.split(' ')));
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    QVERIFY2(QString::fromUtf8(outcome.errors).contains(said), outcome.errors);
    QCOMPARE(outcome.output, QByteArray());
  }

  void picturesOfMoreThanTwoAxesAndWeightsAreRefused() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const QStringList grids{"--grid", "rate=0.1,0.2", "--metric", "a/x", "--out", out};
    const Outcome weights = Program().run(sweep(grids + QStringList{"--export", "weights"}));
    QCOMPARE(weights.status, 2);
    QVERIFY2(weights.isOneLine() && weights.errors.contains("csv, png, svg, pdf"), weights.errors);
    const Outcome map =
        Program().run(sweep(grids + QStringList{"--grid", "extra=0,1", "--grid",
                                                "shape=bowl,saddle", "--export", "png"}));
    QCOMPARE(map.status, 2);
    QVERIFY2(map.isOneLine(), map.errors);
    QVERIFY(!QFile::exists(out));
  }

  void aFolderWithoutASweepOrADamagedOneIsRefused() {
    const QTemporaryDir folder;
    const Outcome none = Program().run({"sweep-points", folder.path()});
    QCOMPARE(none.status, 3);
    QVERIFY2(none.isOneLine(), none.errors);
    QFile file(folder.filePath("sweep.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"viva_sweep\": 1, \"run\": {}}");
    file.close();
    const Outcome damaged = Program().run({"sweep-points", folder.path()});
    QCOMPARE(damaged.status, 3);
    QVERIFY2(damaged.isOneLine(), damaged.errors);
    const Outcome other =
        Program().run(sweep({"--grid", "rate=0.1,0.2", "--metric", "a/x", "--out", folder.path()}));
    QCOMPARE(other.status, 2);
    QVERIFY2(other.isOneLine(), other.errors);
    QVERIFY2(Program().run({"sweep-points", folder.path(), "--part", "3/3"}).status == 2, "part");
  }

  void aFullDiskIsOneSentenceAndTheOldResultsStay() {
    const QTemporaryDir folder;
    Program program;
    program.set("D", folder.filePath("out"));
    const QString sweep =
        "\"$VIVA\" sweep fake-descent --quiet --metric a/x --out \"$D\" --grid rate=0.1,0.2 --set "
        "extra=600 --steps 3";
    QCOMPARE(program.shell(sweep).status, 0);
    const QByteArray before = contentOf(folder.filePath("out/sweep.csv"));
    // No file may grow beyond 8 KiB: a point with 600 records does.
    const Outcome outcome = program.shell("ulimit -f 8; " + sweep + " --seed 3 --force");
    QVERIFY(outcome.status == 1 || outcome.status == 3);
    QVERIFY2(!outcome.errors.isEmpty(), outcome.errors);
    for (const QString& name : filesIn(folder.filePath("out/points")))
      QVERIFY2(!name.startsWith(".viva-"), qPrintable(name));
    QVERIFY(!before.isEmpty());
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::SweepTest)
#include "sweep_test.moc"
