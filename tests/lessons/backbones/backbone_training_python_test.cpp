// SPDX-License-Identifier: GPL-3.0-or-later
// The training of degradation and backbone-race against the PyTorch programs that the Code tab
// shows: same weights, same batches.
#include <torch/types.h>

#include <QTest>

#include "lessons/backbones/classified_images.h"
#include "lessons/data/dataset.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kSteps = 12;

/// The first batches of a run and the weights that its nets start from.
Task taskOf(const Run& run) {
  Batches batches(classifiedImages(run.parameters(), kSeed).training, run.parameters()[kImageBatch],
                  generatorFor(kSeed, kImageBatchStream));
  std::vector<torch::Tensor> images, labels;
  for (std::int64_t i = 0; i < kSteps; ++i) {
    const auto batch = batches.next();
    images.push_back(batch.inputs);
    labels.push_back(batch.labels);
  }
  Task task = emptyTask();
  task.insert("images", torch::stack(images));
  task.insert("labels", torch::stack(labels));
  for (const auto& [name, tensor] : weightTensors(run)) task.insert(name, tensor);
  return task;
}

void compare(Run& run, const char* program, const Task& task,
             const std::vector<std::string>& nets) {
  run.advance(kSteps);
  const auto rows = printedBy(program, task);
  QCOMPARE(rows.size(), std::size_t{kSteps});
  for (std::int64_t step = 1; step <= kSteps; ++step)
    for (std::size_t net = 0; net < nets.size(); ++net) {
      const double ours = tests::at(run, step, nets[net] + "/train_loss");
      // Rounding grows with each update.
      QVERIFY2(agree(ours, rows[step - 1][net], step < 5 ? 1e-4 : 1e-2),
               qPrintable(QString("%1, step %2: %3 and %4")
                              .arg(nets[net].c_str())
                              .arg(step)
                              .arg(ours)
                              .arg(rows[step - 1][net])));
    }
}

}  // namespace

class BackboneTrainingPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramOfDegradationGivesTheSameLosses() {
    const auto run =
        startedRun("degradation", {{"depth", "14"}, {"shortcut", "both"}}, kSteps, kSeed);
    Task task = taskOf(*run);
    task.insert("depth", torch::tensor(14));
    compare(*run, "cnn-backbones/degradation.py", task,
            {"shallow", "plain", "residual", "projected"});
  }

  void theProgramOfTheRaceGivesTheSameLosses() {
    const auto run = startedRun("backbone-race", {}, kSteps, kSeed);
    compare(*run, "cnn-backbones/backbone_race.py", taskOf(*run),
            {"plain", "vgg", "inception", "residual", "dense", "depthwise"});
  }
};

QTEST_GUILESS_MAIN(BackboneTrainingPythonTest)
#include "backbone_training_python_test.moc"
