// SPDX-License-Identifier: GPL-3.0-or-later
// The training of this lesson against the PyTorch program that the Code tab shows: same weights,
// same batches; and what both nets make of the probe.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/vit/contest_images.h"
#include "lessons/vit/contest_streams.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kModel = "vit-vs-cnn";
constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kSteps = 12, kBatch = 64;

/// The first batches of a run, and what its nets start from.
Task taskOf(const Run& run) {
  RunContext context;
  context.seed = kSeed;
  Batches batches(contestImages(run.parameters(), context).training, kBatch,
                  generatorFor(kSeed, kContestBatchStream));
  std::vector<torch::Tensor> images, labels;
  for (std::int64_t i = 0; i < kSteps; ++i) {
    const auto batch = batches.next();
    images.push_back(batch.inputs);
    labels.push_back(batch.labels);
  }
  Task task = emptyTask();
  task.insert("images", torch::stack(images));
  task.insert("labels", torch::stack(labels));
  for (const auto& [name, tensor] : weightTensors(run))
    if (name == "probe.image" || !name.starts_with("probe.")) task.insert(name, tensor);
  return task;
}

}  // namespace

class VitPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramGivesTheSameLossesAndTheSameLogits() {
    const auto run = startedRun(kModel, {}, kSteps, kSeed);
    const Task task = taskOf(*run);
    run->advance(kSteps);
    const auto rows = printedBy("vit/vit_vs_cnn.py", task);
    QCOMPARE(rows.size(), std::size_t{kSteps + 2});
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      QVERIFY(agree(tests::at(*run, step, "vit/loss"), rows[step - 1][0], 1e-4));
      QVERIFY(agree(tests::at(*run, step, "cnn/loss"), rows[step - 1][1], 1e-4));
    }
    auto weights = weightTensors(*run);
    for (const std::size_t net : {0, 1}) {
      const auto ours = weights.at(net == 0 ? "probe.vit.logits" : "probe.cnn.logits");
      const auto theirs = torch::tensor(rows[kSteps + net], torch::kFloat);
      QVERIFY((ours - theirs).abs().max().item<double>() < 1e-3);
    }
  }
};

QTEST_GUILESS_MAIN(VitPythonTest)
#include "vit_python_test.moc"
