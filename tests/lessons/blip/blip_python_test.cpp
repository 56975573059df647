// SPDX-License-Identifier: GPL-3.0-or-later
// The training of this lesson against the PyTorch program that the Code tab shows: same weights,
// same pairs, same chances; and what its saved weights say of pictures.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/captioned_shapes.h"
#include "lessons/data/dataset.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3, kStreamOfPairs = 0;
constexpr std::int64_t kUpdates = 8, kHardFrom = 4, kPairsAnUpdate = 16, kProbed = 8;

void addPairs(Task& task) {
  const CaptionedShapes shapes(CaptionedScene::OneShape, 0);
  const auto generator = generatorFor(kSeed, kStreamOfPairs);
  std::vector<torch::Tensor> pictures, words, chances;
  for (std::int64_t i = 0; i < kUpdates; ++i) {
    const auto captions = shapes.drawCaptions(kPairsAnUpdate, 1, generator);
    words.push_back(shapes.captions().index_select(0, captions));
    pictures.push_back(shapes.draw(captions, generator).images);
    chances.push_back(torch::rand({2, kPairsAnUpdate}, generator));
  }
  task.insert("pictures", torch::stack(pictures));
  task.insert("words", torch::stack(words));
  task.insert("chances", torch::stack(chances));
  task.insert("hard_after", torch::full({1}, kHardFrom, torch::kFloat));
}

}  // namespace

class BlipPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramGivesTheSameLossesCosinesAndMatches() {
    const auto run = startedRun(
        "caption-and-match",
        {{"batch_size", std::to_string(kPairsAnUpdate)}, {"hard_after", std::to_string(kHardFrom)}},
        kUpdates, kSeed);
    Task task = emptyTask();
    addPairs(task);
    for (const auto& [name, tensor] : weightTensors(*run))
      if (name.find("probe.") == std::string::npos) task.insert(name, tensor);
    run->advance(kUpdates);
    const auto weights = weightTensors(*run);
    task.insert("probe.pictures", weights.at("probe.pictures"));
    task.insert("probe.words", weights.at("probe.words").to(torch::kLong));

    const auto rows = printedBy("blip/caption_and_match.py", task);
    QCOMPARE(rows.size(), std::size_t{kUpdates + kProbed});
    for (std::int64_t update = 1; update <= kUpdates; ++update) {
      const char* const losses[]{"itc_loss", "itm_loss", "lm_loss"};
      for (std::size_t i = 0; i < 3; ++i)
        QVERIFY2(agree(tests::at(*run, update, losses[i]), rows[update - 1][i], 5e-4),
                 qPrintable(QString::number(update) + losses[i]));
    }
    const auto ours =
        torch::cat({weights.at("probe.cosines"), weights.at("probe.match").unsqueeze(1)}, 1);
    for (std::int64_t picture = 0; picture < kProbed; ++picture) {
      const auto theirs = torch::tensor(rows[kUpdates + picture], torch::kDouble);
      QVERIFY((ours[picture] - theirs).abs().max().item<double>() < 2e-3);
    }
  }
};

QTEST_GUILESS_MAIN(BlipPythonTest)
#include "blip_python_test.moc"
