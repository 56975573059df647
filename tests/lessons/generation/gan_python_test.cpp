// SPDX-License-Identifier: GPL-3.0-or-later
// The PyTorch programs of the Code tab, given the weights and batches of a run, print its losses.
#include <torch/types.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/data/plane_targets.h"
#include "lessons/data/pool.h"
#include "lessons/generation/gan_plane.h"
#include "lessons/generation/gan_streams.h"
#include "lessons/generation/small_images.h"
#include "lessons/nn/stacked_net.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;

struct Losses {
  double d, g;
};
/// Of one program on several tasks, `arguments[i]` before the i-th: importing torch takes longer
/// than all the tasks.
std::vector<std::vector<Losses>> pythonLosses(const QString& module, const QStringList& arguments,
                                              const std::vector<Task>& tasks) {
  QTemporaryDir folder;
  QString script = "import sys; sys.path.insert(0, '" VIVA_SOURCE_DIR
                   "/resources/lessons/gan'); sys.dont_write_bytecode = True; import " +
                   module + "\n";
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto bytes = pythonPickle(tasks[i]);
    QFile file(folder.filePath(QString("task%1.pt").arg(i)));
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    script += "sys.argv = ['', ";
    if (!arguments.isEmpty()) script += '\'' + arguments[int(i)] + "', ";
    script += '\'' + file.fileName() + "']; " + module + ".main()\n";
  }
  std::vector<std::vector<Losses>> losses;
  for (const QByteArray& line : runPython({"-c", script}).lines) {
    const auto cells = line.split(',');
    if (line == "d_loss,g_loss")
      losses.emplace_back();
    else
      losses.back().push_back({cells[0].toDouble(), cells[1].toDouble()});
  }
  return losses;
}

/// Float32 rounding grows along a trajectory: 1e-7 an operation, more where the loss is curved.
void compare(const std::string& name, const Run& run, const std::vector<Losses>& losses,
             double tolerance, double slack = 0, std::int64_t turns = 1000) {
  QCOMPARE(static_cast<std::int64_t>(losses.size()), run.step());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) + 1;
    if (row > turns) break;
    for (const auto& [record, theirs, more] :
         {std::tuple{"d_loss", losses[i].d, 0.0}, {"g_loss", losses[i].g, slack}}) {
      const double ours = tests::at(run, row, record);
      QVERIFY2(std::abs(ours - theirs) <= tolerance * std::max(0.1, std::abs(theirs)) + more,
               qPrintable(QString("%1, %2 at step %3: %4 and %5")
                              .arg(name.c_str())
                              .arg(record)
                              .arg(row)
                              .arg(ours, 0, 'g', 9)
                              .arg(theirs, 0, 'g', 9)));
    }
  }
}

}  // namespace

class GanPythonTest : public QObject {
  Q_OBJECT

