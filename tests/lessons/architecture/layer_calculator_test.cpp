// SPDX-License-Identifier: GPL-3.0-or-later
// layer-calculator: when its claims do not show, its refusals, and the PyTorch program.
#include "lessons/core/error.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kId = "layer-calculator";

/// Shape, parameters and MACs of each layer and of all, as the program of the Code tab prints them.
std::vector<QStringList> printedFor(const QString& stack, const QString& input) {
  std::vector<QStringList> rows;
  const QString program = lessonProgram("parameter-counting/layer_calculator.py");
  for (const QByteArray& line : runPython({program, stack, input}).lines)
    rows.push_back(QString(line).split(','));
  return rows;
}

QString textOf(const TableData::Cell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) return QString::number(*number, 'f', 0);
  return QString::fromStdString(std::get<std::string>(cell));
}

}  // namespace

class LayerCalculatorClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("stack");
    QTest::newRow("of a dense net") << "lenet-5"
                                    << "flatten | dense 1024->10";
    QTest::newRow("equal sides") << "dense-bias"
                                 << "dense 784->784";
    QTest::newRow("three small for one") << "vgg-block"
                                         << "conv 3x3 64->64 pad 1 | conv 3x3 64->64 pad 1 | "
                                            "conv 3x3 64->64 pad 1";
    QTest::newRow("not separable") << "depthwise-separable"
                                   << "conv 3x3 32->64 pad 1 nobias";
    QTest::newRow("without a norm") << "batch-norm-buffers"
                                    << "conv 3x3 3->64";
    QTest::newRow("without biases") << "lstm-biases"
                                    << "lstm 10->20 nobias";
    QTest::newRow("another width") << "attention"
                                   << "attention 64 heads 8 | dense 64->64";
    QTest::newRow("without a feed-forward net") << "transformer-block"
                                                << "layernorm 768 | attention 768 heads 12";
    QTest::newRow("one layer, all work") << "macs-are-not-latency"
                                         << "conv 3x3 3->8";
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, name);
    QFETCH(QString, stack);
    const auto run = finishedRun(kId, {{"stack", stack.toStdString()}}, 30, 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void everyLayerIsCountedAsInPyTorch_data() {
    QTest::addColumn<QString>("stack");
    QTest::addColumn<QString>("input");
    const auto row = [](const char* stack, const char* input) {
      QTest::newRow(stack) << stack << input;
    };
    row("conv 3x3 3->8 stride 2 pad 1 | bn 8 | relu | depthwise 3x3 8 | pointwise 8->4 nobias | "
        "maxpool 3x3 stride 2 pad 1 | conv 2x1 4->6 groups 2 dilation 2 | gelu | globalpool | "
        "dense 6->3 nobias | sigmoid",
        "3x32x24");
    row("dense 20->30 | bn 30 | tanh | dropout 0.5 | dense 30->2", "20");
    row("lstm 10->20 layers 2 bidirectional | gru 40->8 nobias | rnn 8->6 | layernorm 6 | last",
        "13x10");
    row("lstm 10->20 proj 5 layers 2 bidirectional | dense 10->4", "9x10");
    row("embedding 50->24 | attention 24 heads 3 | attention 24 nobias | flatten | dense 264->2",
        "tokens 11");
    row("avgpool 2x2 | conv 5x5 1->6 | flatten", "1x28x28");
  }
  void everyLayerIsCountedAsInPyTorch() {
    QFETCH(QString, stack);
    QFETCH(QString, input);
    const auto run =
        finishedRun(kId, {{"stack", stack.toStdString()}, {"input", input.toStdString()}}, 2);
    const auto theirs = printedFor(stack, input);
    const auto table = std::get<TableData>(run->frame()->views.at("layers"));
    QCOMPARE(theirs.size(), table.rows.size() + 1);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto& cells = table.rows[i].cells;
      QCOMPARE((QStringList{textOf(cells[1]), textOf(cells[3]), textOf(cells[4])}), theirs[i]);
    }
    QCOMPARE(at(*run, 2, "parameters"), theirs.back()[1].toDouble());
    QCOMPARE(at(*run, 2, "macs"), theirs.back()[2].toDouble());
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  /// Of the published models: BERT-base, GPT-2 small and ViT-B have this block.
  void aTransformerBlockHasTheParametersOfThePublishedModels() {
    const auto run = finishedRun(kId, {}, 1, 1, "transformer-block");
    QCOMPARE(at(*run, 1, "parameters"), 7087872.0);
    // 12 d^2 at each of 64 positions, and every position meets every other twice.
    QCOMPARE(at(*run, 1, "macs"), 64.0 * 12 * 768 * 768 + 2.0 * 64 * 64 * 768);
  }

  void whatIsTooLargeToRunIsRefusedWithItsSize() {
    for (const char* stack : {"dense 100000->1000", "dense 100000->100 | dense 100->900000"}) {
      const Message message = fakes::refusalOf([&] {
        startedRun(kId, {{"stack", stack}, {"input", "100000"}}, 1);
      });
      QCOMPARE(message.key, std::string("error.stack.too_large"));
    }
    const Message other = fakes::refusalOf([&] {
      startedRun(kId, {{"against", "dense 3->4"}}, 1);
    });
    QCOMPARE(other.key, std::string("error.stack.kind"));
  }

  void timesAreMeasuredAndNeverRecorded() {
    const auto run = startedRun(kId, {}, 5);
    const auto timeOf = [&](std::size_t layer) {
      return std::get<TableData>(run->frame()->views.at("live")).rows.at(layer).cells.at(3);
    };
    QVERIFY(std::holds_alternative<std::monostate>(timeOf(0)));
    run->advance(5);
    QVERIFY(std::get<double>(timeOf(0)) > 0);
    for (const std::string& name : run->records().names())
      QCOMPARE(at(*run, 5, name), at(*run, 0, name));
  }
};

QTEST_GUILESS_MAIN(LayerCalculatorClaimsTest)
#include "layer_calculator_test.moc"
