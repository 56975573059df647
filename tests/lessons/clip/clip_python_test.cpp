// SPDX-License-Identifier: GPL-3.0-or-later
// The training of this lesson against the PyTorch program that the Code tab shows: same weights,
// same pairs; and the cosines that its saved weights give.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/captioned_shapes.h"
#include "lessons/data/dataset.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3, kStreamOfPairs = 0;
constexpr std::int64_t kUpdates = 8, kPairsAnUpdate = 16;

void addPairs(Task& task, CaptionedScene scene) {
  const CaptionedShapes shapes(scene, 4);
  const auto generator = generatorFor(kSeed, kStreamOfPairs);
  std::vector<torch::Tensor> pictures, words;
  for (std::int64_t i = 0; i < kUpdates; ++i) {
    const auto captions = shapes.drawCaptions(kPairsAnUpdate, 1, generator);
    words.push_back(shapes.captions().index_select(0, captions));
    pictures.push_back(shapes.draw(captions, generator).images);
  }
  task.insert("pictures", torch::stack(pictures));
  task.insert("words", torch::stack(words));
}

}  // namespace

class ClipPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramGivesTheSameLossesAndTheSameCosines_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("net");
    QTest::newRow("one net") << "scene=one-shape compare=none"
                             << "";
    QTest::newRow("a fixed scale") << "scene=one-shape compare=temperature"
                                   << "scale-100";
    QTest::newRow("with order") << "scene=two-shapes compare=word-order"
                                << "transformer";
    QTest::newRow("a bag") << "scene=two-shapes compare=word-order"
                           << "bag";
  }
  void theProgramGivesTheSameLossesAndTheSameCosines() {
    QFETCH(QString, settings);
    QFETCH(QString, net);
    auto all = settingsIn(settings.toStdString());
    all.emplace_back("batch_size", std::to_string(kPairsAnUpdate));
    const auto run = startedRun("contrastive-pairs", all, kUpdates, kSeed);
    const std::string id = net.toStdString();
    const std::string prefix = id.empty() ? "" : id + ".";

    Task task = emptyTask();
    addPairs(task, settings.contains("two-shapes") ? CaptionedScene::TwoShapes
                                                   : CaptionedScene::OneShape);
    for (const auto& [name, tensor] : weightTensors(*run))
      if (name.starts_with(prefix) && name.find("probe.") == std::string::npos)
        task.insert(name.substr(prefix.size()), tensor);
    if (id == "bag") task.insert("is_bag", torch::ones({1}));

    run->advance(kUpdates);
    const auto weights = weightTensors(*run);
    task.insert("probe.pictures", weights.at("probe.pictures"));
    task.insert("probe.words", weights.at("probe.words").to(torch::kLong));
    const auto rows = printedBy("clip/contrastive_pairs.py", task);
    QCOMPARE(rows.size(), std::size_t{kUpdates + 8});
    const std::string loss = id.empty() ? "loss" : id + "/loss";
    for (std::int64_t update = 1; update <= kUpdates; ++update)
      QVERIFY2(agree(tests::at(*run, update, loss), rows[update - 1][0], 2e-4),
               qPrintable(QString::number(update)));
    const auto ours = weights.at(prefix + "probe.cosines");
    for (std::int64_t picture = 0; picture < 8; ++picture) {
      const auto theirs = torch::tensor(rows[kUpdates + picture], torch::kDouble);
      QVERIFY((ours[picture] - theirs).abs().max().item<double>() < 1e-3);
    }
  }
};

QTEST_GUILESS_MAIN(ClipPythonTest)
#include "clip_python_test.moc"
