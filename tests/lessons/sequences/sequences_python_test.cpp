// SPDX-License-Identifier: GPL-3.0-or-later
// The training of this lesson against the PyTorch programs that the Code tab shows: same weights,
// same sequences.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/data/sequence_tasks.h"
#include "lessons/sequences/sequence_streams.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kSteps = 12, kLength = 50, kBatch = 32;

/// The sequences of the run and its weights as they are now, for a program to start from.
std::vector<char> taskOf(const Run& run) {
  Task task = emptyTask();
  addSequences(task, SequenceSource(SequenceTask::Adding, kLength), kSteps, kBatch,
               generatorFor(kSeed, kSequenceStream));
  for (const auto& [name, tensor] : weightTensors(run)) task.insert(name, tensor);
  return pythonPickle(task);
}

/// What the program prints when it is given the run's sequences and first weights.
QList<QByteArray> linesOf(const char* program, const Run& run, QByteArray& errors) {
  const Printed printed = runPython((std::string("lstm/") + program).c_str(), taskOf(run));
  errors = printed.errors;
  return printed.lines;
}

/// Float32 rounding grows along a trajectory, fast where a plain RNN is chaotic.
bool agree(double a, double b) { return std::abs(a - b) <= 3e-4 * std::max(0.1, std::abs(b)); }

}  // namespace

class SequencesPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theGatesProgramGivesTheSameLossesAndItsGatesAreExact() {
    const auto run = startedRun("lstm-gates", {}, kSteps, kSeed);
    QByteArray errors;
    const auto lines = linesOf("lstm_gates.py", *run, errors);
    QVERIFY2(lines.size() == kSteps, errors.constData());
    run->advance(kSteps);
    for (int step = 1; step <= kSteps; ++step)
      QVERIFY2(agree(tests::at(*run, step, "loss"), lines[step - 1].toDouble()),
               lines[step - 1].constData());
    QVERIFY2(errors.startsWith("gates off by"), errors.constData());
    QVERIFY(errors.mid(int(strlen("gates off by"))).trimmed().toDouble() < 1e-6);
  }

  void theRaceProgramGivesTheSameLossesForAllFourCells() {
    const auto run = startedRun("cell-race", {}, kSteps, kSeed);
    QByteArray errors;
    const auto lines = linesOf("cell_race.py", *run, errors);
    QVERIFY2(lines.size() == kSteps + 1, errors.constData());
    run->advance(kSteps);
    const auto names = lines[0].split(',');
    QCOMPARE(names.size(), 4);
    for (int step = 1; step <= kSteps; ++step) {
      const auto cells = lines[step].split(',');
      for (int i = 0; i < names.size(); ++i) {
        const double ours = tests::at(*run, step, names[i].toStdString() + "/loss");
        QVERIFY2(agree(ours, cells[i].toDouble()), qPrintable(QString("%1 at step %2: %3 and %4")
                                                                  .arg(names[i].constData())
                                                                  .arg(step)
                                                                  .arg(ours, 0, 'g', 9)
                                                                  .arg(cells[i].constData())));
      }
    }
  }
};

QTEST_GUILESS_MAIN(SequencesPythonTest)
#include "sequences_python_test.moc"
