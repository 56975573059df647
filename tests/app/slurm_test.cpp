// SPDX-License-Identifier: GPL-3.0-or-later
// `viva sweep --engine slurm` on a real Slurm of one node, which this test starts.
#include <signal.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QFile>
#include <QFileSystemWatcher>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class SlurmTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  Program program_;

  QString path(const QString& name) const { return folder_.filePath(name); }
  /// 16 points of 20 steps, the last two with pauses of `last` milliseconds.
  QStringList sweep(const QString& last, const QString& out, const QStringList& engine) const {
    return QStringList{"sweep",    "fake-descent", "--grid",   "pause=1,2,3,4,5,6,7," + last,
                       "--set",    "noisy=true",   "--steps",  "20",
                       "--metric", "a/x",          "--repeat", "2",
                       "--out",    path(out)} +
           engine;
  }
  QString slurm(const QString& command) const {
    const Outcome outcome =
        program_.shell("export SLURM_CONF='" + path("c/slurm.conf") + "'; " + command);
    return QString::fromUtf8(outcome.output).trimmed();
  }
  QString job(const QString& out) const {
    return jsonOf(path(out) + "/slurm.json")["job"].toString();
  }
  int pointsIn(const QString& out) const {
    return static_cast<int>(
        filesIn(path(out) + "/points").filter(QRegularExpression("^\\d+.viva$")).size());
  }
  /// Waits, by the changes of the folder, until that many points are there.
  bool haveAppeared(const QString& out, int points) const {
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < 60000 && pointsIn(out) < points;) {
      const QString watched = path(out) + "/points";
      QFileSystemWatcher watcher({QFile::exists(watched) ? watched : folder_.path()});
      QSignalSpy changed(&watcher, &QFileSystemWatcher::directoryChanged);
      if (pointsIn(out) < points) changed.wait(200);
    }
    return pointsIn(out) >= points;
  }

 private Q_SLOTS:
  void initTestCase() {
    if (::geteuid() != 0) QSKIP("only root can start a Slurm of its own");
    for (const char* name : {"munged", "slurmctld", "slurmd", "sbatch"})
      if (QStandardPaths::findExecutable(name).isEmpty() &&
          QStandardPaths::findExecutable(name, {"/usr/sbin"}).isEmpty())
        QSKIP("slurmctld, slurmd, slurm-client or munge is not installed");
    program_.set("PATH", qEnvironmentVariable("PATH") + ":/usr/sbin");
    const Outcome outcome = program_.shell(
        "exec '" VIVA_SOURCE_DIR "/tests/app/slurm_cluster.sh' start '" + path("c") + "'");
    // A container may forbid what its daemons need.
    if (outcome.status != 0) QSKIP("Slurm does not start here: " + outcome.errors);
    program_.set("SLURM_CONF", path("c/slurm.conf"));
  }

  void cleanupTestCase() {
    program_.shell("'" VIVA_SOURCE_DIR "/tests/app/slurm_cluster.sh' stop '" + path("c") + "'");
  }

  void aKilledTaskIsMissingAndTheSameCommandComputesItAlone() {
    const QStringList arguments = sweep("150", "killed",
                                        {"--engine", "slurm", "--partition", "short", "--time", "5",
                                         "--memory", "100", "--slurm-option", "comment=viva"});
    const auto process = program_.start(arguments);
    QVERIFY(haveAppeared("killed", 14));
    const QString id = job("killed");
    QVERIFY(!id.isEmpty());
    const QString running = id + "_14";
    slurm("timeout 60 sh -c 'until squeue -h -t R -o %i | grep -qx " + running +
          "; do sleep 0.1; done'");
    slurm("scancel " + running);
    const Outcome first = Program::finish(*process);
    QCOMPARE(first.status, 1);
    QVERIFY2(first.errors.contains("1 point is missing"), first.errors);
    QCOMPARE(pointsIn("killed"), 15);

    const Outcome second = program_.run(arguments);
    QVERIFY2(second.status == 0, second.errors);
    QVERIFY2(second.errors.contains("15 points were done before"), second.errors);
    QCOMPARE(program_.run(sweep("150", "local", {"--quiet"})).status, 0);
    QCOMPARE(contentOf(path("killed/sweep.csv")), contentOf(path("local/sweep.csv")));
    QCOMPARE(Outcome::rows(contentOf(path("local/sweep.csv"))).size(), 17);
  }

  void aWatcherThatWasKilledFindsItsJobAgain() {
    const QStringList arguments = sweep("8", "watched", {"--engine", "slurm", "--jobs", "1"});
    const auto process = program_.start(arguments);
    QVERIFY(haveAppeared("watched", 1));
    const QString id = job("watched");
    ::kill(static_cast<pid_t>(process->processId()), SIGKILL);
    Program::finish(*process);
    QVERIFY(slurm("squeue -h -j " + id + " -o %i").contains("%1]"));  // --jobs 1
    const Outcome second = program_.run(arguments);
    QVERIFY2(second.status == 0 && second.errors.contains(id.toUtf8() + " of this sweep is still"),
             second.errors);
    QCOMPARE(pointsIn("watched"), 16);
    QVERIFY(!QFile::exists(path("watched/slurm.json")));
  }

  void aSweepThatIsReplacedByForceTakesItsJobAlong() {
    const auto process = program_.start(sweep("3000", "replaced", {"--engine", "slurm"}));
    QVERIFY(haveAppeared("replaced", 1));
    const QString id = job("replaced");
    ::kill(static_cast<pid_t>(process->processId()), SIGKILL);
    Program::finish(*process);
    const Outcome second = program_.run(sweep("8", "replaced", {"--force"}));
    QVERIFY2(second.status == 0 && second.errors.contains(id.toUtf8() + " of the earlier sweep"),
             second.errors);
    QCOMPARE(slurm("squeue -h -j " + id + " 2>/dev/null | wc -l"), QString("0"));
    QCOMPARE(program_.run(sweep("8", "alone", {"--quiet"})).status, 0);
    QCOMPARE(contentOf(path("replaced/sweep.csv")), contentOf(path("alone/sweep.csv")));
    QVERIFY(!QFile::exists(path("replaced/slurm.json")));
  }

  void ctrlCCancelsTheArrayAndKeepsWhatIsDone() {
    const auto process = program_.start(sweep("1000", "cancelled", {"--engine", "slurm"}));
    QVERIFY(haveAppeared("cancelled", 1));
    const QString id = job("cancelled");
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    QCOMPARE(Program::finish(*process).status, 130);
    QCOMPARE(slurm("squeue -h -t PD -j " + id + " 2>/dev/null | wc -l"), QString("0"));
    QCOMPARE(jsonOf(path("cancelled/summary.json"))["status"].toString(), QString("cancelled"));
    QVERIFY(jsonOf(path("cancelled/summary.json"))["done"].toInt() >= 1);
  }

  void whatSbatchRefusesIsSaid() {
    const Outcome outcome =
        program_.run(sweep("8", "refused", {"--engine", "slurm", "--partition", "nowhere"}));
    QCOMPARE(outcome.status, 1);
    QVERIFY2(
        outcome.errors.contains("invalid partition") && outcome.errors.contains("sbatch refused"),
        outcome.errors);
  }

  void withoutSlurmThereIsOneSentence() {
    Program bare;
    bare.set("PATH", "/nowhere");
    const Outcome outcome = bare.run(sweep("8", "bare", {"--engine", "slurm"}));
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("sbatch cannot be started"),
             outcome.errors);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::SlurmTest)
#include "slurm_test.moc"
