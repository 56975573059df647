// SPDX-License-Identifier: GPL-3.0-or-later
// The nets of digit-reader, its maps, and the drawing that every step reads again.
#include "lessons/convolution/digit_reader.h"

#include <torch/types.h>

#include <QTest>

#include "lessons/convolution/digit_nets.h"
#include "lessons/convolution/digit_reader_views.h"
#include "lessons/convolution/heat_maps.h"
#include "lessons/convolution/kept_weights.h"
#include "lessons/convolution/receptive_field.h"
#include "lessons/data/dataset.h"
#include "lessons/data/digits.h"
#include "lessons/nn/sound_convolutions.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::fakes;
using namespace viva::tests;

namespace {

const char* kSeven = "0.25,0.2 0.72,0.2 0.45,0.82";

NetWeights someLeNet(std::uint64_t seed) {
  const auto shapes = shapesOf(DigitNet::LeNet, 10);
  return viva::weightsOf(shapes, initialWeights(shapes, generatorFor(seed, 0)));
}
torch::Tensor someDigits(std::int64_t count) {
  return digits(count, generatorFor(5, 0), 28).inputs;
}

template <typename Data>
const Data& viewOf(const Frame& frame, const char* view) {
  return std::get<Data>(frame.views.at(view));
}

/// The same drawing and unit, of two frames.
bool showTheSame(const Frame& one, const Frame& other) {
  const auto& mine = viewOf<ImagesData>(one, "maps");
  const auto& theirs = viewOf<ImagesData>(other, "maps");
  const auto& bars = viewOf<BarsData>(one, "probabilities");
  const auto& other_bars = viewOf<BarsData>(other, "probabilities");
  return *mine.values == *theirs.values && bars.groups[0].values == other_bars.groups[0].values;
}

}  // namespace

class DigitReaderTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void weightsAndWorkAreThePublishedCounts() {
    QCOMPARE(parameterCount(shapesOf(DigitNet::LeNet, 10)), std::int64_t{61706});
    QCOMPARE(macsOf(DigitNet::LeNet, 10), std::int64_t{416520});
    QCOMPARE(parameterCount(shapesOf(DigitNet::Mlp, 10)), std::int64_t{62020});
    QCOMPARE(macsOf(DigitNet::Mlp, 10), std::int64_t{61932});
    QCOMPARE(parameterCount(shapesOf(DigitNet::Pooled, 10)), std::int64_t{8394});
  }

  void digitsOfTwentyEightPixelsAreThoseOfTwelve() {
    const auto large = digits(50, generatorFor(1, 0), 28).inputs;
    const auto small = digits(50, generatorFor(1, 0)).inputs;
    QCOMPARE(large.size(3), std::int64_t{28});
    // Averaged down they are the same signs, but for the softness of the pen's edge.
    const auto down = torch::adaptive_avg_pool2d(large, {12, 12});
    const auto alike = torch::cosine_similarity(down.flatten(1), small.flatten(1), 1);
    QVERIFY2(alike.min().item<double>() > 0.9,
             qPrintable(QString::number(alike.min().item<double>())));
    const auto others = torch::cosine_similarity(down.roll(1, 0).flatten(1), small.flatten(1), 1);
    QVERIFY(others.mean().item<double>() < 0.7);
  }

  void ranksAreSpearmans() {
    const auto a = torch::tensor({1.0, 2.0, 3.0, 4.0, 5.0});
    QCOMPARE(rankCorrelation(a, a.exp()), 1.0);
    QCOMPARE(rankCorrelation(a, -a), -1.0);
    // 1 - 6 sum d^2 / (n (n^2 - 1)) with d = 1, 1, 0, 1, 1.
    QCOMPARE(rankCorrelation(a, torch::tensor({2.0, 1.0, 3.0, 5.0, 4.0})), 0.8);
    // Ties share their mean rank: ranks 1.5, 1.5, 3 against 1, 2, 3.
    QVERIFY(
        std::abs(rankCorrelation(torch::tensor({0.0, 0.0, 1.0}), torch::tensor({1.0, 2.0, 3.0})) -
                 std::sqrt(3) / 2) < 1e-12);
    QCOMPARE(rankCorrelation(a, torch::zeros(5)), 0.0);
  }

  void aRandomisedClassifierLeavesTheMapsOfConvolution() {
    // Grad-CAM of another digit is another map; occlusion of blank paper is zero everywhere.
    const auto net = someLeNet(1);
    const auto image = someDigits(4).narrow(0, 3, 1);
    QVERIFY(!gradCam(net, image, 1).equal(gradCam(net, image, 2)) ||
            gradCam(net, image, 1).abs().max().item<double>() == 0);
    QVERIFY(occlusion(net, torch::zeros({1, 1, 28, 28}), 5).abs().max().item<double>() < 1e-7);
    const auto fall = occlusion(net, image, 5);
    QVERIFY(fall.abs().max().item<double>() > 0);
    // Where there is only paper below the patch, nothing changes.
    QVERIFY(std::abs(fall[0][0].item<double>()) < 1e-7);
  }

  void theBoxIsThatOfThePixelsThatChangeTheUnit_data() {
    QTest::addColumn<bool>("second");
    QTest::addColumn<int>("row");
    QTest::addColumn<int>("column");
    QTest::newRow("C1, corner") << false << 0 << 0;
    QTest::newRow("C1, middle") << false << 14 << 9;
    QTest::newRow("C3, corner") << true << 9 << 0;
    QTest::newRow("C3, middle") << true << 4 << 5;
  }
  void theBoxIsThatOfThePixelsThatChangeTheUnit() {
    useSoundConvolutions();
    QFETCH(bool, second);
    QFETCH(int, row);
    QFETCH(int, column);
    const LeNetUnit unit{second, 2, row, column};
    const ReceptiveBox box = receptiveBox(unit);
    QCOMPARE(box.side, std::int64_t{second ? 14 : 5});
    const auto net = someLeNet(2);
    const auto images = torch::rand({64, 1, 28, 28}, generatorFor(9, 0));
    const auto field = effectiveField(net, unit, images);
    QCOMPARE(largestOutside(field, box), 0.0);
    // And every pixel of the box counts in some image.
    QCOMPARE((field > 0).sum().item<std::int64_t>(), pixelsOf(box));
  }

  void halfOfAnEvenMapIsHalfOfItsPixels() {
    QCOMPARE(halfShare(torch::ones({28, 28}), 784), 0.5);
    auto one = torch::zeros({28, 28});
    one[3][4] = 2;
    QCOMPARE(halfShare(one, 196), 1.0 / 196);
    QCOMPARE(halfShare(torch::zeros({28, 28}), 196), 1.0);
  }

  void whatMovesToTheRightLeavesPaperOnTheLeft() {
    const auto image = torch::arange(28.0).expand({1, 1, 28, 28}) + 1;
    const auto moved = movedBy(image, 3);
    QCOMPARE(moved[0][0][0][2].item<double>(), 0.0);
    QCOMPARE(moved[0][0][0][3].item<double>(), 1.0);
    QCOMPARE(movedBy(image, -3)[0][0][0][0].item<double>(), 4.0);
    QVERIFY(movedBy(image, 0).equal(image));
  }

  void keptWeightsStayEvenlySpread() {
    KeptWeights kept;
    for (std::int64_t step = 0; step <= 1000; ++step)
      if (kept.takes(step)) kept.add({step, {}});
    QVERIFY(kept.moments().size() <= KeptWeights::kMost);
    QVERIFY(kept.moments().size() > KeptWeights::kMost / 2 - 2);
    QCOMPARE(kept.moments().front().step, std::int64_t{0});
    const std::int64_t gap = kept.moments()[1].step;
    for (std::size_t i = 1; i < kept.moments().size(); ++i)
      QCOMPARE(kept.moments()[i].step - kept.moments()[i - 1].step, gap);
    QCOMPARE(kept.at(gap + 1).step, gap);
    QCOMPARE(kept.at(0).step, std::int64_t{0});
  }

  /// A digit that is drawn after the run is read by the weights of every step, as if it had been
  /// there all the time.
  void aNewDrawingIsReadByTheWeightsOfThePast() {
    const Settings small{{"samples", "500"}};
    const auto run = finishedRun("digit-reader", small, 30);
    const auto before = run->frameOf(10);
    QVERIFY(before);
    QCOMPARE(before->step, std::int64_t{10});
    run->setLength(31);
    run->change("drawing", parseValue(kDigitDrawing, kSeven));
    const auto after = run->frameOf(10);
    QVERIFY(!showTheSame(*before, *after));

    Settings drawn = small;
    drawn.emplace_back("drawing", kSeven);
    const auto fresh = finishedRun("digit-reader", drawn, 10);
    QVERIFY(showTheSame(*after, *fresh->frame()));
  }

  void theCurveOfTheDrawingIsReadAgainToo() {
    const auto run = finishedRun("digit-reader", {{"samples", "500"}, {"digit", "7"}}, 20);
    const auto curveOf = [&](const Frame& frame) {
      for (const Curve& curve : viewOf<SeriesData>(frame, "reading").curves)
        if (curve.id == "class/7") return curve;
      return Curve{};
    };
    const Curve before = curveOf(*run->frame());
    QCOMPARE(before.x.size(), std::size_t{21});
    run->setLength(21);
    run->change("drawing", parseValue(kDigitDrawing, kSeven));
    const Curve after = curveOf(*run->frame());
    QCOMPARE(after.x, before.x);
    QVERIFY(after.y != before.y);
  }

  void whatIsDrawnChangesNoRecordOfTheTraining() {
    const auto plain = finishedRun("digit-reader", {{"samples", "500"}}, 30);
    const auto drawn = startedRun("digit-reader", {{"samples", "500"}}, 30);
    drawn->advance(12);
    drawn->change("drawing", parseValue(kDigitDrawing, kSeven));
    drawn->change("map", std::int64_t{3});
    drawn->frame();
    drawn->advance(18);
    for (const char* record : {"loss", "mlp/loss"})
      QCOMPARE(tests::at(*drawn, 30, record), tests::at(*plain, 30, record));
  }

  void anEmptyPaperIsReadAndSaidInOneSentence() {
    const auto run = finishedRun("digit-reader", {{"drawing", ""}, {"samples", "500"}}, 5);
    QCOMPARE(run->status(), RunStatus::Completed);
    QCOMPARE(verdictOf(*run).sentence.key, std::string("digit-reader.verdict.empty_paper"));
  }

  void aFileThatWasNotChosenIsSaid() {
    const Message refusal = refusalOf([] { startedRun("digit-reader", {{"dataset", "file"}}, 1); });
    QCOMPARE(refusal.key, std::string("error.images.no_file"));
  }

  void theProductsAddUpToTheCellThatIsShown() {
    const auto run = finishedRun(
        "digit-reader", {{"map", "17"}, {"row", "6"}, {"column", "2"}, {"samples", "500"}}, 10);
    const auto frame = run->frame();
    const auto& products = viewOf<MatrixData>(*frame, "products");
    QCOMPARE(products.rows, 30);
    QCOMPARE(products.columns, 5);
    const auto& sum = viewOf<TableData>(*frame, "sum");
    QCOMPARE(sum.rows.size(), std::size_t{9});
    double total = std::get<double>(sum.rows[6].cells[1]);
    for (const float product : *products.values) total += product;
    const auto& map = viewOf<MatrixData>(*frame, "chosen_map");
    QVERIFY(std::abs(total - (*map.values)[6 * 10 + 2]) < 1e-5);
    QVERIFY(std::abs(total - std::get<double>(sum.rows[7].cells[1])) < 1e-5);
  }
};

QTEST_GUILESS_MAIN(DigitReaderTest)
#include "digit_reader_test.moc"
