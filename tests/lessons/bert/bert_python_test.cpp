// SPDX-License-Identifier: GPL-3.0-or-later
// The training of this lesson against the PyTorch program that the Code tab shows: same weights,
// same blanks; and what the nets make of the probe, from the weights that are saved.
#include <torch/types.h>

#include <QTest>

#include "lessons/bert/masked_text.h"
#include "lessons/data/dataset.h"
#include "tests/lessons/python_program.h"
#include "tests/lessons/saved_weights.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kModel = "masked-language-model";
constexpr std::uint64_t kSeed = 3, kSentenceStream = 0;
constexpr std::int64_t kSteps = 12, kBatch = 64;

torch::Tensor floatsOf(const NamedArray& array) {
  auto tensor = torch::empty(array.shape);
  std::memcpy(tensor.data_ptr(), array.bytes.data(), array.bytes.size());
  return tensor;
}

/// The first blanks of a run, and one start for both nets.
Task taskOf(const Run& run) {
  const MaskedText text(run.parameters());
  const auto generator = generatorFor(kSeed, kSentenceStream);
  std::vector<torch::Tensor> inputs, targets;
  for (std::int64_t i = 0; i < kSteps; ++i) {
    const auto tokens = text.draw(kBatch, generator);
    const auto blanks = hide(text, tokens, {{0.2, Replacement::MaskOnly}}, generator);
    inputs.push_back(blanks.inputs);
    targets.push_back(blanks.targets);
  }
  Task task = emptyTask();
  task.insert("inputs", torch::stack(inputs));
  task.insert("targets", torch::stack(targets));
  for (const auto& [name, array] : weightsOf(run)) {
    if (!name.starts_with("causal.")) continue;
    const std::string own = name.substr(std::string("causal.").size());
    if (own != "probe.tokens") task.insert(own, floatsOf(array));
  }
  return task;
}

}  // namespace

class BertPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramGivesTheSameLossesAndTheSameLogits() {
    const auto run = startedRun(kModel, {}, kSteps, kSeed);
    Task task = taskOf(*run);
    run->advance(kSteps);
    const auto weights = weightsOf(*run);
    const NamedArray& tokens = weights.at("causal.probe.tokens");
    QCOMPARE(tokens.type, NamedArray::Type::Int64);
    auto probe = torch::empty(tokens.shape, torch::kLong);
    std::memcpy(probe.data_ptr(), tokens.bytes.data(), tokens.bytes.size());
    task.insert("probe.tokens", probe);

    const auto rows = printedBy("bert/masked_language_model.py", task);
    QCOMPARE(rows.size(), std::size_t{kSteps + 2});
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      QVERIFY(agree(tests::at(*run, step, "causal/loss"), rows[step - 1][0], 2e-5));
      QVERIFY(agree(tests::at(*run, step, "bidirectional/loss"), rows[step - 1][1], 2e-5));
    }
    for (const std::size_t net : {0, 1}) {
      const auto ours =
          floatsOf(weights.at(std::string(net == 0 ? "causal" : "bidirectional") + ".probe.logits"))
              .flatten();
      const auto theirs = torch::tensor(rows[kSteps + net], torch::kDouble);
      QVERIFY((ours - theirs).abs().max().item<double>() < 1e-3);
    }
  }

  void theAttentionThatIsShownIsThatOfTheSavedWeights() {
    for (const auto& [net, layer, head] : {std::tuple{0, 0, 2}, std::tuple{1, 1, 3}}) {
      const auto run = finishedRun(kModel,
                                   {{"masked", "0,3"},
                                    {"net", std::to_string(net)},
                                    {"layer", std::to_string(layer)},
                                    {"head", std::to_string(head)}},
                                   20, kSeed);
      const PythonsReading read =
          readByPython(*run, 4, net == 0, net == 0 ? "causal." : "bidirectional.");
      QVERIFY(read.logits_off < 1e-5);
      QCOMPARE(std::ssize(read.attention), 2 * 4 * 12);
      const auto frame = run->frame();
      const auto& shown = std::get<MatrixData>(frame->views.at("attention"));
      QVERIFY(distanceOf(shown, read, 4 * layer + head) < 1e-5);
      QVERIFY(distanceOf(shown, read, 1) > 1e-3);
    }
  }
};

QTEST_GUILESS_MAIN(BertPythonTest)
#include "bert_python_test.moc"
