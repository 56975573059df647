// SPDX-License-Identifier: GPL-3.0-or-later
// What vit-vs-cnn draws, computes, keeps and refuses.
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/data/image_changes.h"
#include "lessons/vit/attention_reach.h"
#include "lessons/vit/contest_cnn.h"
#include "lessons/vit/contest_images.h"
#include "lessons/vit/written_vit.h"
#include "tests/fakes/fake_phase.h"
#include "tests/lessons/asked_experiment.h"
#include "tests/lessons/own_pictures.h"
#include "tests/lessons/own_table.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kModel = "vit-vs-cnn";

std::string problemWith(const Settings& settings) { return refusalWith(kModel, settings).key; }

VisionTransformer vitOf(std::int64_t patch, bool has_positions = true, std::int64_t classes = 10,
                        std::int64_t channels = 1) {
  return {{16, channels, classes, patch, has_positions}, generatorFor(7, 1), "cpu"};
}

torch::Tensor someImages(std::int64_t count, std::int64_t channels = 1) {
  return torch::randn({count, channels, 16, 16}, generatorFor(8, 0));
}

/// The weights of a block, by hand: attention, feed-forward part, two norms.
std::int64_t blockSize(std::int64_t d, std::int64_t hidden) {
  return 4 * (d * d + d) + 2 * d * hidden + hidden + d + 4 * d;
}

double largest(const torch::Tensor& difference) { return difference.abs().max().item<double>(); }

}  // namespace

class VitTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// By hand, layer by layer: the patch embedding, the positions, two blocks, the norm, the head.
  void theNetsAreOfEqualSize() {
    const std::int64_t vit = 16 * 32 + 32 + 16 * 32 + 2 * blockSize(32, 64) + 64 + 10 * 32;
    QCOMPARE(vitOf(4).parameters(), vit);
    QCOMPARE(vit, std::int64_t{18528});
    QCOMPARE(vitOf(4, false).parameters(), vit - 16 * 32);
    const ContestCnn mean({16, 1, 10, CnnHead::Mean, true}, generatorFor(1, 1), "cpu");
    QCOMPARE(mean.parameters(),
             std::int64_t{9 * (16 + 16 * 32 + 32 * 45) + 2 * (16 + 32 + 45) + 45 * 10 + 10});
    QVERIFY(std::abs(static_cast<double>(mean.parameters()) / 18528 - 1) < 0.01);
    const ContestCnn flat({16, 1, 2, CnnHead::Flatten, true}, generatorFor(1, 1), "cpu");
    QCOMPARE(flat.parameters(), std::int64_t{18170});
    QVERIFY(std::abs(static_cast<double>(flat.parameters()) / vitOf(4, true, 2).parameters() - 1) <
            0.01);
  }

  /// Of ViT-B/16 the same count is the published one: 12 blocks, width 768, 196 patches and a class
  /// token, of which this lesson's nets have none.
  void theCountOfABlockIsThatOfViTBase() {
    QCOMPARE(blockSize(768, 3072), std::int64_t{7087872});
    const std::int64_t patches = 3 * 16 * 16 * 768 + 768, positions = 197 * 768, token = 768;
    QCOMPARE(patches + positions + token + 12 * blockSize(768, 3072) + 2 * 768 + 768 * 1000 + 1000,
             std::int64_t{86567656});
  }

  void halfThePatchIsSixteenTimesTheAttention() {
    const auto fine = vitOf(2), middle = vitOf(4), coarse = vitOf(8);
    QCOMPARE(middle.attentionMacs(), std::int64_t{2 * 2 * 16 * 16 * 32});
    QCOMPARE(fine.attentionMacs(), 16 * middle.attentionMacs());
    QCOMPARE(middle.attentionMacs(), 16 * coarse.attentionMacs());
    const std::int64_t products = 4 * 32 * 32 + 2 * 32 * 64;
    QCOMPARE(middle.macs(), 16 * (16 * 32 + 2 * products + 320) + middle.attentionMacs());
    const ContestCnn cnn({16, 1, 10, CnnHead::Mean, true}, generatorFor(1, 1), "cpu");
    QCOMPARE(cnn.macs(), std::int64_t{9 * (256 * 16 + 64 * 16 * 32 + 16 * 32 * 45) + 45 * 10});
  }

  void patchesAreWhatAConvolutionReads() {
    for (const std::int64_t patch : kContestPatches) {
      const auto images = someImages(3, 3);
      const auto columns = torch::im2col(images, {patch, patch}, {1, 1}, {0, 0}, {patch, patch});
      QVERIFY(torch::equal(patchesOf(images, patch), columns.transpose(1, 2)));
      QVERIFY(differenceFromConvolution(vitOf(patch, true, 10, 3), images) < 1e-5);
    }
  }

  void patchesComeBackToTheirPlaces() {
    const auto images = someImages(2, 3);
    const auto order = torch::randperm(16, generatorFor(5, 0));
    const auto moved = rearranged(images, 4, order);
    QVERIFY(!torch::equal(moved, images));
    QVERIFY(torch::equal(rearranged(moved, 4, order.argsort()), images));
    // The first patch is now the one that the order says.
    const std::int64_t from = order[0].item<std::int64_t>();
    const auto first = moved.narrow(2, 0, 4).narrow(3, 0, 4);
    QVERIFY(torch::equal(first, images.narrow(2, 4 * (from / 4), 4).narrow(3, 4 * (from % 4), 4)));
  }

  void imagesAreMovedInFourDirections() {
    auto images = torch::zeros({4, 1, 16, 16});
    images.select(2, 8).select(2, 8).fill_(1);
    const auto moved = movedEachWay(images, 3);
    const std::pair<int, int> places[] = {{8, 11}, {8, 5}, {11, 8}, {5, 8}};
    for (int i = 0; i < 4; ++i) {
      QCOMPARE(moved[i].sum().item<float>(), 1.0f);
      QCOMPARE(moved[i][0][places[i].first][places[i].second].item<float>(), 1.0f);
    }
    QVERIFY(torch::equal(movedEachWay(images, 0), images));
  }

  void randomMovesAreAsOftenInEachDirection() {
    auto images = torch::zeros({3000, 1, 16, 16});
    images.select(2, 8).select(2, 8).fill_(1);
    const auto sum = shifted(images, 2, generatorFor(6, 0)).sum(0)[0];
    QCOMPARE(sum.sum().item<float>(), 3000.0f);
    const auto reached = sum.narrow(0, 6, 5).narrow(1, 6, 5);
    QCOMPARE(reached.sum().item<float>(), 3000.0f);
    // 120 each are expected; five standard deviations are 54.
    QVERIFY(reached.min().item<float>() > 66 && reached.max().item<float>() < 174);
  }

  void marksAreEqualWhereTheLabelSaysSo() {
    const auto relation = relationImages(200, MarkPlaces::Aligned, 0, generatorFor(3, 0));
    QCOMPARE(relation.labels.sum().item<std::int64_t>(), std::int64_t{100});
    for (std::int64_t i = 0; i < 200; ++i) {
      const auto image = relation.inputs[i][0];
      const auto in = [&](std::int64_t column) {
        std::vector<torch::Tensor> found;
        for (std::int64_t row = 0; row < 16; row += 4) {
          const auto patch = image.narrow(0, row, 4).narrow(1, column, 4);
          if (patch.abs().sum().item<double>() == 16) found.push_back(patch);
        }
        return found;
      };
      QCOMPARE(in(0).size(), std::size_t{1});
      QCOMPARE(in(12).size(), std::size_t{1});
      QCOMPARE(image.abs().sum().item<double>(), 32.0);
      QCOMPARE(torch::equal(in(0)[0], in(12)[0]), relation.labels[i].item<std::int64_t>() == 1);
    }
    // Free marks are as many pixels, and most of them on no patch of their own.
    const auto free = relationImages(200, MarkPlaces::Free, 0, generatorFor(3, 0));
    QCOMPARE(free.inputs.abs().sum().item<double>(), 200 * 32.0);
    const auto corners = patchesOf(free.inputs, 4).abs().sum(2) == 16;
    QVERIFY(corners.to(torch::kFloat).sum().item<double>() < 100);
  }

  void theLogitsAreThoseOfTheFormulas() {
    for (const std::int64_t patch : kContestPatches)
      QVERIFY(differenceFromWritten(vitOf(patch), someImages(5)) < 1e-5);
    QVERIFY(differenceFromWritten(vitOf(4, false), someImages(5)) < 1e-5);
    QVERIFY(differenceFromWritten(vitOf(4, true, 10, 3), someImages(5, 3)) < 1e-5);
  }

  /// Tokens that are vectors, for copies that differ in how they are told positions.
  void copiesEmbedTheSameVectors() {
    const torch::NoGradGuard no_grad;
    TransformerShape shape;
    shape.vocabulary = 3, shape.inputs = 5, shape.context = 7, shape.width = 8, shape.heads = 2;
    Manner without;
    without.positions = PositionKind::None;
    const Transformer nets(shape, {Manner(), without}, generatorFor(1, 1), "cpu");
    const auto vectors = torch::randn({4, 7, 5}, generatorFor(2, 0));
    const auto x = nets.embeddedVectors(vectors);
    QCOMPARE(x.sizes().vec(), (std::vector<std::int64_t>{2, 4, 7, 8}));
    const auto& leaves = nets.weights().leaves();
    QCOMPARE(nets.weights().shapes()[1].name, std::string("token.bias"));
    QVERIFY(largest(x[1] - torch::linear(vectors, leaves[0][1], leaves[1][1])) < 1e-6);
    QVERIFY(largest(x[0] - x[1] - nets.positionTable(0)) < 1e-6);
    QCOMPARE(nets.parameters(0) - nets.parameters(1), std::int64_t{7 * 8});
  }

  /// Softmax and the mean do not know the order of the tokens (arXiv 1706.03762); positions do.
  void withoutPositionsPatchesMayChangePlaces() {
    const torch::NoGradGuard no_grad;
    const auto images = someImages(6);
    const auto moved = rearranged(images, 4, torch::randperm(16, generatorFor(5, 0)));
    const auto without = vitOf(4, false), with = vitOf(4);
    QVERIFY(largest(without.logits(images) - without.logits(moved)) < 1e-5);
    QVERIFY(largest(with.logits(images) - with.logits(moved)) > 1e-3);
  }

  void aCnnIsTheModulesOfTheLibrary() {
    const torch::NoGradGuard no_grad;
    for (const CnnHead head : {CnnHead::Mean, CnnHead::Flatten})
      for (const bool has_norm : {true, false}) {
        ContestCnn net({16, 1, 10, head, has_norm}, generatorFor(2, 1), "cpu");
        net.logits(someImages(32), true);  // running statistics of their own
        const auto images = someImages(5);
        QVERIFY(largest(net.logits(images, false) - net.logitsByModules(images)) < 1e-5);
        ContestCnn other({16, 1, 10, head, has_norm}, generatorFor(3, 1), "cpu");
        other.resume(net.kept());
        QVERIFY(torch::equal(other.logits(images, false), net.logits(images, false)));
        ContestCnn fresh({16, 1, 40, head, has_norm}, generatorFor(4, 1), "cpu");
        fresh.takeBodyFrom(net);
        const auto& shapes = net.weights().shapes();
        for (std::size_t i = 0; i + 2 < shapes.size(); ++i)
          QVERIFY(torch::equal(fresh.weights().leaves()[i], net.weights().leaves()[i]));
      }
  }

  void theBodyOfAViTIsAllButItsHead() {
    const auto teacher = vitOf(4, true, 40);
    VisionTransformer net({16, 1, 10, 4, true}, generatorFor(9, 1), "cpu");
    const auto before = net.weights().flat().clone();
    net.takeBodyFrom(teacher);
    const auto& shapes = net.weights().shapes();
    QCOMPARE(shapes.back().name, std::string("head.weight"));
    for (std::size_t i = 0; i + 1 < shapes.size(); ++i)
      QVERIFY(torch::equal(net.weights().leaves()[i], teacher.weights().leaves()[i]));
    QVERIFY(torch::equal(net.weights().flat().narrow(1, 18528 - 320, 320),
                         before.narrow(1, 18528 - 320, 320)));
  }

  void rolloutIsADistributionAndUniformAttentionLooksEverywhere() {
    const auto net = vitOf(4);
    const auto share = attentionRollout(net, someImages(3));
    QCOMPARE(share.sizes().vec(), (std::vector<std::int64_t>{3, 16}));
    QVERIFY(largest(share.sum(1) - 1) < 1e-5);
    QVERIFY(share.min().item<double>() > 0);
    double sum = 0;
    for (int a = 0; a < 16; ++a)
      for (int b = 0; b < 16; ++b) sum += std::hypot(a / 4 - b / 4, a % 4 - b % 4);
    QVERIFY(std::abs(uniformDistance(net.plan()) - 4 * sum / 256) < 1e-5);
    // Weights that are drawn look nearly everywhere alike.
    const auto drawn = attentionDistances(net, someImages(3));
    QCOMPARE(drawn.sizes().vec(), (std::vector<std::int64_t>{2, 4}));
    QVERIFY(largest(drawn - uniformDistance(net.plan())) < 1);
  }

  void aPlaneOfPositionsIsAGridAndNoiseIsNone() {
    // Directions that turn slowly with row and column: neighbours are alike.
    std::vector<double> rows;
    for (int place = 0; place < 16; ++place)
      for (const int part : {place / 4, place % 4}) {
        rows.push_back(std::cos(0.8 * part));
        rows.push_back(std::sin(0.8 * part));
      }
    const auto plane = torch::tensor(rows, torch::kFloat).view({16, 4}) / std::sqrt(2.0);
    // Near: (1 + cos 0.8) / 2. Far: four steps are 1 + 3, 2 + 2 or 3 + 1; five and six likewise.
    const auto cosines = plane.matmul(plane.t());
    double near = 0, far = 0;
    int nears = 0, fars = 0;
    for (int a = 0; a < 16; ++a)
      for (int b = 0; b < 16; ++b) {
        const int down = std::abs(a / 4 - b / 4), aside = std::abs(a % 4 - b % 4);
        const double cosine = (std::cos(0.8 * down) + std::cos(0.8 * aside)) / 2;
        if (down + aside == 1) near += cosine, ++nears;
        if (down + aside >= 4) far += cosine, ++fars;
      }
    QVERIFY(std::abs(gridOf(cosines, 4) - (near / nears - far / fars)) < 1e-5);
    QVERIFY(gridOf(cosines, 4) > 0.8);
    QVERIFY(std::abs(gridOf(torch::ones({16, 16}), 4)) < 1e-6);
    const auto own = positionCosines(vitOf(4));
    QVERIFY(largest(own.diagonal() - 1) < 1e-5);
    QVERIFY(std::abs(gridOf(own, 4)) < 0.15);
    QCOMPARE(positionCosines(vitOf(4, false)).abs().sum().item<double>(), 0.0);
  }

  void everyBeginningOfTheTrainingImagesHasAllClasses() {
    RunContext context;
    const Split images = contestImages(parametersWith(kModel, {{"images", "200"}}), context);
    QCOMPARE(images.training.inputs.sizes().vec(), (std::vector<std::int64_t>{200, 1, 16, 16}));
    QCOMPARE(images.validation.samples(), kContestTests);
    const auto counts = torch::bincount(images.training.first(20).labels, {}, 10);
    QVERIFY(torch::equal(counts, torch::full({10}, 2, torch::kLong)));
  }

  void aNetLearnsAlikeWhateverLearnsBesideIt() {
    const auto alone = finishedRun(kModel, {{"images", "200"}}, 6);
    for (const char* contest : {"patches", "positions", "untuned-cnn", "augmentation"}) {
      const auto beside = finishedRun(kModel, {{"images", "200"}, {"compare", contest}}, 6);
      for (const char* record : {"vit/loss", "cnn/loss"})
        QCOMPARE(tests::at(*beside, 6, record), tests::at(*alone, 6, record));
    }
  }

  /// On the same images, so the two figures are one where nothing can be noticed.
  void aNetWithoutPositionsIsAsOftenRightOnShuffledImages() {
    const auto run = finishedRun(
        kModel, {{"images", "200"}, {"compare", "positions"}, {"evaluate_every", "20"}}, 20);
    for (const std::int64_t step : {0, 20})
      QCOMPARE(tests::at(*run, step, "no-positions/shuffled_accuracy"),
               tests::at(*run, step, "no-positions/accuracy"));
    QVERIFY(tests::at(*run, 20, "vit/shuffled_accuracy") != tests::at(*run, 20, "vit/accuracy"));
    const auto unmoved = finishedRun(kModel, {{"images", "200"}, {"shift", "0"}}, 0);
    QCOMPARE(tests::at(*unmoved, 0, "vit/shifted_accuracy"),
             tests::at(*unmoved, 0, "vit/accuracy"));
  }

  void theDialHasThreeSizesOfTheSameImages() {
    const auto run = finishedRun(kModel, {{"images", "2000"}, {"compare", "sizes"}}, 2);
    const auto dial = viewOf<SeriesData>(*run, "dial");
    QCOMPARE(dial.curves.size(), std::size_t{4});
    for (const Curve& curve : dial.curves) QCOMPARE(curve.x, (std::vector<double>{20, 200, 2000}));
  }

  void digitsGoOnFromAKeptPhase() {
    const ExperimentSpec& spec = viva_catalog()->experiment(kModel);
    fakes::MemoryPhases memory;
    std::vector<std::string> digests;
    for (int i = 0; i < 2; ++i) {
      RunSettings settings{parametersWith(kModel, {{"pretrained", "true"},
                                                   {"pretraining", "3"},
                                                   {"images", "100"},
                                                   {"evaluate_every", "2"}})};
      settings.steps = 7;
      settings.phases = &memory;
      Run run(spec, std::move(settings), viva_catalog()->runtime());
      run.advance(std::int64_t{7});
      digests.push_back(run.records().digest());
      QVERIFY(tests::at(run, 7, "vit/accuracy") >= 0);
    }
    QCOMPARE(memory.states.size(), std::size_t{1});
    QCOMPARE(digests[0], digests[1]);
  }

  void ownPicturesMayBeInColour() {
    const OwnFolder folder;
    writeClasses(folder.path(), {"cat", "dog", "fox"}, 12);
    const auto run =
        finishedRun(kModel, {{"dataset", "file"}, {"image_file", folder.path().toStdString()}}, 3);
    QCOMPARE(run->status(), RunStatus::Completed);
    QCOMPARE(weightsOf(*run).at("vit.token.weight").shape, (std::vector<std::int64_t>{32, 48}));
    QCOMPARE(viewOf<ImagesData>(*run, "rollout").channels, 3);
    QVERIFY(std::isfinite(tests::at(*run, 3, "cnn/loss")));
  }

  void whatCannotBeIsRefusedInOneSentence() {
    QCOMPARE(problemWith({{"patch", "5"}}), "error.vit.patch");
    QCOMPARE(problemWith({{"compare", "sizes"}, {"images", "500"}}), "error.vit.dial");
    QCOMPARE(problemWith({{"dataset", "file"}}), "error.images.no_file");
    QCOMPARE(problemWith({{"patch", "8"}, {"dataset", "relation"}}), "nothing thrown");
  }
};

QTEST_GUILESS_MAIN(VitTest)
#include "vit_test.moc"
