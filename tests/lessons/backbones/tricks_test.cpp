// SPDX-License-Identifier: GPL-3.0-or-later
// The small nets of AlexNet's and VGG's kind: against PyTorch's modules and programs, and what is
// equal between nets that race.
#include <torch/nn.h>
#include <torch/types.h>

#include <QTest>
#include <algorithm>
#include <cmath>

#include "lessons/backbones/small_convnet.h"
#include "lessons/backbones/transplant.h"
#include "lessons/data/digits.h"
#include "lessons/data/image_changes.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 4, kTrainingStream = 0, kBatchStream = 3, kChangeStream = 4;
constexpr std::int64_t kSteps = 8, kBatch = 32, kImages = 200;

ConvnetPlan planOf(std::int64_t layers) {
  ConvnetPlan plan{12, 10, {}, 2, 16};
  plan.stages.assign(2,
                     std::vector(static_cast<std::size_t>(layers), ConvnetPlan::Convolution{4, 3}));
  return plan;
}

SmallConvnet netOf(const ConvnetManner& manner, double gain = 2) {
  const ConvnetPlan plan{12, 10, {{{8, 5}}, {{16, 3}}}, 3, 64};
  return {plan, manner, normalWeights(plan, std::nullopt, gain, generatorFor(kSeed, 2)),
          generatorFor(kSeed, 5)};
}

Dataset trainingImages() { return digits(kImages, generatorFor(kSeed, kTrainingStream)); }

/// The batches of a run of seed kSeed, and the images that it judges by.
Task taskOf(const Dataset& images, std::vector<torch::Tensor>& batches) {
  Batches source(images, kBatch, generatorFor(kSeed, kBatchStream));
  std::vector<torch::Tensor> labels;
  for (std::int64_t i = 0; i < kSteps; ++i) {
    const auto batch = source.next();
    batches.push_back(batch.inputs);
    labels.push_back(batch.labels);
  }
  Task task = emptyTask();
  task.insert("images", torch::stack(batches));
  task.insert("labels", torch::stack(labels));
  task.insert("judged", images.inputs);
  task.insert("judged_labels", images.labels);
  return task;
}

Settings withImages(Settings settings) {
  settings.emplace_back("images", std::to_string(kImages));
  settings.emplace_back("batch_size", std::to_string(kBatch));
  settings.emplace_back("evaluate_every", "1");
  settings.emplace_back("lr", "0.02");
  return settings;
}

}  // namespace

class TricksTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void responseNormalisationIsTheLibrarys_data() {
    QTest::addColumn<double>("alpha");
    QTest::newRow("AlexNet's") << 1e-4;
    QTest::newRow("large") << 0.5;
  }
  void responseNormalisationIsTheLibrarys() {
    QFETCH(double, alpha);
    const auto outputs = torch::rand({3, 8, 5, 5}, generatorFor(1, 0), torch::kDouble) * 4;
    namespace F = torch::nn::functional;
    const auto theirs = F::local_response_norm(
        outputs, F::LocalResponseNormFuncOptions(5).alpha(5 * alpha).beta(0.75).k(2));
    const auto ours = outputs / responseDivisor(outputs, alpha);
    QVERIFY((ours - theirs).abs().max().item<double>() < 1e-12);
  }

  void netsEqualTheLibrarysModules_data() {
    QTest::addColumn<int>("activation");
    QTest::addColumn<int>("norm");
    for (const int activation : {0, 1, 2})
      for (const int norm : {0, 1, 2})
        QTest::addRow("activation %d norm %d", activation, norm) << activation << norm;
  }
  void netsEqualTheLibrarysModules() {
    QFETCH(int, activation);
    QFETCH(int, norm);
    ConvnetManner manner{static_cast<ConvnetActivation>(activation),
                         static_cast<ResponseNorm>(norm)};
    manner.alpha = 0.3;
    const auto images = trainingImages().first(20).inputs;
    QVERIFY(differenceFromModules(netOf(manner), images) < 1e-5);
  }

  void dropoutIsForTrainingOnly() {
    ConvnetManner dropping;
    dropping.dropout = 0.5;
    const Dataset data = trainingImages();
    SmallConvnet with = netOf(dropping), without = netOf({});
    QVERIFY(torch::equal(with.logits(data.inputs), without.logits(data.inputs)));
    const double loss = with.standing(data).loss;
    // A rate of 0 leaves the weights: what learn() answers is the loss with units dropped.
    QVERIFY(std::abs(without.learn(data.inputs, data.labels, 0) - loss) < 1e-5);
    QVERIFY(std::abs(with.learn(data.inputs, data.labels, 0) - loss) > 1e-3);
  }

  void heKeepsTheSquareOfTheSignalInAnyLayer() {
    ConvnetPlan plan = planOf(5);
    for (auto& stage : plan.stages)
      for (auto& convolution : stage) convolution.out = 32;
    const SmallConvnet net(plan, {}, normalWeights(plan, std::nullopt, 2, generatorFor(2, 0)),
                           generatorFor(2, 1));
    const auto outputs = net.outputs(trainingImages().inputs);
    const auto size = [&](std::size_t i) { return outputs[i].square().mean().item<double>(); };
    QVERIFY(size(4) > size(0) / 4 && size(4) < size(0) * 4);
    // A third of that spread leaves a ninth of the square in every layer.
    const SmallConvnet small(plan, {},
                             normalWeights(plan, std::nullopt, 2.0 / 9, generatorFor(2, 0)),
                             generatorFor(2, 1));
    const auto shrunk = small.outputs(trainingImages().inputs);
    const double ratio = shrunk[4].square().mean().item<double>() / size(4);
    QVERIFY(std::abs(std::log(ratio) / std::log(std::pow(1.0 / 9, 5)) - 1) < 1e-3);
  }

  void aTransplantTakesTheFirstLayersOfEachStageAndAllDenseOnes() {
    const ConvnetPlan shallow = planOf(2), deep = planOf(4);
    const auto old = normalWeights(shallow, std::nullopt, 2, generatorFor(1, 0));
    const auto start = normalWeights(deep, std::nullopt, 2, generatorFor(1, 1));
    const auto made = weightViews(deep.weights(), transplanted(shallow, old, deep, start));
    const auto given = weightViews(shallow.weights(), old),
               rest = weightViews(deep.weights(), start);
    const auto weightOf = [](std::size_t layer) { return 2 * layer; };
    for (const auto& [here, there] :
         {std::pair{0, 0}, {1, 1}, {4, 2}, {5, 3}, {8, 4}, {9, 5}, {10, 6}})
      QVERIFY(torch::equal(made[weightOf(here)], given[weightOf(there)]));
    for (const int layer : {2, 3, 6, 7})
      QVERIFY(torch::equal(made[weightOf(layer)], rest[weightOf(layer)]));
  }

  void aShiftMovesPixelsAndLosesThoseAtTheEdge() {
    auto images = torch::zeros({400, 1, 5, 5});
    images.select(2, 2).select(2, 2).fill_(1);
    images.select(2, 0).select(2, 0).fill_(7);
    const auto moved = shifted(images, 1, generatorFor(1, 0));
    const auto middle = moved.slice(2, 1, 4).slice(3, 1, 4).reshape({400, 9});
    QVERIFY(torch::equal((middle == 1).sum(1), torch::ones({400}, torch::kLong)));
    // Every one of the nine moves occurs, and about equally often.
    const auto counts = (middle == 1).sum(0);
    QVERIFY(counts.min().item<std::int64_t>() > 20 && counts.max().item<std::int64_t>() < 80);
    const auto lost = (moved == 7).flatten(1).sum(1) == 0;
    QVERIFY(lost.any().item<bool>() && !lost.all().item<bool>());
  }

  void aZoomOfOneIsTheImageAndHalfTheSizeIsAQuarterOfTheInk() {
    const auto images = trainingImages().first(50).inputs;
    const auto same = zoomed(images, torch::ones({50}));
    QVERIFY((same - images).abs().max().item<double>() < 1e-5);
    const auto half = zoomed(images, torch::full({50}, 0.5f));
    const double share = (half.sum() / images.sum()).item<double>();
    QVERIFY(share > 0.23 && share < 0.27);
  }

  void pytorchGivesTheSameLosses_data() {
    QTest::addColumn<QString>("trick");
    for (const char* trick : {"relu", "lrn", "augmentation"}) QTest::newRow(trick) << trick;
  }
  void pytorchGivesTheSameLosses() {
    QFETCH(QString, trick);
    const auto run =
        startedRun("alexnet-tricks", withImages({{"trick", trick.toStdString()}}), kSteps, kSeed);
    std::vector<torch::Tensor> batches;
    Task task = taskOf(trainingImages(), batches);
    for (const auto& [name, weight] : weightTensors(*run)) task.insert(name, weight);
    if (trick == "augmentation") {
      const auto moves = generatorFor(kSeed, kChangeStream);
      std::vector<torch::Tensor> moved;
      for (const auto& batch : batches) moved.push_back(shifted(batch, 1, moves));
      task.insert("augmented", torch::stack(moved));
    }
    run->advance(kSteps);
    const auto rows = printedBy("cnn-backbones/alexnet_tricks.py", task);
    QCOMPARE(rows.size(), std::size_t{kSteps + 1});
    const std::vector<std::string> nets =
        trick == "relu"  ? std::vector<std::string>{"relu", "tanh", "sigmoid"}
        : trick == "lrn" ? std::vector<std::string>{"with", "without", "constant"}
                         : std::vector<std::string>{"with", "without"};
    for (std::size_t step = 1; step <= kSteps; ++step)
      for (std::size_t i = 0; i < nets.size(); ++i)
        QVERIFY(agree(tests::at(*run, static_cast<std::int64_t>(step), nets[i] + "/train_loss"),
                      rows[step][i], 2e-4));
  }

  void pytorchGivesTheSameWarmStart() {
    const auto run = startedRun("vgg-warm-start",
                                withImages({{"pretraining", "4"}, {"init", "he"}}), kSteps, kSeed);
    Dataset images = trainingImages();
    images.inputs = (images.inputs - images.inputs.mean()) / images.inputs.std();
    std::vector<torch::Tensor> batches;
    Task task = taskOf(images, batches);
    task.insert("pretraining", std::int64_t{4});
    for (const auto& [name, weight] : weightTensors(*run))
      if (name.starts_with("scratch.")) task.insert(name, weight);
    run->advance(kSteps);
    const auto rows = printedBy("cnn-backbones/vgg_warm_start.py", task);
    QCOMPARE(rows.size(), std::size_t{kSteps + 1});
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      const auto& row = rows[static_cast<std::size_t>(step)];
      QVERIFY(agree(tests::at(*run, step, "warm/train_loss"), row[0], 1e-3));
      QVERIFY(agree(tests::at(*run, step, "scratch/train_loss"), row[1], 1e-3));
    }
  }

  void theShallowNetBecomesTheDeepOneAfterItsUpdates() {
    const auto run = finishedRun("vgg-warm-start", withImages({{"pretraining", "3"}}), 2, kSeed);
    const auto layersOf = [&] {
      const auto weights = weightsOf(*run);
      return std::pair(
          std::count_if(weights.begin(), weights.end(),
                        [](const auto& item) { return item.first.starts_with("warm.conv."); }) /
              2,
          weights.contains("scratch.conv.9.weight"));
    };
    QCOMPARE(layersOf(), std::pair(std::ptrdiff_t{4}, true));
    run->setLength(3);
    run->advance(std::int64_t{1});
    QCOMPARE(layersOf(), std::pair(std::ptrdiff_t{10}, true));
  }

  void otherTricksAreGivenToAllNetsAlike() {
    const Settings few = withImages({{"trick", "lrn"}, {"others", "true"}});
    const auto run = finishedRun("alexnet-tricks", few, 2, kSeed);
    const auto plain = finishedRun("alexnet-tricks", withImages({{"trick", "lrn"}}), 2, kSeed);
    QCOMPARE(tests::at(*run, 0, "without/train_loss"), tests::at(*plain, 0, "without/train_loss"));
    QVERIFY(tests::at(*run, 2, "without/train_loss") != tests::at(*plain, 2, "without/train_loss"));
  }
};

QTEST_GUILESS_MAIN(TricksTest)
#include "tricks_test.moc"
