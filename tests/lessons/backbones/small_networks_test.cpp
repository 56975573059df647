// SPDX-License-Identifier: GPL-3.0-or-later
// Nets that learn: their counts against a paper's, their gradients against autograd's, and what a
// pass leaves behind.
#include "lessons/backbones/small_networks.h"

#include <torch/autograd.h>

#include <QTest>
#include <algorithm>

#include "lessons/backbones/trained_network.h"
#include "lessons/data/dataset.h"

using namespace viva;

namespace {

constexpr ImageTask kCifar{3, 32, 10};
constexpr std::optional<Shortcut> kZeros = Shortcut::ZeroPadding, kProjected = Shortcut::Projection;

std::int64_t layersOf(const Network& net) {
  return std::ranges::count_if(net.operations(), [](const Operation& o) {
    return o.kind == Operator::Dense || (o.kind == Operator::Convolution && o.kernel == 3);
  });
}

std::map<std::string, torch::Tensor> stateOf(const TrainedNetwork& net) {
  std::map<std::string, torch::Tensor> copies;
  for (const auto& [name, tensor] : net.state()) copies[name] = tensor.detach().clone();
  return copies;
}

TrainedNetwork trained(Network net, std::uint64_t seed = 1) {
  return TrainedNetwork(std::move(net), generatorFor(seed, 0), "cpu");
}

torch::Tensor someImages(std::int64_t count = 16) {
  return torch::randn({count, 1, 12, 12}, generatorFor(2, 0));
}

}  // namespace

class SmallNetworksTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // arXiv 1512.03385, table 6: 0.27, 0.46, 0.66 and 0.85 million parameters.
  void stacksOfPairsHaveTheParametersOfThePaper_data() {
    QTest::addColumn<int>("depth");
    QTest::addColumn<qint64>("parameters");
    QTest::newRow("20") << 20 << qint64{269'722};
    QTest::newRow("32") << 32 << qint64{464'154};
    QTest::newRow("44") << 44 << qint64{658'586};
    QTest::newRow("56") << 56 << qint64{853'018};
  }
  void stacksOfPairsHaveTheParametersOfThePaper() {
    QFETCH(int, depth);
    QFETCH(qint64, parameters);
    for (const auto& shortcut : {kPlain, kZeros}) {
      const Network net = stackedPairs(kCifar, depth, 16, shortcut);
      QCOMPARE(qint64{net.totals().parameters}, parameters);
      QCOMPARE(layersOf(net), std::int64_t{depth});
    }
    // Two projections, to 32 and to 64 channels, with their batch norms.
    QCOMPARE(qint64{stackedPairs(kCifar, depth, 16, kProjected).totals().parameters},
             parameters + 16 * 32 + 64 + 32 * 64 + 128);
  }

  void everyNetHasItsBudget_data() {
    QTest::addColumn<int>("kind");
    for (int kind = 0; kind <= static_cast<int>(BlockKind::Depthwise); ++kind)
      QTest::newRow(qPrintable(QString::number(kind))) << kind;
  }
  void everyNetHasItsBudget() {
    QFETCH(int, kind);
    const auto costFor = [&](Equal equal, std::int64_t budget) {
      return costOf(repeatedBlocksFor(static_cast<BlockKind>(kind), ImageTask{}, 1, equal, budget),
                    equal);
    };
    for (const std::int64_t budget : {8'000, 30'000, 100'000})
      QVERIFY(std::abs(costFor(Equal::Parameters, budget) - budget) <= budget / 10);
    for (const std::int64_t budget : {300'000, 1'000'000})
      QVERIFY(std::abs(costFor(Equal::Macs, budget) - budget) <= budget / 10);
  }

  void twoThreeByThreeHaveEighteenTwentyFifthsOfTheWeightsOfFiveByFive() {
    // Kernels of the last two blocks of a stage, where all channels are equal.
    const auto weightsIn = [](BlockKind kind) {
      const Network net = repeatedBlocks(kind, ImageTask{}, 2, 8);
      std::int64_t weights = 0;
      for (const Operation& o : net.operations())
        if (o.kind == Operator::Convolution && o.block == "layer3.1") weights += o.parameters;
      return weights;
    };
    QCOMPARE(25 * weightsIn(BlockKind::Vgg), 18 * weightsIn(BlockKind::Plain));
    QCOMPARE(weightsIn(BlockKind::Residual), weightsIn(BlockKind::Vgg));
  }

  void everyReluIsWatchedAndTheirGradientsAreAutogradsOwn() {
    TrainedNetwork net = trained(stackedPairs(ImageTask{}, 14, 4, kZeros));
    const auto labels = torch::arange(16, torch::kLong) % 10;
    const auto forward = net.forward(someImages(), Pass::Probe);
    QCOMPARE(forward.pre_activations.size(), std::size_t{13});
    const auto loss = torch::cross_entropy_loss(forward.logits, labels);
    const auto expected =
        torch::autograd::grad({loss}, forward.pre_activations, {}, /*retain_graph=*/true);
    const auto norms = net.differentiate(loss, forward.pre_activations);
    QCOMPARE(norms.size(), expected.size());
    for (std::size_t i = 0; i < norms.size(); ++i)
      QVERIFY(std::abs(norms[i] / expected[i].norm().item<double>() - 1) < 1e-5);
    QVERIFY(net.alongFilters() < 1e-3);
  }

  void anUpdateGoesAgainstTheGradient() {
    TrainedNetwork net = trained(stackedPairs(ImageTask{}, 8, 4, kPlain));
    const auto labels = torch::arange(16, torch::kLong) % 10;
    const auto images = someImages();
    std::vector<double> losses;
    for (int i = 0; i < 5; ++i) {
      const auto loss =
          torch::cross_entropy_loss(net.forward(images, Pass::Training).logits, labels);
      losses.push_back(loss.item<double>());
      net.differentiate(loss);
      net.update(Momentum{1e-3, 0});
    }
    QVERIFY(std::is_sorted(losses.rbegin(), losses.rend()));
    QVERIFY(losses.back() < losses.front());
  }

  void onlyTrainingMovesTheRunningStatistics() {
    const TrainedNetwork net = trained(stackedPairs(ImageTask{}, 8, 4, kProjected));
    const auto start = stateOf(net);
    net.forward(someImages(), Pass::Probe);
    net.forward(someImages(), Pass::Evaluation);
    for (const auto& [name, tensor] : stateOf(net)) QVERIFY(torch::equal(tensor, start.at(name)));
    net.forward(someImages(), Pass::Training);
    QVERIFY(!torch::equal(stateOf(net).at("bn1.running_mean"), start.at("bn1.running_mean")));
  }

  void netsThatDifferByTheirShortcutsBeginWithTheSameWeights() {
    const auto plain = stateOf(trained(stackedPairs(ImageTask{}, 20, 4, kPlain)));
    const auto zeros = stateOf(trained(stackedPairs(ImageTask{}, 20, 4, kZeros)));
    const auto projected = stateOf(trained(stackedPairs(ImageTask{}, 20, 4, kProjected)));
    QCOMPARE(plain.size(), zeros.size());
    QVERIFY(projected.size() > plain.size());
    for (const auto& [name, tensor] : plain) {
      QVERIFY(torch::equal(tensor, zeros.at(name)));
      if (!name.starts_with("fc")) QVERIFY(torch::equal(tensor, projected.at(name)));
    }
    const auto other = stateOf(trained(stackedPairs(ImageTask{}, 20, 4, kPlain), 2));
    QVERIFY(!torch::equal(plain.at("conv1.weight"), other.at("conv1.weight")));
  }
};

QTEST_GUILESS_MAIN(SmallNetworksTest)
#include "small_networks_test.moc"
