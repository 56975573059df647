// SPDX-License-Identifier: GPL-3.0-or-later
// The PyTorch programs of the Code tab, given the weights and batches of a run, print its losses.
#include <torch/torch.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>

#include "lessons/data/dataset.h"
#include "lessons/data/plane_targets.h"
#include "lessons/generation/gan_images_data.h"
#include "lessons/generation/gan_plane_parameters.h"
#include "lessons/generation/gan_streams.h"
#include "lessons/generation/pool.h"
#include "lessons/nn/stacked_net.h"
#include "tests/lessons/optimization/race_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kPython = "/usr/bin/python3";  // the one that Debian's python3-torch belongs to
constexpr std::uint64_t kSeed = 3;

using Task = c10::Dict<std::string, torch::Tensor>;

/// The float weights that a run starts from.
void addWeights(Task& task, const Run& run) {
  struct Sink : WeightSink {
    explicit Sink(Task& into) : task(into) {}
    Task& task;
    void add(NamedArray array) override {
      auto tensor = torch::empty(array.shape);
      std::memcpy(tensor.data_ptr(), array.bytes.data(), array.bytes.size());
      task.insert(array.name, tensor);
    }
  } sink(task);
  run.save(sink);
}

struct Losses {
  double d, g;
};
std::vector<Losses> pythonLosses(const QString& program, const QStringList& arguments,
                                 const Task& task) {
  QTemporaryDir folder;
  const auto bytes = torch::pickle_save(task);
  QFile file(folder.filePath("task.pt"));
  if (!file.open(QIODevice::WriteOnly)) return {};
  file.write(bytes.data(), static_cast<qint64>(bytes.size()));
  file.close();
  QProcess python;
  python.start(kPython, QStringList{VIVA_SOURCE_DIR "/resources/lessons/gan/" + program} +
                            arguments + QStringList{file.fileName()});
  if (!python.waitForFinished(240000) || python.exitCode() != 0) {
    qWarning("%s", python.readAllStandardError().constData());
    return {};
  }
  std::vector<Losses> losses;
  const auto lines = python.readAllStandardOutput().trimmed().split('\n');
  for (int i = 1; i < lines.size(); ++i) {
    const auto cells = lines[i].split(',');
    losses.push_back({cells[0].toDouble(), cells[1].toDouble()});
  }
  return losses;
}

/// Float32 rounding grows along a trajectory: 1e-7 an operation, more where the loss is curved.
void compare(const Run& run, const std::vector<Losses>& losses, double tolerance) {
  QVERIFY(!losses.empty());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) + 1;
    for (const auto& [record, theirs] :
         {std::pair{"d_loss", losses[i].d}, {"g_loss", losses[i].g}}) {
      const double ours = tests::at(run, row, record);
      QVERIFY2(std::abs(ours - theirs) <= tolerance * std::max(0.1, std::abs(theirs)),
               qPrintable(QString("%1 at step %2: %3 and %4")
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

 private Q_SLOTS:
  void thePlaneLearnsAsInPyTorch_data() {
    QTest::addColumn<QString>("loss");
    QTest::addColumn<QString>("optimizer");
    for (const char* loss :
         {"minimax", "non-saturating", "least-squares", "wasserstein-gp", "hinge-sn"})
      QTest::newRow(loss) << loss << "adam";
    QTest::newRow("wasserstein-clip") << "wasserstein-clip"
                                      << "rmsprop";
  }
  void thePlaneLearnsAsInPyTorch() {
    QFETCH(QString, loss);
    QFETCH(QString, optimizer);
    constexpr std::int64_t kTurns = 30, kBatch = 64;
    const auto run = startedRun("gan-plane",
                                {{"loss", loss.toStdString()},
                                 {"optimizer", optimizer.toStdString()},
                                 {"batch_size", "64"}},
                                kTurns, kSeed);
    Task task;
    addWeights(task, *run);
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
    initialWeights(mlp(2, 64, 1), random);
    const std::vector<std::pair<int, int>> shapes{{64, 2}, {64, 64}, {1, 64}};
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      task.insert("u" + std::to_string(i), torch::randn({shapes[i].first}, random));
      torch::randn({shapes[i].second}, random);
    }
    const auto losses = pythonLosses("gan_plane.py", {loss}, task);
    QCOMPARE(losses.size(), std::size_t(kTurns));
    compare(*run, losses, 1e-3);
  }

  void imagesAreLearntAsInPyTorch_data() {
    QTest::addColumn<bool>("conditional");
    QTest::newRow("DCGAN") << false;
    QTest::newRow("conditional") << true;
  }
  void imagesAreLearntAsInPyTorch() {
    QFETCH(bool, conditional);
    constexpr std::int64_t kSteps = 12;
    const auto run = startedRun("gan-images",
                                {{"conditional", conditional ? "true" : "false"},
                                 {"data", "shapes"},
                                 {"samples", "600"},
                                 {"batch_size", "16"},
                                 {"width", "8"}},
                                kSteps, kSeed);
    Task task;
    addWeights(task, *run);
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
    const auto losses = pythonLosses("gan_images.py", {}, task);
    QCOMPARE(losses.size(), std::size_t(kSteps));
    compare(*run, losses, 2e-3);
  }
};

QTEST_GUILESS_MAIN(GanPythonTest)
#include "gan_python_test.moc"
