// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this lesson against the PyTorch programs that the Code tab shows: same
// weights, same words, clips and sounds.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/multimodal/moving_shapes.h"
#include "lessons/multimodal/multimodal_streams.h"
#include "lessons/multimodal/tone_words.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kUpdates = 6;

}  // namespace

class MultimodalPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSpectrumIsTorchStftsAndTheSoundComesBack() {
    const auto run = startedRun("spectrogram-lab", {{"window", "400"}, {"sweep", "hop"}}, 4, kSeed);
    run->advance(std::int64_t{3});
    const auto weights = weightTensors(*run);
    Task task = emptyTask();
    task.insert("samples", weights.at("samples"));
    task.insert("window", weights.at("window"));
    task.insert("hop", torch::tensor({100}, torch::kLong));
    const auto rows = printedBy("multimodal-inputs/spectrogram_lab.py", task);
    QCOMPARE(rows.size(), std::size_t{2});
    QCOMPARE(rows[0].size(), std::size_t{201});
    const auto ours = weights.at("magnitudes").flatten().to(torch::kDouble);
    // The sound went to Python as float32.
    QVERIFY((ours - torch::tensor(rows[0], torch::kDouble)).abs().max().item<double>() < 1e-3);
    QVERIFY(rows[1][0] < 1e-12);
    QVERIFY(tests::at(*run, 3, "reconstruction_error") < 1e-12);
  }

  void theRecognisersLossesAreTheProgramsOwn() {
    const auto run = startedRun("ctc-recognizer", {}, kUpdates, kSeed);
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run)) task.insert(name, tensor);
    const auto words = generatorFor(kSeed, kToneStream);
    for (std::int64_t u = 0; u < kUpdates; ++u) {
      const auto batch = drawToneWords(16, {}, words);
      const std::string end = "." + std::to_string(u);
      task.insert("frames" + end, batch.frames);
      task.insert("lengths" + end, torch::tensor(batch.lengths, torch::kLong));
      task.insert("labels" + end, batch.labels());
      task.insert("label_lengths" + end, batch.labelLengths());
    }
    run->advance(kUpdates);
    const auto rows = printedBy("multimodal-inputs/ctc_recognizer.py", task);
    QCOMPARE(rows.size(), std::size_t{kUpdates});
    for (std::int64_t u = 1; u <= kUpdates; ++u)
      QVERIFY(agree(tests::at(*run, u, "loss"), rows[static_cast<std::size_t>(u - 1)][0], 1e-4));
  }

  void tubeletsAndFramesLearnAsInTheProgram_data() {
    QTest::addColumn<QString>("net");
    QTest::addColumn<int>("frames");
    QTest::newRow("frames") << "per-frame" << 1;
    QTest::newRow("tubelets") << "tubelet" << 4;
  }
  void tubeletsAndFramesLearnAsInTheProgram() {
    QFETCH(QString, net);
    QFETCH(int, frames);
    const auto run = startedRun("patch-and-tubelet", {}, kUpdates, kSeed);
    const std::string prefix = net.toStdString() + ".";
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run))
      if (name.starts_with(prefix)) task.insert(name.substr(prefix.size()), tensor);
    std::vector<torch::Tensor> clips, labels;
    const auto generator = generatorFor(kSeed, kClipStream);
    for (std::int64_t u = 0; u < kUpdates; ++u) {
      const auto drawn = drawClips(32, generator);
      clips.push_back(drawn.frames);
      labels.push_back(drawn.directions);
    }
    task.insert("clips", torch::stack(clips));
    task.insert("labels", torch::stack(labels));
    task.insert("frames", torch::tensor({frames}, torch::kLong));
    run->advance(kUpdates);
    const auto rows = printedBy("multimodal-inputs/patch_and_tubelet.py", task);
    QCOMPARE(rows.size(), std::size_t{kUpdates});
    for (std::int64_t u = 1; u <= kUpdates; ++u)
      QVERIFY(agree(tests::at(*run, u, net.toStdString() + "/loss"),
                    rows[static_cast<std::size_t>(u - 1)][0], 1e-4));
  }
};

QTEST_GUILESS_MAIN(MultimodalPythonTest)
#include "multimodal_python_test.moc"