  std::pair<std::unique_ptr<Run>, Task> planeTask(const std::string& loss) {
    constexpr std::int64_t kTurns = 30, kBatch = 64;
    auto run = startedRun("gan-plane",
                          {{"loss", loss},
                           {"optimizer", loss == "wasserstein-clip" ? "rmsprop" : "adam"},
                           {"batch_size", "64"}},
                          kTurns, kSeed);
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run)) task.insert(name, tensor);
    run->advance(kTurns);

    const Parameters& p = run->parameters();
    const PlaneTarget target = targetOf(p);
    const auto stream = [](std::uint64_t number) { return generatorFor(kSeed, number); };
    Pool real(kBatch, stream(kRealStream), torch::kCPU);
    real.drawWith([&](std::int64_t n, at::Generator g) { return target.sample(n, g); });
    Pool noise(kBatch, stream(kNoiseStream), torch::kCPU);
    noise.drawWith([&](std::int64_t n, at::Generator g) { return torch::randn({n, 2}, g); });
    Pool share(kBatch, stream(kShareStream), torch::kCPU);
    share.drawWith([](std::int64_t n, at::Generator g) { return torch::rand({n, 1}, g); });
    std::vector<torch::Tensor> reals, d_noises, g_noises, shares;
    for (int turn = 0; turn < kTurns; ++turn) {
      reals.push_back(real.next().clone());
      d_noises.push_back(noise.next().clone());
      shares.push_back(share.next().clone());
      g_noises.push_back(noise.next().clone());
    }
    task.insert("real", torch::stack(reals));
    task.insert("d_noise", torch::stack(d_noises));
    task.insert("g_noise", torch::stack(g_noises));
    task.insert("share", torch::stack(shares));
    // The vectors of the power iteration come from the discriminator's stream, after its weights.
    const auto random = stream(kDiscriminatorStream);
    initialWeights(mlp(2, 64, 1).weights, random);
    const std::vector<std::pair<int, int>> shapes{{64, 2}, {64, 64}, {1, 64}};
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      task.insert("u" + std::to_string(i), torch::randn({shapes[i].first}, random));
      torch::randn({shapes[i].second}, random);
    }
    return {std::move(run), std::move(task)};
  }

  std::pair<std::unique_ptr<Run>, Task> imagesTask(bool conditional) {
    constexpr std::int64_t kSteps = 12;
    auto run = startedRun("gan-images",
                          {{"conditional", conditional ? "true" : "false"},
                           {"data", "shapes"},
                           {"samples", "600"},
                           {"batch_size", "16"},
                           {"width", "8"}},
                          kSteps, kSeed);
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run)) task.insert(name, tensor);
    run->advance(kSteps);
    const Dataset data = ganImagesData(run->parameters(), generatorFor(kSeed, kRealStream));
    Batches batches(data, 16, generatorFor(kSeed, kShareStream));
    const auto random = generatorFor(kSeed, kNoiseStream);
    std::vector<torch::Tensor> reals, labels, noises;
    for (int i = 0; i < kSteps; ++i) {
      const auto batch = batches.next();
      reals.push_back(batch.inputs);
      labels.push_back(batch.labels);
      noises.push_back(torch::randn({16, 16}, random));
    }
    task.insert("real", torch::stack(reals));
    task.insert("labels", torch::stack(labels));
    task.insert("noise", torch::stack(noises));
    return {std::move(run), std::move(task)};
  }

 private Q_SLOTS:
  void thePlaneLearnsAsInPyTorch() {
    const QStringList losses{"minimax",          "non-saturating", "least-squares",
                             "wasserstein-clip", "wasserstein-gp", "hinge-sn"};
    std::vector<std::unique_ptr<Run>> runs;
    std::vector<Task> tasks;
    for (const QString& loss : losses) {
      auto [run, task] = planeTask(loss.toStdString());
      runs.push_back(std::move(run));
      tasks.push_back(std::move(task));
    }
    const auto theirs = pythonLosses("gan_plane", losses, tasks);
    QCOMPARE(theirs.size(), runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
      // A critic's bias cancels in its loss; its gradient is nothing but rounding, and Adam and
      // RMSProp make steps of full length of it. The generator's loss shows that bias. With a
      // gradient penalty the difference grows tenfold in eight turns, 3e-5 at the 15th and 1e-3 at
      // the 30th on one CPU, so that later turns say nothing about the formulas.
      const bool critic = i >= 3;
      compare(losses[int(i)].toStdString(), *runs[i], theirs[i], critic ? 5e-3 : 1e-3,
              critic ? 0.01 : 0, critic ? 15 : 1000);
    }
  }

  void imagesAreLearntAsInPyTorch() {
    auto [plain, plain_task] = imagesTask(false);
    auto [conditional, conditional_task] = imagesTask(true);
    const auto theirs = pythonLosses("gan_images", {}, {plain_task, conditional_task});
    QCOMPARE(theirs.size(), std::size_t{2});
    compare("DCGAN", *plain, theirs[0], 2e-3);
    compare("conditional", *conditional, theirs[1], 2e-3);
  }
};

QTEST_GUILESS_MAIN(GanPythonTest)
#include "gan_python_test.moc"
