// SPDX-License-Identifier: GPL-3.0-or-later
// The training of the mind against the PyTorch program that the Code tab shows: same weights, same
// examples; and the logits that its saved weights give.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/tool_use/agent_memory.h"
#include "lessons/tool_use/agent_mind.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3, kExampleStream = 1, kMemoryStream = 4;
constexpr std::int64_t kUpdates = 8, kExamplesEach = 24;

/// What the run draws: the examples of the mind, then the notes that its memory learns from.
void addExamples(Task& task) {
  AgentDice dice(generatorFor(kSeed, kExampleStream));
  AgentMemory memory(generatorFor(kSeed, kMemoryStream), "cpu");
  std::vector<torch::Tensor> words, targets;
  for (std::int64_t i = 0; i < kUpdates; ++i) {
    const AgentExamples examples = drawExamples(dice, kExamplesEach);
    words.push_back(examples.words);
    targets.push_back(examples.targets);
    memory.learn(drawNotes(dice), dice, 0);
  }
  task.insert("words", torch::stack(words));
  task.insert("targets", torch::stack(targets));
}

}  // namespace

class AgentPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramGivesTheSameLossesAndTheSameLogits() {
    const auto run = startedRun(
        "agent-loop",
        {{"updates", std::to_string(kUpdates)}, {"batch_size", std::to_string(kExamplesEach)}},
        kUpdates, kSeed);
    Task task = emptyTask();
    addExamples(task);
    for (const auto& [name, tensor] : weightTensors(*run))
      if (!name.starts_with("probe.")) task.insert(name, tensor);
    run->advance(kUpdates);
    const auto weights = weightTensors(*run);
    task.insert("probe.words", weights.at("probe.words"));
    const auto rows = printedBy("agents/agent_loop.py", task);
    QCOMPARE(rows.size(), static_cast<std::size_t>(kUpdates + kAgentContext));
    for (std::int64_t update = 1; update <= kUpdates; ++update)
      QVERIFY2(agree(tests::at(*run, update, "loss"), rows[update - 1][0], 2e-4),
               qPrintable(QString::number(update)));
    const auto ours = weights.at("probe.logits");
    for (std::int64_t place = 0; place < kAgentContext; ++place) {
      const auto theirs = torch::tensor(rows[kUpdates + place], torch::kDouble);
      QVERIFY((ours[place] - theirs).abs().max().item<double>() < 1e-3);
    }
  }

  void theProgramGivesThePolicysLoss() {
    const std::int64_t updates = 3, tasks = 16;
    const auto run = finishedRun(
        "tool-policy", {{"batch_size", std::to_string(tasks)}, {"compare", "none"}}, updates);
    Task task = emptyTask();
    const auto weights = weightTensors(*run);
    for (const auto& [name, tensor] : weights) task.insert(name, tensor);
    task.insert("tasks", torch::full({}, tasks));
    const auto rows = printedBy("agents/tool_policy.py", task);
    QCOMPARE(rows.size(), std::size_t{2});
    QVERIFY(agree(weights.at("probe.loss").item<double>(), rows[0][0], 1e-4));
    QVERIFY(rows[1][0] > 0);
  }
};

QTEST_GUILESS_MAIN(AgentPythonTest)
#include "agent_python_test.moc"
