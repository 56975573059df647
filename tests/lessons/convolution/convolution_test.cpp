// SPDX-License-Identifier: GPL-3.0-or-later
// Convolution by hand against numbers worked out apart, closed formulas, LibTorch and the costs of
// the layer calculator.
#include "lessons/convolution/convolution.h"

#include <torch/utils.h>

#include <QTest>
#include <cmath>

#include "lessons/convolution/convolution_ways.h"

using namespace viva;

namespace {

std::vector<double> upTo(std::int64_t count) {
  std::vector<double> numbers;
  for (std::int64_t i = 1; i <= count; ++i) numbers.push_back(static_cast<double>(i));
  return numbers;
}

/// Some numbers with fractions, no two alike.
std::vector<double> mixed(std::int64_t count) {
  std::vector<double> numbers;
  for (std::int64_t i = 0; i < count; ++i)
    numbers.push_back(std::sin(1.7 * static_cast<double>(i) + 0.3));
  return numbers;
}

HandConvolution computed(const ConvolutionShape& shape, const MapSize& input,
                         std::vector<double> pixels, std::vector<double> weights) {
  HandConvolution hand(std::move(pixels), {ConvolutionLayer(shape, input, std::move(weights))});
  while (hand.computeNext()) {
  }
  return hand;
}

/// 1 to 16 in a square, under a kernel of four.
std::vector<double> sixteenUnder(std::vector<double> kernel, std::int64_t stride,
                                 std::int64_t padding) {
  return computed({1, 1, 2, stride, padding}, {1, 4, 4}, upTo(16), std::move(kernel)).last().values;
}

double apart(const torch::Tensor& a, const torch::Tensor& b) {
  return a.sizes() == b.sizes() ? (a - b).abs().max().item<double>() : INFINITY;
}

}  // namespace

class ConvolutionTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theNumbersAreThoseWorkedOutByHand() {
    QCOMPARE(sixteenUnder({1, 0, 0, -1}, 1, 0), std::vector<double>(9, -5.0));
    QCOMPARE(sixteenUnder({1, 2, 3, 4}, 1, 0),
             (std::vector<double>{44, 54, 64, 84, 94, 104, 124, 134, 144}));
    QCOMPARE(sixteenUnder({1, 0, 0, -1}, 2, 1),
             (std::vector<double>{-1, -3, 0, -9, -5, 8, 0, 14, 16}));
  }

  void theColumnsOfIm2colAreTheWindows() {
    const ConvolutionLayer layer({1, 1, 2}, {1, 4, 4}, {1, 2, 3, 4});
    const auto columns = columnsOf(layer, mapsOf(upTo(16), layer.input));
    QCOMPARE(columns.sizes(), torch::IntArrayRef({1, 4, 9}));
    const auto expected = torch::tensor({1, 2, 3, 5,  6,  7,  9,  10, 11,  //
                                         2, 3, 4, 6,  7,  8,  10, 11, 12,  //
                                         5, 6, 7, 9,  10, 11, 13, 14, 15,  //
                                         6, 7, 8, 10, 11, 12, 14, 15, 16},
                                        torch::kDouble);
    QCOMPARE(apart(columns.flatten(), expected), 0.0);
  }

  /// Every kind, stride, padding, dilation and number of groups, on pictures that are no squares.
  void threeWaysAgree_data() {
    QTest::addColumn<bool>("is_transposed");
    QTest::newRow("convolutions") << false;
    QTest::newRow("transposed convolutions") << true;
  }
  void threeWaysAgree() {
    QFETCH(bool, is_transposed);
    const MapSize input{4, 7, 9};
    const std::vector<double> pixels = mixed(input.elements());
    const auto maps = mapsOf(pixels, input);
    int compared = 0;
    for (const std::int64_t kernel : {1, 2, 3, 5})
      for (const std::int64_t stride : {1, 2, 3})
        for (const std::int64_t padding : {0, 1, 2})
          for (const std::int64_t dilation : {1, 2})
            for (const std::int64_t groups : {1, 2, 4}) {
              const ConvolutionShape shape{4,       8,        kernel, stride,
                                           padding, dilation, groups, is_transposed};
              const MapSize output = shape.outputOf(input);
              if (output.rows < 1 || output.columns < 1) continue;
              const auto hand = computed(shape, input, pixels, mixed(shape.parameters()));
              const auto ours = mapsOf(hand.last().values, output);
              QVERIFY(apart(ours, byLibrary(hand.layers(), maps)) < 1e-12);
              QVERIFY(apart(ours, byMatrixProduct(hand.layers(), maps)) < 1e-12);
              QCOMPARE(hand.products(), shape.products(input));
              ++compared;
            }
    QVERIFY(compared > 150);
  }

  void whatANumberReadsIsWhatAutogradSays() {
    const MapSize input{4, 6, 6};
    for (const bool is_transposed : {false, true}) {
      const ConvolutionShape first{4, 4, 3, 2, 1, 1, 4, is_transposed}, second{4, 6, 1};
      std::vector<ConvolutionLayer> layers{{first, input, mixed(first.parameters())}};
      layers.emplace_back(second, layers[0].output, mixed(second.parameters()));
      const auto taps = gradientByTaps(layers, 5, 1, 2);
      const auto library =
          gradientByLibrary(layers, mapsOf(mixed(input.elements()), input), 5, 1, 2);
      for (std::size_t i = 0; i < taps.size(); ++i) QVERIFY(std::abs(taps[i] - library[i]) < 1e-14);
    }
  }

  void aTransposedConvolutionIsTheAdjoint() {
    // <conv x, y> = <x, transposed y> with the same weights.
    const ConvolutionShape shape{2, 3, 3, 2, 1};
    ConvolutionShape back{3, 2, 3, 2, 1};
    back.is_transposed = true;
    const MapSize large{2, 7, 7}, small = shape.outputOf(large);
    const auto weights = mixed(shape.parameters());
    const auto x = mixed(large.elements()), y = mixed(small.elements());
    const auto down = computed(shape, large, x, weights).last().values;
    const auto up = computed(back, small, y, weights);
    QCOMPARE(up.last().output, large);
    double left = 0, right = 0;
    for (std::size_t i = 0; i < down.size(); ++i) left += down[i] * y[i];
    for (std::size_t i = 0; i < x.size(); ++i) right += x[i] * up.last().values[i];
    QVERIFY(std::abs(left - right) < 1e-12);
  }

  void reachAndInfluenceAreThoseOfTheDefinition() {
    const MapSize input{4, 11, 11};
    const auto layersOf = [&](const ConvolutionShape& shape) {
      return std::vector<ConvolutionLayer>{{shape, input, mixed(shape.parameters())}};
    };
    QCOMPARE(reachOf(layersOf({4, 2, 3, 1, 0, 3})), std::int64_t{7});
    QCOMPARE(reachOf(layersOf({4, 2, 1})), std::int64_t{1});
    const auto maps = mapsOf(mixed(input.elements()), input);
    const auto groups = influenceOf(layersOf({4, 4, 3, 1, 1, 1, 2}), maps) > 0;
    const auto expected = torch::block_diag({torch::ones({2, 2}), torch::ones({2, 2})}) > 0;
    QVERIFY(torch::equal(groups, expected));
    const auto depthwise = influenceOf(layersOf({4, 4, 3, 1, 1, 1, 4}), maps) > 0;
    QVERIFY(torch::equal(depthwise, torch::eye(4) > 0));
  }

  /// 32 maps of 56 x 56, worked out by hand.
  void costsAreWeightsTimesPlaces_data() {
    QTest::addColumn<QVector<qint64>>("numbers");  // out, kernel, stride, padding, groups
    QTest::addColumn<qint64>("parameters");
    QTest::addColumn<qint64>("products");
    const auto row = [](const char* name, QVector<qint64> numbers, qint64 parameters,
                        qint64 products) {
      QTest::newRow(name) << numbers << parameters << products;
    };
    row("3x3", {64, 3, 1, 1, 1}, 18'432, 57'802'752);
    row("5x5, every other place", {16, 5, 2, 0, 1}, 12'800, 8'652'800);
    row("depthwise", {32, 3, 1, 1, 32}, 288, 903'168);
    row("pointwise", {64, 1, 1, 0, 1}, 2'048, 6'422'528);
    row("four groups", {64, 3, 1, 1, 4}, 4'608, 14'450'688);
  }
  void costsAreWeightsTimesPlaces() {
    QFETCH(QVector<qint64>, numbers);
    QFETCH(qint64, parameters);
    QFETCH(qint64, products);
    const ConvolutionShape shape{32, numbers[0], numbers[1], numbers[2], numbers[3], 1, numbers[4]};
    QCOMPARE(shape.parameters(), std::int64_t{parameters});
    QCOMPARE(shape.products({32, 56, 56}), std::int64_t{products});
  }

  /// Arithmetic of MobileNet's paper: 32 channels, 3x3, at 112 x 112.
  void aSeparableConvolutionCostsTheKnownShare() {
    const MapSize input{32, 112, 112};
    for (const auto& [filters, share] :
         {std::pair<std::int64_t, double>{64, 0.126736}, {512, 0.113064}}) {
      const ConvolutionShape depthwise{32, 32, 3, 1, 1, 1, 32}, pointwise{32, filters, 1},
          standard{32, filters, 3, 1, 1};
      const auto products = depthwise.products(input) + pointwise.products(input);
      if (filters == 64) QCOMPARE(products, std::int64_t{29'302'784});
      QVERIFY(
          std::abs(static_cast<double>(products) / static_cast<double>(standard.products(input)) -
                   share) < 1e-6);
    }
  }
};

QTEST_GUILESS_MAIN(ConvolutionTest)
#include "convolution_test.moc"
