// SPDX-License-Identifier: GPL-3.0-or-later
// `viva sweep --engine slurm` where the cluster's controller does not answer: sbatch, squeue and
// scancel are scripts of this test, so that it says when.
#include <signal.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class SlurmAnswersTest : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> folder_;
  Program program_;

  QString path(const QString& name) const { return folder_->filePath(name); }
  void put(const QString& name, const QByteArray& text) const {
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  }
  /// Squeue as a script: `question` is the number of the present one, from 1, `silent` and
  /// `forgotten` are its answers, and `compute` computes the whole array.
  void squeue(const QByteArray& answers) const {
    put("bin/squeue",
        "#!/bin/sh\n"
        "cd '" +
            folder_->path().toUtf8() +
            "' || exit 9\n"
            "is_list=no\n"
            "case \" $* \" in *' --jobs '*) echo asked >>questions ;; *) is_list=yes ;; esac\n"
            "question=$(wc -l <questions)\n"
            "silent() {\n"
            "  echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2\n"
            "  exit 1\n"
            "}\n"
            "forgotten() {\n"
            "  [ $is_list = yes ] && echo '170_3' && exit 0\n"
            "  echo 'slurm_load_jobs error: Invalid job id specified' >&2\n"
            "  exit 1\n"
            "}\n"
            "compute() {\n"
            "  for part in 0 1 2 3; do\n"
            "    SLURM_ARRAY_TASK_ID=$part sh out/slurm/task.sh >>tasks.log\n"
            "  done\n"
            "}\n" +
            answers);
  }
  QStringList sweep(const QStringList& more) const {
    return QStringList{"sweep",    "fake-descent",
                       "--grid",   "rate=0.1,0.2,0.3,0.4",
                       "--steps",  "5",
                       "--metric", "a/x",
                       "--out",    path("out")} +
           more;
  }
  qsizetype submitted() const { return contentOf(path("submitted")).count('\n'); }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(folder_->path()).mkdir("bin"));
    put("bin/sbatch",
        "#!/bin/sh\n"
        "echo \"$*\" >>'" +
            path("submitted").toUtf8() +
            "'\n"
            "echo 17\n");
    put("bin/scancel", "#!/bin/sh\nexit 0\n");
    put("questions", "");
    program_ = Program();
    program_.set("PATH", path("bin") + ":" + qEnvironmentVariable("PATH"));
  }

  void aQuestionWithoutAnAnswerIsAskedAgain() {
    squeue(
        "[ $question = 1 ] && silent\n"
        "[ -e tasks.log ] || compute\n"
        "forgotten\n");
    const Outcome outcome = program_.run(sweep({"--engine", "slurm"}));
    QVERIFY2(outcome.status == 0, outcome.errors);
    QVERIFY2(outcome.errors.contains("does not answer whether job 17"), outcome.errors);
    QCOMPARE(submitted(), 1);
    QVERIFY(!QFile::exists(path("out/slurm.json")));
  }

  void aJobThatIsOverIsOverThoughItsNumberIsForgotten() {
    squeue("forgotten\n");
    const Outcome outcome = program_.run(sweep({"--engine", "slurm"}));
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.errors.contains("4 points are missing"), outcome.errors);
    QVERIFY(!QFile::exists(path("out/slurm.json")));
  }

  void anArrayThatMayStillBeThereIsNotSubmittedAgain() {
    squeue("forgotten\n");
    QCOMPARE(program_.run(sweep({"--engine", "slurm"})).status, 1);  // nothing is computed yet
    put("out/slurm.json", "{\"job\": \"17\"}\n");
    put("questions", "");
    QCOMPARE(submitted(), 1);
    squeue(
        "[ $question = 1 ] && silent\n"
        "[ $question = 2 ] && echo '17_[0-3]' && exit 0\n"
        "[ -e tasks.log ] || compute\n"
        "forgotten\n");
    const Outcome outcome = program_.run(sweep({"--engine", "slurm"}));
    QVERIFY2(outcome.status == 0, outcome.errors);
    QVERIFY2(outcome.errors.contains("job 17 of this sweep is still there"), outcome.errors);
    QCOMPARE(submitted(), 1);
  }

  void aJobThatCannotBeCancelledIsNotForgotten() {
    squeue("echo '17_[0-3]'\n");
    put("bin/scancel", "#!/bin/sh\nexit 1\n");
    const auto process = program_.start(sweep({"--engine", "slurm"}));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("out/slurm.json")), 60000);
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    const Outcome outcome = Program::finish(*process);
    QCOMPARE(outcome.status, 130);
    QVERIFY2(outcome.errors.contains("could not be cancelled"), outcome.errors);
    QVERIFY(QFile::exists(path("out/slurm.json")));
  }

  void whatMayStillWriteIntoTheFolderIsNotReplaced() {
    squeue("silent\n");
    QCOMPARE(program_.run(sweep({"--quiet"})).status, 0);
    put("out/slurm.json", "{\"job\": \"17\"}\n");
    put("bin/scancel", "#!/bin/sh\nexit 1\n");
    const QByteArray before = contentOf(path("out/sweep.csv"));
    const Outcome outcome = program_.run(sweep({"--force", "--set", "noisy=true", "--quiet"}));
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.errors.contains("job 17 of the earlier sweep"), outcome.errors);
    QCOMPARE(contentOf(path("out/sweep.csv")), before);
    QCOMPARE(filesIn(path("out/points")).size(), 4);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::SlurmAnswersTest)
#include "slurm_answers_test.moc"
