// SPDX-License-Identifier: GPL-3.0-or-later
// Training and sampling of this lesson against the PyTorch programs that the Code tab shows: same
// weights, same draws; and the samples, from what weights.pt has.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/data/digits.h"
#include "lessons/data/pool.h"
#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/diffusion_streams.h"
#include "lessons/diffusion/labelled_target.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;

at::Generator stream(std::uint64_t number) { return generatorFor(kSeed, number); }

void addWeights(Task& task, const Run& run) {
  for (const auto& [name, tensor] : weightTensors(run)) task.insert(name, tensor);
}

void compareLosses(const Run& run, const std::vector<std::vector<double>>& rows) {
  QCOMPARE(static_cast<std::int64_t>(rows.size()), run.step());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double ours = tests::at(run, static_cast<std::int64_t>(i) + 1, "loss");
    QVERIFY2(agree(ours, rows[i][0], 2e-4),
             qPrintable(QString("step %1: %2 and %3").arg(i + 1).arg(ours).arg(rows[i][0])));
  }
}

/// The largest difference between what was saved and what was printed.
double apart(const torch::Tensor& saved, const std::vector<std::vector<double>>& rows) {
  if (static_cast<std::int64_t>(rows.size()) != saved.size(0)) return 1e9;
  double most = 0;
  for (std::int64_t i = 0; i < saved.size(0); ++i)
    for (std::int64_t j = 0; j < saved.size(1); ++j)
      most =
          std::max(most, std::abs(saved[i][j].item<double>() -
                                  rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]));
  return most;
}

/// The first batches that a run of the plane draws.
Task planeTask(const Run& run, std::int64_t steps) {
  const Parameters& p = run.parameters();
  const LabelledTarget target(p, stream(kTrainingSetStream));
  const auto pool = [&](std::uint64_t number, Pool::Draw draw) {
    Pool made(p[kDiffusionBatch], stream(number), torch::kCPU);
    made.drawWith(std::move(draw));
    return made;
  };
  Pool clean =
      pool(kCleanStream, [&](std::int64_t n, at::Generator g) { return target.training(n, g); });
  Pool noise = pool(kAddedNoiseStream, [](std::int64_t n, at::Generator g) {
    return torch::randn({n, 2}, g);
  });
  Pool times = pool(kTimeStream, [&](std::int64_t n, at::Generator g) {
    return torch::randint(1, p[kTimesteps] + 1, {n}, g, torch::TensorOptions(torch::kLong));
  });
  Pool kept = pool(kLabelDropStream, [&](std::int64_t n, at::Generator g) {
    return (torch::rand({n, 1}, g) >= p[kLabelDrop]).to(torch::kFloat);
  });
  std::vector<torch::Tensor> cleans, noises, all_times, classes;
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto drawn = clean.next();
    cleans.push_back(drawn.narrow(1, 0, 2).clone());
    noises.push_back(noise.next().clone());
    all_times.push_back(times.next().clone());
    if (target.classes() > 0) classes.push_back(drawn.narrow(1, 2, target.classes()) * kept.next());
  }
  Task task = emptyTask();
  task.insert("clean", torch::stack(cleans));
  task.insert("noise", torch::stack(noises));
  task.insert("times", torch::stack(all_times));
  if (!classes.empty()) task.insert("classes", torch::stack(classes));
  addWeights(task, run);
  return task;
}

}  // namespace

class DiffusionPythonTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void thePlaneLearnsAsInPyTorch_data() {
    QTest::addColumn<QString>("objective");
    QTest::addColumn<QString>("schedule");
    QTest::addColumn<QString>("more");
    QTest::newRow("epsilon") << "epsilon"
                             << "cosine"
                             << "";
    QTest::newRow("x0") << "x0"
                        << "linear"
                        << "target=moons training_points=9";
    QTest::newRow("velocity") << "velocity"
                              << "cosine"
                              << "classes=true sigma=0.2";
    QTest::newRow("flow") << "flow"
                          << "cosine"
                          << "";
  }
  void thePlaneLearnsAsInPyTorch() {
    constexpr std::int64_t kSteps = 20;
    QFETCH(QString, objective);
    QFETCH(QString, schedule);
    QFETCH(QString, more);
    Settings settings = settingsIn(more.toStdString());
    settings.insert(settings.end(), {{"objective", objective.toStdString()},
                                     {"schedule", schedule.toStdString()},
                                     {"batch_size", "64"},
                                     {"evaluate_every", "1000"}});
    const auto run = startedRun("diffusion-plane", settings, kSteps, kSeed);
    const Task task = planeTask(*run, kSteps);
    run->advance(kSteps);
    compareLosses(*run, printedBy("diffusion/diffusion_plane.py", task, {objective, schedule}));
  }

  void samplesAreDrawnAgainFromWhatWasSaved_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QStringList>("arguments");
    const auto row = [](const char* settings, QStringList arguments) {
      QTest::newRow(settings) << settings << arguments;
    };
    row("sampler=ddim", {"epsilon", "cosine", "ddim", "0", "1", "3"});
    row("sampler=ddpm schedule=linear", {"epsilon", "linear", "ddpm", "0", "1", "3"});
    row("sampler=ddim eta=0.5 objective=velocity clamp=false",
        {"velocity", "cosine", "ddim", "0.5", "1", "0"});
    row("sampler=heun objective=flow", {"flow", "cosine", "heun", "0", "1", "3"});
    row("sampler=euler classes=true sigma=0.3 guidance=3 objective=x0",
        {"x0", "cosine", "euler", "0", "3", "3"});
  }
  void samplesAreDrawnAgainFromWhatWasSaved() {
    QFETCH(QString, settings);
    QFETCH(QStringList, arguments);
    const auto run = finishedRun("diffusion-plane", settingsIn(settings.toStdString()), 200, kSeed);
    Task task = emptyTask();
    addWeights(task, *run);
    const auto rows =
        printedBy("diffusion/diffusion_plane.py", task, QStringList{"sample"} + arguments);
    const double most = apart(weightTensors(*run)["sample.end"], rows);
    QVERIFY2(most <= 1e-4, qPrintable(QString::number(most)));
  }

  void theRaceIsRunAgainFromWhatWasSaved() {
    const auto run = finishedRun("sampler-race", {{"updates", "300"}}, 304, kSeed);
    Task task = emptyTask();
    addWeights(task, *run);
    const auto rows = printedBy("diffusion/sampler_race.py", task, {"10"});
    const auto saved = weightTensors(*run);
    std::vector<torch::Tensor> ends;
    for (const char* racer : {"ddpm", "ddim", "ddim-velocity", "euler", "heun"}) {
      const auto end = saved.at(std::string("sample.") + racer);
      ends.push_back(torch::cat(
          {torch::full({end.size(0), 1}, static_cast<double>(ends.size()), torch::kFloat), end},
          1));
    }
    const double most = apart(torch::cat(ends), rows);
    QVERIFY2(most <= 1e-4, qPrintable(QString::number(most)));
  }

  void digitsAreLearntAndDrawnAsInPyTorch() {
    constexpr std::int64_t kSteps = 6, kBatch = 16, kSamples = 500;
    const auto run = startedRun(
        "diffusion-digits",
        {{"samples", "500"}, {"width", "32"}, {"batch_size", "16"}, {"evaluate_every", "1000"}},
        kSteps, kSeed);
    Task task = emptyTask();
    addWeights(task, *run);
    Dataset data = digits(kSamples, stream(kTrainingSetStream), 16);
    data.inputs = (2 * data.inputs - 1).flatten(1);
    Batches batches(data, kBatch, stream(kCleanStream));
    const auto noise = stream(kAddedNoiseStream), times = stream(kTimeStream),
               kept = stream(kLabelDropStream);
    std::vector<torch::Tensor> cleans, noises, all_times, classes;
    for (std::int64_t step = 0; step < kSteps; ++step) {
      const auto batch = batches.next();
      cleans.push_back(batch.inputs.clone());
      noises.push_back(torch::randn({kBatch, 256}, noise));
      all_times.push_back(
          torch::randint(1, 201, {kBatch}, times, torch::TensorOptions(torch::kLong)));
      classes.push_back(torch::one_hot(batch.labels, 10).to(torch::kFloat) *
                        (torch::rand({kBatch, 1}, kept) >= 0.12).to(torch::kFloat));
    }
    task.insert("clean", torch::stack(cleans));
    task.insert("noise", torch::stack(noises));
    task.insert("times", torch::stack(all_times));
    task.insert("classes", torch::stack(classes));
    run->advance(kSteps);
    compareLosses(*run, printedBy("diffusion/diffusion_digits.py", task));

    Task trained = emptyTask();
    addWeights(trained, *run);
    const auto rows = printedBy("diffusion/diffusion_digits.py", trained, {"sample", "2"});
    const double most = apart(weightTensors(*run)["sample.end"], rows);
    QVERIFY2(most <= 1e-4, qPrintable(QString::number(most)));
  }
};

QTEST_GUILESS_MAIN(DiffusionPythonTest)
#include "diffusion_python_test.moc"
