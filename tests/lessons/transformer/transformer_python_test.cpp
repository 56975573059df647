// SPDX-License-Identifier: GPL-3.0-or-later
// The training of this lesson against the PyTorch programs that the Code tab shows: same weights,
// same sequences; and the attention that is shown, computed again from weights.pt.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/transformer/attention_numbers.h"
#include "lessons/transformer/attention_streams.h"
#include "lessons/transformer/attention_task.h"
#include "lessons/transformer/position_race.h"
#include "tests/lessons/python_program.h"
#include "tests/lessons/saved_weights.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kSteps = 12, kBatch = 64;

Task taskWith(const Run& run) {
  Task task = emptyTask();
  for (const auto& [name, tensor] : weightTensors(run)) task.insert(name, tensor);
  return task;
}

torch::Tensor tensorOf(const NumberRows& rows) {
  return torch::tensor(rows.values, torch::kDouble).view({rows.rows, rows.columns});
}

}  // namespace

class TransformerPythonTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theLabsProgramGivesTheSameLosses() {
    const auto run = startedRun("attention-lab", {}, kSteps, kSeed);
    Task task = taskWith(*run);
    const AttentionTask source(AttentionTaskKind::Reverse);
    auto generator = generatorFor(kSeed, kTokenStream);
    std::vector<torch::Tensor> tokens, targets;
    for (std::int64_t i = 0; i < kSteps; ++i) {
      const auto batch = source.draw(kBatch, 16, generator);
      tokens.push_back(batch.tokens);
      targets.push_back(batch.targets);
    }
    QVERIFY(task.erase("probe.tokens") == 1);
    task.insert("tokens", torch::stack(tokens));
    task.insert("targets", torch::stack(targets));
    const auto printed = printedBy("transformer/attention_lab.py", task);
    QCOMPARE(std::ssize(printed), kSteps);
    run->advance(kSteps);
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      QVERIFY(agree(tests::at(*run, step, "loss"), printed[step - 1][0], 3e-4));
      QVERIFY(std::abs(tests::at(*run, step, "accuracy") - printed[step - 1][1]) < 0.003);
    }
  }

  void theAttentionThatIsShownIsThatOfTheSavedWeights() {
    const auto run = finishedRun(
        "attention-lab", {{"heads", "2"}, {"layers", "2"}, {"head", "3"}, {"probe", "31415926"}},
        30, kSeed);
    Task task = taskWith(*run);
    task.insert("heads", torch::tensor(2));
    task.insert("tokens", torch::zeros({0, 1, 8}, torch::kLong));
    task.insert("targets", torch::zeros({0, 1, 8}, torch::kLong));
    const auto printed = printedBy("transformer/attention_lab.py", task);
    QCOMPARE(std::ssize(printed), 4 * 8);
    const auto frame = run->frame();
    const auto& shown = std::get<MatrixData>(frame->views.at("attention"));
    const auto& all = std::get<ImagesData>(frame->views.at("every_head"));
    for (std::int64_t row = 0; row < 4 * 8; ++row)
      for (std::int64_t key = 0; key < 8; ++key) {
        QVERIFY(std::abs((*all.values)[row * 8 + key] - printed[row][key]) < 1e-5);
        if (row >= 3 * 8)
          QVERIFY(std::abs((*shown.values)[(row - 24) * 8 + key] - printed[row][key]) < 1e-5);
      }
    const PythonsReading read = readByPython(*run, 2, false);
    QVERIFY(read.logits_off < 1e-5);
    QVERIFY(distanceOf(shown, read, 3) < 1e-5);
  }

  void theRacesProgramGivesTheSameLossesForAllFive() {
    const auto run = startedRun("position-race", {}, kSteps, kSeed);
    Task task = taskWith(*run);
    const AttentionTask source(AttentionTaskKind::Shift);
    auto generator = generatorFor(kSeed, kTokenStream);
    for (std::int64_t i = 0; i < kSteps; ++i) {
      const auto length = torch::randint(8, 17, {1}, generator, torch::kLong).item<std::int64_t>();
      const auto batch = source.draw(kBatch, length, generator);
      task.insert("tokens." + std::to_string(i), batch.tokens);
      task.insert("targets." + std::to_string(i), batch.targets);
    }
    const auto printed = printedBy("transformer/position_race.py", task);
    QCOMPARE(std::ssize(printed), kSteps);
    run->advance(kSteps);
    for (std::int64_t step = 1; step <= kSteps; ++step)
      for (std::size_t i = 0; i < kEncodings.size(); ++i) {
        const double ours = tests::at(*run, step, std::string(kEncodings[i].id) + "/loss");
        QVERIFY2(agree(ours, printed[step - 1][i], 3e-4),
                 qPrintable(QString("%1 at step %2: %3 and %4")
                                .arg(kEncodings[i].id)
                                .arg(step)
                                .arg(ours, 0, 'g', 9)
                                .arg(printed[step - 1][i])));
      }
  }

  void theNumbersProgramGivesEveryStage() {
    const auto q = normalRows(3, 4, 1), k = normalRows(5, 4, 2), v = normalRows(5, 2, 3);
    const Masking masking{true, {{2, 0}, {2, 1}, {2, 2}}};
    const auto stages = attentionStages(q, k, v, true, masking);
    Task task = emptyTask();
    task.insert("q", tensorOf(q));
    task.insert("k", tensorOf(k));
    task.insert("v", tensorOf(v));
    task.insert("hidden", tensorOf(stages.masked).isinf().to(torch::kDouble));
    const auto printed = printedBy("transformer/attention_numbers.py", task);
    QCOMPARE(printed.size(), std::size_t(9));
    for (std::int64_t i = 0; i < 3; ++i) {
      for (std::int64_t j = 0; j < 5; ++j) {
        QVERIFY(std::abs(printed[i][j] - stages.scaled.at(i, j)) < 1e-12);
        QVERIFY(std::abs(printed[3 + i][j] - stages.weights.at(i, j)) < 1e-12);
      }
      for (std::int64_t c = 0; c < 2; ++c)
        QVERIFY(std::abs(printed[6 + i][c] - stages.output.at(i, c)) < 1e-12);
    }
  }
};

QTEST_GUILESS_MAIN(TransformerPythonTest)
#include "transformer_python_test.moc"
