// SPDX-License-Identifier: GPL-3.0-or-later
// The training of each method against the PyTorch program that the Code tab shows: same base, same
// start, same batches.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/fine_tuning/digit_tasks.h"
#include "lessons/fine_tuning/fine_tuning_streams.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kUpdates = 8, kBatch = 16;

}  // namespace

class FineTuningPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramGivesTheSameLosses_data() {
    QTest::addColumn<QString>("method");
    for (const char* method :
         {"full", "prompt", "p-tuning-v2", "lora", "adalora", "qlora", "qa-lora", "vera"})
      QTest::newRow(method) << method;
  }
  void theProgramGivesTheSameLosses() {
    QFETCH(QString, method);
    Settings settings{{"batch_size", std::to_string(kBatch)}, {"pretraining", "20"}};
    for (const char* other : {"full", "prompt", "prefix", "p-tuning-v2", "lora", "dylora",
                              "adalora", "qlora", "qa-lora", "vera"})
      if (method != other) settings.emplace_back(std::string(other) + ".on", "false");
    const auto run = startedRun("peft-race", settings, kUpdates, kSeed);
    run->advance(std::int64_t{0});
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run))
      if (name.find("probe.") == std::string::npos) task.insert(name, tensor);
    std::vector<torch::Tensor> tokens, targets;
    const auto generator = generatorFor(kSeed, kTuningBatchStream);
    for (std::int64_t i = 0; i < kUpdates; ++i) {
      const TaskBatch batch = drawNewTask(DigitTask::RotateTwo, kBatch, 0, generator);
      tokens.push_back(batch.tokens);
      targets.push_back(batch.targets);
    }
    task.insert("tokens", torch::stack(tokens));
    task.insert("targets", torch::stack(targets));
    run->advance(kUpdates);
    const auto rows = printedBy("fine-tuning/peft_race.py", task, {method});
    QCOMPARE(rows.size(), std::size_t{kUpdates});
    for (std::int64_t update = 1; update <= kUpdates; ++update)
      QVERIFY2(
          agree(tests::at(*run, update, method.toStdString() + "/loss"), rows[update - 1][0], 2e-4),
          qPrintable(QString::number(update)));
  }
};

QTEST_GUILESS_MAIN(FineTuningPythonTest)
#include "fine_tuning_python_test.moc"
