// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of this lesson against the PyTorch programs that the Code tab shows: same weights, same
// tokens.
#include <torch/types.h>

#include <QTest>

#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

Task taskOf(const Run& run) {
  Task task = emptyTask();
  for (const auto& [name, tensor] : weightTensors(run)) task.insert(name, tensor);
  return task;
}

}  // namespace

class InferencePythonTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theCacheHasTheSameWorkAndTheSameSize() {
    const auto run = finishedRun("kv-cache", {{"length", "24"}, {"kv_heads", "2"}}, 24);
    const auto rows = printedBy("inference-deployment/kv_cache.py", taskOf(*run), {"8", "2"});
    QCOMPARE(rows.size(), std::size_t{24});
    for (std::int64_t step = 1; step <= 24; ++step) {
      QVERIFY(rows[step - 1][0] < 1e-4);
      QCOMPARE(rows[step - 1][1], tests::at(*run, step, "cached_macs"));
      QCOMPARE(rows[step - 1][2], tests::at(*run, step, "full_macs"));
      QCOMPARE(rows[step - 1][3], tests::at(*run, step, "bytes"));
    }
  }

  void pagesFillInTheSameWay_data() {
    QTest::addColumn<QString>("prefix");
    QTest::newRow("none") << "0";
    QTest::newRow("shared") << "40";
  }
  void pagesFillInTheSameWay() {
    QFETCH(QString, prefix);
    const auto run = finishedRun(
        "paged-memory", {{"sequences", "4"}, {"shared_prefix", prefix.toStdString()}}, 400);
    const auto rows =
        printedBy("inference-deployment/paged_memory.py", taskOf(*run), {"16", prefix});
    QVERIFY(rows.size() > 20);
    for (std::int64_t step = 1; step <= static_cast<std::int64_t>(rows.size()); ++step) {
      QCOMPARE(rows[step - 1][0], tests::at(*run, step, "used_blocks"));
      QCOMPARE(rows[step - 1][1], tests::at(*run, step, "wasted_slots"));
      QCOMPARE(rows[step - 1][2], tests::at(*run, step, "copies"));
      QVERIFY(rows[step - 1][3] < 1e-4);
    }
  }

  void twoNetsGiveTheSameSharesAndTheRuleTheTargets() {
    const auto run = finishedRun("speculative-decoding", {}, 1);
    const auto weights = weightTensors(*run);
    const auto rows = printedBy("inference-deployment/speculative_decoding.py", taskOf(*run));
    QVERIFY(rows.size() >= 6);
    QVERIFY(std::abs(1 - rows[0][0] - tests::at(*run, 1, "draft_distance")) < 1e-4);
    QVERIFY(rows[0][1] < 1e-12);
    for (const auto& [row, name] : {std::pair{1, "probe.p"}, {2, "probe.q"}}) {
      const auto theirs = torch::tensor(rows[row], torch::kDouble);
      QVERIFY((weights.at(name).to(torch::kDouble) - theirs).abs().max().item<double>() < 1e-4);
    }
    for (std::size_t i = 3; i < rows.size(); ++i)
      QVERIFY(rows[i][0] <= rows[i][1] && rows[i][1] <= 4 && rows[i][2] <= rows[i][1]);
  }

  void rewrittenGraphsAreAsFarOff() {
    const auto folded = finishedRun("graph-optimization", {}, 6);
    const auto half = finishedRun("graph-optimization", {{"rewrite", "bfloat16"}}, 6);
    const auto rows = printedBy("inference-deployment/graph_optimization.py", taskOf(*folded));
    QCOMPARE(rows.size(), std::size_t{4});
    const double size = rows[0][1];
    QVERIFY(rows[1][0] < 1e-4 * size && tests::at(*folded, 6, "difference") < 1e-4 * size);
    QVERIFY(agree(tests::at(*half, 6, "difference"), rows[2][0], 0.5));
    QVERIFY(agree(tests::at(*folded, 6, "training_difference"), rows[3][0], 1e-3));
  }

  void roundedWeightsHaveTheSameErrorsAndLosses() {
    auto run = startedRun("quantization", {}, 9);
    Task task = emptyTask();
    run->advance(9);
    for (const auto& [name, tensor] : weightTensors(*run))
      if (!name.starts_with("decoded.")) task.insert(name, tensor);
    const auto rows = printedBy("inference-deployment/quantization.py", task);
    QCOMPARE(rows.size(), std::size_t{7});
    QVERIFY(agree(tests::at(*run, 9, "float/loss"), rows[0][0], 1e-4));
    int row = 1;
    for (const char* way : {"int8", "int4", "nf4", "tensor", "channel", "group"}) {
      const std::string id = way;
      QVERIFY2(agree(tests::at(*run, 9, id + "/rmse"), rows[row][0], 1e-3), way);
      QVERIFY2(agree(tests::at(*run, 9, id + "/loss"), rows[row][1], 1e-3), way);
      ++row;
    }
  }
};

QTEST_GUILESS_MAIN(InferencePythonTest)
#include "inference_python_test.moc"
