// SPDX-License-Identifier: GPL-3.0-or-later
// The counting rules against published numbers, and what is said about stacks that do not fit.
#include "lessons/architecture/layer_counts.h"

#include <QTest>

#include "lessons/core/words.h"
#include "tests/fakes/refusal.h"

using namespace viva;
using fakes::refusalOf;

namespace {

StackTotals totals(const std::string& stack, const std::string& input) {
  return totalsOf(countsOf(parseStack(stack), parseInput(input)));
}

/// `conv 3x3 3->64 pad 1 | relu | ... | maxpool 2x2`: the stages of a VGG net, then its classifier.
std::string vgg(const std::vector<int>& convolutions) {
  const int widths[]{64, 128, 256, 512, 512};
  std::string stack;
  int in = 3;
  for (std::size_t stage = 0; stage < 5; ++stage) {
    for (int i = 0; i < convolutions[stage]; ++i) {
      stack += "conv 3x3 " + std::to_string(in) + "->" + std::to_string(widths[stage]) +
               " pad 1 | relu | ";
      in = widths[stage];
    }
    stack += "maxpool 2x2 | ";
  }
  return stack +
         "flatten | dense 25088->4096 | relu | dropout 0.5 | dense 4096->4096 | relu | "
         "dropout 0.5 | dense 4096->1000";
}

std::string sentence(const std::string& stack, const std::string& input) {
  const Message message = refusalOf([&] { totals(stack, input); });
  const std::string chinese = Words::in(Language::Chinese)(message);
  if (chinese.find('{') != std::string::npos || chinese == message.key) return "no Chinese";
  return Words::in(Language::English)(message);
}

}  // namespace

class LayerCountsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void parametersAndMacsAreThePublishedOnes_data() {
    QTest::addColumn<QString>("stack");
    QTest::addColumn<QString>("input");
    QTest::addColumn<qint64>("parameters");
    QTest::addColumn<qint64>("macs");
    const auto row = [](const char* name, const std::string& stack, const char* input,
                        qint64 parameters, qint64 macs) {
      QTest::newRow(name) << QString::fromStdString(stack) << input << parameters << macs;
    };
    row("LeNet-5",
        "conv 5x5 1->6 | tanh | avgpool 2x2 | conv 5x5 6->16 | tanh | avgpool 2x2 | flatten | "
        "dense 400->120 | tanh | dense 120->84 | tanh | dense 84->10",
        "1x32x32", 61706, 416520);
    row("AlexNet of torchvision",
        "conv 11x11 3->64 stride 4 pad 2 | relu | maxpool 3x3 stride 2 | conv 5x5 64->192 pad 2 | "
        "relu | maxpool 3x3 stride 2 | conv 3x3 192->384 pad 1 | relu | conv 3x3 384->256 pad 1 | "
        "relu | conv 3x3 256->256 pad 1 | relu | maxpool 3x3 stride 2 | flatten | "
        "dense 9216->4096 | relu | dense 4096->4096 | relu | dense 4096->1000",
        "3x224x224", 61100840, 714188480);
    row("VGG-11", vgg({1, 1, 2, 2, 2}), "3x224x224", 132863336, 7609090048);
    row("VGG-16", vgg({2, 2, 3, 3, 3}), "3x224x224", 138357544, 15470264320);
    row("three dense layers", "dense 784->512 | relu | dense 512->512 | relu | dense 512->10",
        "784", 669706, 784 * 512 + 512 * 512 + 5120);
    row("depthwise", "depthwise 3x3 32 nobias", "32x9x9", 288, 288 * 49);
    row("its full convolution", "conv 3x3 32->32 nobias", "32x9x9", 9216, 9216 * 49);
    row("batch norm", "bn 64", "64x8x8", 128, 0);
    row("LSTM", "lstm 10->20", "7x10", 2560, 7 * 2400);
    row("LSTM of two layers", "lstm 10->20 layers 2", "7x10", 5920, 7 * (2400 + 3200));
    row("LSTM of two layers, both ways", "lstm 10->20 layers 2 bidirectional", "7x10", 15040,
        7 * 2 * (2400 + 4 * (20 * 40 + 400)));
    row("LSTM without biases", "lstm 10->20 nobias", "7x10", 2400, 7 * 2400);
    row("LSTM(28, 128)", "lstm 28->128", "28x28", 80896, 28 * 4 * (128 * 28 + 128 * 128));
    row("LSTM with a projection", "lstm 10->20 proj 5", "7x10", 1460, 7 * (4 * 20 * 15 + 100));
    row("GRU", "gru 10->20", "7x10", 1920, 7 * 1800);
    row("RNN", "rnn 10->20", "7x10", 640, 7 * 600);
    row("attention", "attention 64 heads 8", "100x64", 16640, 4 * 100 * 4096 + 2 * 10000 * 64);
    row("embedding", "embedding 1000->64", "tokens 100", 64000, 0);
  }
  void parametersAndMacsAreThePublishedOnes() {
    QFETCH(QString, stack);
    QFETCH(QString, input);
    QFETCH(qint64, parameters);
    QFETCH(qint64, macs);
    const StackTotals found = totals(stack.toStdString(), input.toStdString());
    QCOMPARE(found.parameters, parameters);
    QCOMPARE(found.macs, macs);
  }

  void kerasCountsOneBiasAndTheRunningStatistics() {
    const auto keras = [](const char* stack, const char* input) {
      return countsOf(parseStack(stack), parseInput(input)).front().keras;
    };
    QCOMPARE(keras("lstm 10->20", "7x10"), std::optional<std::int64_t>(2480));
    QCOMPARE(keras("gru 10->20", "7x10"), std::optional<std::int64_t>(1920));
    QCOMPARE(keras("bn 64", "64x8x8"), std::optional<std::int64_t>(256));
    QVERIFY(!keras("lstm 10->20 proj 5", "7x10"));
  }

  void theCommonDenseFormulaIsWrong() {
    const Layer dense = parseStack("dense 784->512").front();
    QCOMPARE(wrongDenseCount(dense), std::int64_t{402192});
    QCOMPARE(countsOf({dense}, parseInput("784")).front().parameters, std::int64_t{401920});
  }

  void aDepthwiseSeparableConvolutionNeedsAnEighth() {
    const auto separable =
        totals("depthwise 3x3 32 pad 1 nobias | pointwise 32->64 nobias", "32x14x14");
    const auto full = totals("conv 3x3 32->64 pad 1 nobias", "32x14x14");
    const double ratio = double(separable.macs) / double(full.macs);
    QVERIFY(std::abs(ratio - (1 / 64.0 + 1 / 9.0)) < 1e-12);
    QVERIFY(std::abs(ratio - .126736) < 1e-6);
  }

  void shapesAreThoseOfAlexNet() {
    const auto counts = countsOf(
        parseStack("conv 11x11 3->64 stride 4 pad 2 | maxpool 3x3 stride 2 | "
                   "conv 5x5 64->192 pad 2 | maxpool 3x3 stride 2 | conv 3x3 192->384 pad 1"),
        parseInput("3x224x224"));
    const char* shapes[]{"64x55x55", "64x27x27", "192x27x27", "192x13x13", "384x13x13"};
    for (std::size_t i = 0; i < counts.size(); ++i)
      QCOMPARE(counts[i].output.text(), std::string(shapes[i]));
  }

  void writtenInOtherWaysItIsTheSame() {
    const StackTotals usual = totals("conv 3x3 3->64 pad 1 stride 2 | relu", "3x8x8");
    for (const char* other :
         {"CONV 3×3 3→64 stride 2 pad 1|ReLU", "  conv 3x3 3 -> 64   pad 1 stride 2\n|\trelu "}) {
      const StackTotals found = totals(other, "3×8×8");
      QCOMPARE(found.parameters, usual.parameters);
      QCOMPARE(found.macs, usual.macs);
    }
  }

  void whatDoesNotFitIsSaidWithItsPlace_data() {
    QTest::addColumn<QString>("stack");
    QTest::addColumn<QString>("input");
    QTest::addColumn<QString>("part");
    const auto row = [](const char* stack, const char* input, const char* part) {
      QTest::newRow(stack) << stack << input << part;
    };
    row("conv 3x3 3->64 | relu | flatten | dense 512->10", "3x32x32",
        "layer 4, “dense 512->10”: takes 512, but gets 57600");
    row("conv 3x3 4->8", "3x8x8", "layer 1, “conv 3x3 4->8”: takes 4, but gets 3");
    row("dense 3->4", "3x8x8", "takes features, but gets an image");
    row("relu | conv 3x3 1->8", "784", "layer 2, “conv 3x3 1->8”: takes an image");
    row("conv 9x9 3->8", "3x8x8", "the kernel is larger than its input 3x8x8");
    row("conv 3x3 3->8 groups 2", "3x8x8", "2 groups do not divide");
    row("attention 10 heads 3", "5x10", "3 heads do not divide");
    row("maxpool 2x2 pad 2", "3x8x8", "at most half");
    row("lstm 10->20", "784", "takes a sequence");
    row("embedding 10->4", "784", "takes token ids");
    row("conv", "3x8x8", "write conv 3x3 IN->OUT");
    row("conv 0x3 3->8", "3x8x8", "write conv 3x3 IN->OUT");
    row("conv 3x3 3->8 stride -1", "3x8x8", "whole numbers from 1");
    row("conv 3x3 3->99999999999999999999", "3x8x8", "from 1 to 1000000");
    row("dense 3->4 5", "3", "write dense IN->OUT");
    row("lstm 10->20 proj 20", "5x10", "write lstm IN->UNITS");
    row("dropout 1.5", "3", "write dropout 0.5");
    row("relu relu", "3", "write relu");
    row("konv 3x3 3->8", "3x8x8", "there is no layer konv");
    row("层 3x3", "3x8x8", "layer 1");
    row("relu || relu", "3", "layer 2 is empty");
    row(" ", "3", "the stack is empty");
    row("relu", "", "is not a shape");
    row("relu", "3x", "is not a shape");
    row("relu", "1x2x3x4", "is not a shape");
    row("relu", "100000x100000", "is not a shape");
    row("relu", "tokens 3", "takes an image");
  }
  void whatDoesNotFitIsSaidWithItsPlace() {
    QFETCH(QString, stack);
    QFETCH(QString, input);
    QFETCH(QString, part);
    const std::string said = sentence(stack.toStdString(), input.toStdString());
    QVERIFY2(QString::fromStdString(said).contains(part), said.c_str());
  }

  void numbersBeyondAnyBoundStayAtTheLargest() {
    const StackTotals found =
        totals("conv 1000000x1000000 1000000->1000000 pad 1000000", "1000000x1x1");
    QCOMPARE(found.parameters, std::numeric_limits<std::int64_t>::max());
    QCOMPARE(found.macs, std::numeric_limits<std::int64_t>::max());
  }

  void countsAreGroupedByThousands() {
    QCOMPARE(grouped(0), std::string("0"));
    QCOMPARE(grouped(999), std::string("999"));
    QCOMPARE(grouped(1000), std::string("1,000"));
    QCOMPARE(grouped(-1234567), std::string("-1,234,567"));
  }
};

QTEST_GUILESS_MAIN(LayerCountsTest)
#include "layer_counts_test.moc"
