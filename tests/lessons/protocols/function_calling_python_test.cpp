// SPDX-License-Identifier: GPL-3.0-or-later
// The training and the constrained decoding of function-calling against the PyTorch program that
// the Code tab shows: same weights, same requests.
#include <torch/types.h>

#include <QTest>

#include "lessons/protocols/call_decoding.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kUpdates = 6, kBatch = 8, kAsked = 6;

torch::Tensor rowsOf(const std::vector<ToolRequest>& requests) {
  std::vector<std::int64_t> all;
  for (const ToolRequest& request : requests)
    for (const auto& part : {request.requestTokens(), request.callTokens()})
      all.insert(all.end(), part.begin(), part.end());
  return torch::tensor(all, torch::kLong).view({-1, kRequestTokens + kCallTokens});
}

}  // namespace

class FunctionCallingPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theProgramGivesTheSameLossesAndWritesTheSameCalls() {
    const auto run =
        startedRun("function-calling", {{"batch_size", std::to_string(kBatch)}}, kUpdates, kSeed);
    // The batches of the run: its draws are those of the seed times 1000, and 91.
    std::mt19937_64 generator(kSeed * 1000 + 91);
    std::vector<ToolRequest> drawn;
    for (std::int64_t i = 0; i < kUpdates * kBatch; ++i) drawn.push_back(drawRequest(generator));
    Task task = emptyTask();
    const auto rows = rowsOf(drawn);
    task.insert("rows", rows.view({kUpdates, kBatch, -1}));
    task.insert("requests", rows.narrow(0, 0, kAsked).narrow(1, 0, kRequestTokens).contiguous());
    TransformerShape shape;
    shape.vocabulary = static_cast<std::int64_t>(toolTokens().size());
    shape.context = kRequestTokens + kCallTokens;
    shape.width = 32;
    shape.heads = shape.layers = 2;
    for (const auto& [name, tensor] : weightTensors(*run))
      if (!name.starts_with("probe.")) task.insert(name, tensor);

    run->advance(kUpdates);
    const auto printed = printedBy("agent-protocols/function_calling.py", task);
    QCOMPARE(printed.size(), std::size_t{kUpdates + kAsked});
    for (std::int64_t update = 1; update <= kUpdates; ++update)
      QVERIFY2(agree(tests::at(*run, update, "loss"), printed[update - 1][0], 2e-4),
               qPrintable(QString::number(update)));

    // The weights of now in a net of its own, and what it writes.
    Transformer net(shape, {Manner{.is_causal = true}}, at::Generator(), "cpu");
    const auto weights = weightTensors(*run);
    {
      const torch::NoGradGuard no_grad;
      const auto& shapes = net.weights().shapes();
      for (std::size_t i = 0; i < shapes.size(); ++i)
        net.weights().leaves()[i][0].copy_(weights.at(shapes[i].name));
    }
    std::vector<std::vector<std::int64_t>> asked;
    for (std::int64_t i = 0; i < kAsked; ++i) asked.push_back(drawn[i].requestTokens());
    const auto calls =
        decodedCalls(net, asked, std::vector<Constraint>(asked.size(), Constraint::Schema));
    for (std::int64_t i = 0; i < kAsked; ++i) {
      const auto& theirs = printed[kUpdates + i];
      QCOMPARE(std::vector<double>(calls[i].tokens.begin(), calls[i].tokens.end()), theirs);
    }
  }
};

QTEST_GUILESS_MAIN(FunctionCallingPythonTest)
#include "function_calling_python_test.moc"
