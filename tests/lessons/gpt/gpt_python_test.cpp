// SPDX-License-Identifier: GPL-3.0-or-later
// The training of this lesson against the PyTorch programs that the Code tab shows: same weights,
// same batches; and what weights.pt says, as torch.nn computes it.
#include <torch/types.h>

#include <QTest>

#include "lessons/data/characters.h"
#include "lessons/data/dataset.h"
#include "lessons/data/grammar_text.h"
#include "lessons/gpt/gpt_streams.h"
#include "lessons/gpt/repeated_strings.h"
#include "tests/lessons/python_program.h"
#include "tests/lessons/saved_weights.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kSteps = 12;

void addWeights(Task& task, const Run& run) {
  for (const auto& [name, tensor] : weightTensors(run)) task.insert(name, tensor);
}

/// The text that is learned from, and the windows of it that the run draws.
Task textTask(const Run& run) {
  constexpr std::int64_t kContext = 64, kBatch = 16;
  const CharacterText text = numbered(grammarText(GrammarLanguage::English));
  const auto learned = torch::tensor(text.numbers, torch::kLong)
                           .narrow(0, 0, heldOutFrom(text.size(), kContext + 1));
  auto generator = generatorFor(kSeed, kGptBatchStream);
  std::vector<torch::Tensor> windows;
  for (std::int64_t i = 0; i < kSteps; ++i) {
    const auto first =
        torch::randint(0, learned.size(0) - kContext, {kBatch, 1}, generator, torch::kLong);
    windows.push_back(learned.index({first + torch::arange(kContext + 1)}));
  }
  Task task = emptyTask();
  task.insert("windows", torch::stack(windows));
  task.insert("text", learned.clone());
  addWeights(task, run);
  return task;
}

Task stringsTask(const Run& run) {
  auto generator = generatorFor(kSeed, kStringStream);
  std::vector<torch::Tensor> tokens, targets;
  for (std::int64_t i = 0; i < kSteps; ++i) {
    const RepeatedStrings drawn = drawStrings(32, 32, 24, generator);
    tokens.push_back(drawn.tokens);
    targets.push_back(drawn.second());
  }
  const RepeatedStrings fresh = drawStrings(64, 32, 24, generatorFor(kSeed, kFreshStringStream));
  Task task = emptyTask();
  task.insert("tokens", torch::stack(tokens));
  task.insert("targets", torch::stack(targets));
  task.insert("strings", fresh.tokens);
  task.insert("periods", fresh.periods);
  addWeights(task, run);
  return task;
}

void compareLosses(const Run& run, const std::vector<std::vector<double>>& rows) {
  QVERIFY(rows.size() > static_cast<std::size_t>(kSteps));
  for (std::int64_t step = 1; step <= kSteps; ++step) {
    const double ours = tests::at(run, step, "loss"), theirs = rows[step - 1][0];
    QVERIFY2(agree(ours, theirs, 2e-4),
             qPrintable(QString("step %1: %2 and %3").arg(step).arg(ours).arg(theirs)));
  }
}

}  // namespace

class GptPythonTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void tinyGptHasTheSameLossesAndTheTextTheSameEntropies() {
    const auto run = startedRun("tiny-gpt", {}, kSteps, kSeed);
    const auto rows = printedBy("gpt/tiny_gpt.py", textTask(*run));
    run->advance(kSteps);
    compareLosses(*run, rows);
    const std::vector<double>& lines = rows.back();
    QCOMPARE(lines.size(), std::size_t{3});
    const char* const names[] = {"unigram", "bigram", "trigram"};
    for (int i = 0; i < 3; ++i)
      QVERIFY(std::abs(tests::at(*run, kSteps, names[i]) - lines[i]) < 1e-10);
  }

  /// As weights.pt of a trained net: torch.nn loads it, strictly, and gives the same logits.
  void theProbeInTheWeightsIsWhatPythonMakesOfIt() {
    const auto run = finishedRun("tiny-gpt", {{"prompt", "the owl likes the kite."}}, 20, kSeed);
    const QByteArray said = runPython("gpt/tiny_gpt.py", pythonPickle(textTask(*run))).errors;
    QVERIFY2(said.startsWith("logits off by"), said.constData());
    QVERIFY2(said.mid(int(strlen("logits off by"))).trimmed().toDouble() < 1e-5, said.constData());
  }

  void theAttentionThatIsShownIsThatOfTheSavedWeights() {
    for (const auto& [layer, head] : {std::pair{0, 1}, std::pair{1, 3}}) {
      const auto run = finishedRun("tiny-gpt",
                                   {{"prompt", "the owl likes the kite."},
                                    {"layer", std::to_string(layer)},
                                    {"head", std::to_string(head)}},
                                   20, kSeed);
      const PythonsReading read = readByPython(*run, 4, true);
      QVERIFY(read.logits_off < 1e-5);
      QCOMPARE(std::ssize(read.attention), 2 * 4 * 23);
      const auto frame = run->frame();
      const auto& shown = std::get<MatrixData>(frame->views.at("attention"));
      QVERIFY(distanceOf(shown, read, 4 * layer + head) < 1e-5);
      QVERIFY(distanceOf(shown, read, 2) > 1e-3);
    }
  }

  void inductionHeadsHaveTheSameLossesAndTheSameScore() {
    const auto run = startedRun("induction-heads", {}, kSteps, kSeed);
    const auto rows = printedBy("gpt/induction_heads.py", stringsTask(*run));
    run->advance(kSteps);
    compareLosses(*run, rows);
  }

  void thePrefixMatchingScoreIsPythons() {
    const auto run = finishedRun("induction-heads", {{"one_layer", "false"}}, 150, kSeed);
    Task task = stringsTask(*run);
    task.insert_or_assign("tokens", torch::zeros({0, 32, 32}, torch::kLong));
    task.insert_or_assign("targets", torch::zeros({0, 32, 31}, torch::kLong));
    const auto rows = printedBy("gpt/induction_heads.py", task);
    QVERIFY(!rows.empty());
    QVERIFY(std::abs(rows.back()[0] - tests::at(*run, 150, "prefix_matching/1.0")) < 1e-5);
  }
};

QTEST_GUILESS_MAIN(GptPythonTest)
#include "gpt_python_test.moc"
