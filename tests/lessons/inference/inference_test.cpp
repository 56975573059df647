// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, caches, pages and rewritten graphs against vectors that were computed apart and against
// other ways to the same numbers.
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/inference/counted_macs.h"
#include "lessons/inference/grouped_cache.h"
#include "lessons/inference/operator_graph.h"
#include "lessons/inference/paged_cache.h"
#include "lessons/inference/quantizer.h"
#include "lessons/nn/tensor_numbers.h"

using namespace viva;

namespace {

torch::Tensor doubles(const std::vector<double>& values) {
  return torch::tensor(values, torch::kDouble);
}

void compare(const torch::Tensor& found, const std::vector<double>& expected, double tolerance) {
  const auto numbers = numbersOf(found.flatten());
  QCOMPARE(numbers.size(), expected.size());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    QVERIFY2(std::abs(numbers[i] - expected[i]) <= tolerance,
             qPrintable(QString("%1: %2, not %3").arg(i).arg(numbers[i]).arg(expected[i])));
}

TransformerShape smallShape(std::int64_t heads) {
  TransformerShape shape;
  shape.vocabulary = 11;
  shape.context = 40;
  shape.width = 32;
  shape.heads = heads;
  shape.layers = 2;
  return shape;
}

Transformer smallNet(std::int64_t heads) {
  return Transformer(smallShape(heads), {Manner{.is_causal = true}}, generatorFor(5, 0), "cpu");
}

torch::Tensor someTokens(std::int64_t length) {
  return torch::randint(0, 11, {length}, generatorFor(5, 1), torch::kLong);
}

const torch::Tensor kSix = torch::tensor({-1.0, -.5, 0.0, .3, .8, 2.0}, torch::kDouble);

}  // namespace

class InferenceTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void symmetricInt8HasItsScaleFromTheLargest() {
    const CodedMatrix code = coded(kSix.unsqueeze(0), ScaleShare::Tensor, WeightCode::Int8);
    compare(code.scales, {.0157480315}, 1e-10);
    // -1 is 63.5 steps away: halves go to the even neighbour.
    compare(code.codes, {-64, -32, 0, 19, 51, 127}, 0);
    compare(code.decoded(), {-1.00787402, -.50393701, 0, .2992126, .80314961, 2}, 1e-8);
    QVERIFY(std::abs((code.decoded() - kSix).abs().max().item<double>() - .00787402) < 1e-8);
  }

  void asymmetricCodesHaveAZeroPoint() {
    const ShiftedCodes bytes = shiftedCodes(kSix, 0, 255);
    QVERIFY(std::abs(bytes.scale - .0117647059) < 1e-10);
    QCOMPARE(bytes.zero, std::int64_t{85});
    compare(bytes.codes, {0, 43, 85, 111, 153, 255}, 0);
    compare((bytes.codes - bytes.zero).to(torch::kDouble) * bytes.scale,
            {-1, -.49411765, 0, .30588235, .8, 2}, 1e-8);
    const ShiftedCodes signed_codes = shiftedCodes(kSix, -128, 127);
    QCOMPARE(signed_codes.zero, std::int64_t{-43});
    compare(signed_codes.codes, {-128, -85, -43, -17, 25, 127}, 0);
  }

  void wholeNumbersAreMultipliedAsWholeNumbers() {
    const auto w = doubles({.5, -1, .25, 2}).view({2, 2});
    const CodedMatrix code = coded(w, ScaleShare::Tensor, WeightCode::Int8);
    const CodedMatrix x =
        coded(doubles({1, -.5}).unsqueeze(0), ScaleShare::Tensor, WeightCode::Int8);
    compare(code.codes, {32, -64, 16, 127}, 0);
    compare(x.codes, {127, -64}, 0);
    const auto sums = wholeProduct(code.codes, x.codes[0]);
    compare(sums, {8160, -6096}, 0);
    compare(sums.to(torch::kDouble) * code.scales.item<double>() * x.scales.item<double>(),
            {1.01184202, -.75590551}, 1e-8);
  }

  void nf4TakesTheNearestQuantile() {
    const auto block = doubles({-2, -1, -.3, 0, .1, .5, 1.2, 1.6}).unsqueeze(0);
    const CodedMatrix code = coded(block, ScaleShare::Tensor, WeightCode::Nf4);
    compare(code.codes, {0, 2, 5, 7, 8, 10, 13, 14}, 0);
    compare(code.decoded(), {-2, -1.050146, -.369547, 0, .159161, .492225, 1.125234, 1.445914},
            1e-6);
  }

  void normalWeightsAreBetterServedByNf4() {
    const auto weights = torch::randn({1024, 16}, generatorFor(1, 2), torch::kDouble);
    const auto error = [&](WeightCode code) {
      return (coded(weights, ScaleShare::Group, code).decoded() - weights)
          .square()
          .mean()
          .sqrt()
          .item<double>();
    };
    QVERIFY(error(WeightCode::Nf4) < error(WeightCode::Int4));
  }

  void aSmallerShareHasASmallerError() {
    auto weights = torch::randn({8, 64}, generatorFor(1, 3), torch::kDouble);
    weights[3] *= 10;
    double before = 1e9;
    for (const ScaleShare share : {ScaleShare::Tensor, ScaleShare::Channel, ScaleShare::Group}) {
      const auto error = (coded(weights, share, WeightCode::Int8).decoded() - weights)
                             .square()
                             .sum()
                             .item<double>();
      QVERIFY(error < before);
      before = error;
    }
    QCOMPARE(coded(weights, ScaleShare::Group, WeightCode::Int4).bits(),
             std::int64_t{8 * 64 * 4 + 8 * 4 * 32});
  }

  void zerosStayZero() {
    for (const WeightCode code : {WeightCode::Int8, WeightCode::Int4, WeightCode::Nf4})
      compare(coded(torch::zeros({2, 16}), ScaleShare::Channel, code).decoded(),
              std::vector<double>(32, 0), 0);
  }

  void theCacheOfKnownModelsHasItsSize() {
    QCOMPARE(cacheBytesPerToken(32, 32, 128, 2), std::int64_t{524288});   // Llama-2-7B
    QCOMPARE(cacheBytesPerToken(40, 40, 128, 2), std::int64_t{819200});   // OPT-13B
    QCOMPARE(cacheBytesPerToken(80, 8, 128, 2), std::int64_t{327680});    // Llama-2-70B
    QCOMPARE(cacheBytesPerToken(80, 64, 128, 2), std::int64_t{2621440});  // without groups
    QCOMPARE(cacheBytesPerToken(32, 8, 128, 2), std::int64_t{131072});    // Llama-3-8B
    QCOMPARE(cacheBytesPerToken(96, 96, 128, 2), std::int64_t{4718592});  // GPT-3
    QCOMPARE(cacheBytesPerToken(12, 12, 64, 2), std::int64_t{36864});     // GPT-2 small
    QCOMPARE(cacheBytesPerToken(32, 32, 128, 2) * 4096, std::int64_t{2} << 30);
  }

  void aPassIsCountedAsTheFormulaSays() {
    const Transformer net = smallNet(4);
    const torch::NoGradGuard no_grad;
    const auto tokens = someTokens(12);
    QCOMPARE(countedPass(net, tokens, nullptr).macs, macsByFormula(net.shape(), 12, 12));
    KeyValueCache cache;
    countedPass(net, tokens.narrow(0, 0, 11), &cache);
    const auto last = countedPass(net, tokens.narrow(0, 11, 1), &cache);
    QCOMPARE(last.macs, macsByFormula(net.shape(), 1, 12));
    const auto whole = countedPass(net, tokens, nullptr);
    QVERIFY((last.logits - whole.logits).abs().max().item<double>() < 1e-5);
  }

  void oneHeadOfEachGroupIsEnough() {
    Transformer net = smallNet(4);
    shareKeyHeads(net, 2);
    const torch::NoGradGuard no_grad;
    KeyValueCache cache;
    countedPass(net, someTokens(7), &cache);
    const KeyValueCache kept = oneOfEachGroup(cache, 2);
    QCOMPARE(cacheBytes(kept) * 2, cacheBytes(cache));
    const KeyValueCache again = forAllHeads(kept, 4);
    for (std::size_t layer = 0; layer < cache.layers.size(); ++layer)
      QVERIFY(torch::equal(again.layers[layer].keys, cache.layers[layer].keys) ||
              torch::allclose(again.layers[layer].keys, cache.layers[layer].keys, 1e-5, 1e-6));
  }

  void pagesHoldWhatTheCacheHeld() {
    const Transformer net = smallNet(2);
    const torch::NoGradGuard no_grad;
    PagedCache pages(net.shape(), 4, 10, torch::kCPU);
    KeyValueCache cache;
    countedPass(net, someTokens(10), &cache);
    BlockTable table;
    pages.append(table, cache, 10);
    QCOMPARE(table.blocks.size(), std::size_t{3});
    QCOMPARE(pages.wastedSlots(), std::int64_t{2});
    const KeyValueCache back = pages.gathered(table);
    for (std::size_t layer = 0; layer < cache.layers.size(); ++layer) {
      QVERIFY(torch::equal(back.layers[layer].keys, cache.layers[layer].keys));
      QVERIFY(torch::equal(back.layers[layer].values, cache.layers[layer].values));
    }
  }

  void whoWritesIntoASharedBlockCopiesIt() {
    const Transformer net = smallNet(2);
    const torch::NoGradGuard no_grad;
    PagedCache pages(net.shape(), 4, 10, torch::kCPU);
    KeyValueCache cache;
    countedPass(net, someTokens(6), &cache);
    BlockTable first;
    pages.append(first, cache, 6);
    BlockTable second = pages.shared(first);
    QCOMPARE(pages.usedBlocks(), std::int64_t{2});
    QCOMPARE(pages.needed(second, 1), std::int64_t{1});
    const KeyValueCache before = pages.gathered(first);
    pages.append(second, cache, 1);
    QCOMPARE(pages.copies(), std::int64_t{1});
    QCOMPARE(pages.usedBlocks(), std::int64_t{3});
    QVERIFY(torch::equal(pages.gathered(first).layers[0].keys, before.layers[0].keys));
    QCOMPARE(pages.needed(first, 1), std::int64_t{0});  // nobody else reads it any more
    pages.release(second);
    pages.release(first);
    QCOMPARE(pages.freeBlocks(), std::int64_t{10});
  }

  void aHundredTokensLeaveTwelveSlotsOfSevenBlocksEmpty() {
    QCOMPARE(emptySlots({100}, 16), std::int64_t{12});
    QCOMPARE(emptySlots({16, 17}, 16), std::int64_t{15});
  }

  void everyRewriteKeepsTheOutput() {
    const torch::NoGradGuard no_grad;
    const OperatorGraph graph(3, 8, generatorFor(1, 0), torch::kCPU);
    const auto x = torch::randn({2, 8, 9, 9}, generatorFor(1, 1));
    GraphCost before;
    const auto expected = graph.run(x, &before);
    QCOMPARE(before.kernels, std::int64_t{15});
    OperatorGraph folded = graph, fused = graph, both = graph, half = graph;
    for (std::int64_t layer = 0; layer < 3; ++layer) {
      folded.foldBatchNorm(layer);
      fused.fusePointwise(layer);
      both.foldBatchNorm(layer);
      both.fusePointwise(layer);
      half.halve(layer);
    }
    const double size = expected.abs().max().item<double>();
    for (const auto& [rewritten, kernels] : {std::pair{&folded, 12}, {&fused, 6}, {&both, 6}}) {
      GraphCost cost;
      const auto output = rewritten->run(x, &cost);
      QCOMPARE(cost.kernels, std::int64_t{kernels});
      QVERIFY(cost.bytes < before.bytes);
      QVERIFY((output - expected).abs().max().item<double>() < 1e-5 * size);
    }
    GraphCost cost;
    const double off = (half.run(x, &cost) - expected).abs().max().item<double>();
    QVERIFY(off > 1e-4 * size && off < 0.05 * size);
    // All but the numbers of batch norm takes half.
    QVERIFY(2 * cost.bytes >= before.bytes && 1.9 * static_cast<double>(cost.bytes) < before.bytes);
    // In training the batch has its own mean and variance: that cannot be folded.
    QVERIFY((graph.run(x, nullptr, true) - expected).abs().max().item<double>() > 0.01 * size);
  }
};

QTEST_GUILESS_MAIN(InferenceTest)
#include "inference_test.moc"
