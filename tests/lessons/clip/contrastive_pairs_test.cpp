// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of CLIP against its vectors, and what contrastive-pairs does, shows, saves and refuses.
#include "lessons/clip/contrastive_pairs.h"

#include <torch/autograd.h>
#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/clip/contrastive_net.h"
#include "lessons/data/captioned_shapes.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/contrastive_loss.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const char* const kPairs = "contrastive-pairs";
/// One net on pictures with one shape.
const Settings kSmall{{"scene", "one-shape"}, {"compare", "none"}, {"batch_size", "16"}};

std::unique_ptr<Run> trained(Settings settings, std::int64_t steps) {
  settings.insert(settings.begin(), kSmall.begin(), kSmall.end());
  return finishedRun(kPairs, settings, steps);
}

template <typename Data>
Data viewOf(Run& run, const char* id) {
  return std::get<Data>(run.frame()->views.at(id));
}

Message problemWith(const Settings& settings) {
  const ExperimentSpec& spec = viva_catalog()->experiment(kPairs);
  Parameters parameters(spec.parameters);
  for (const auto& [name, value] : settings) parameters.setFromText(name, value);
  return refusalOf([&] { requireValid(spec, parameters); });
}

torch::Tensor scaleOf(double scale) { return torch::full({}, scale, torch::kDouble); }

torch::Tensor unit(const torch::Tensor& x) { return x / x.norm(2, 1, true); }

}  // namespace

class ContrastivePairsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// Computed by hand from figure 3 of arXiv 2103.00020: pictures (1, 0) and (0, 1), captions
  /// (1, 0) and (1, 1) / sqrt 2. At a scale of 100 what remains is a tied column, ln 2 / 4.
  void theLossHasTheValuesOfTheDefinition_data() {
    QTest::addColumn<double>("scale");
    QTest::addColumn<double>("loss");
    QTest::newRow("scale 1") << 1.0 << 0.4911570;
    QTest::newRow("the first scale") << 1 / 0.07 << 0.1770771;
    QTest::newRow("the largest scale") << 100.0 << 0.1732868;
  }
  void theLossHasTheValuesOfTheDefinition() {
    QFETCH(double, scale);
    QFETCH(double, loss);
    const auto pictures = torch::eye(2, torch::kDouble);
    const double half = std::sqrt(0.5);
    const auto captions = torch::tensor({{1.0, 0.0}, {half, half}}, torch::kDouble);
    const auto logits = contrastiveLogits(pictures, captions, scaleOf(scale));
    QVERIFY(std::abs(logits[1][1].item<double>() - scale * half) < 1e-12 * scale);
    QVERIFY(std::abs(contrastiveLoss(logits).item<double>() - loss) < 1e-6);
  }

  void equalLogitsCostLnN() {
    for (const std::int64_t pairs : {1, 2, 64, 4096})
      QVERIFY(std::abs(
                  contrastiveLoss(torch::full({pairs, pairs}, 3.0, torch::kDouble)).item<double>() -
                  std::log(static_cast<double>(pairs))) < 1e-9);
    QVERIFY(std::abs(std::log(32768.0) - 10.397208) < 1e-6);
    QVERIFY(std::abs(std::log(kFirstScale) - 2.6592600) < 1e-6);
    QVERIFY(std::abs(std::log(kLargestScale) - 4.6051702) < 1e-6);
  }

  /// The corners of a simplex are the best there is; anything else found by descent is no better.
  void noBatchIsBelowTheFloorOfItsScale() {
    const std::int64_t pairs = 5;
    const auto centred = torch::eye(pairs, torch::kDouble) - 1.0 / pairs;
    const auto corners = unit(centred);
    for (const double scale : {0.5, 1.0, 14.0}) {
      const double best =
          contrastiveLoss(contrastiveLogits(corners, corners, scaleOf(scale))).item<double>();
      QVERIFY(std::abs(best - scaleFloor(pairs, scale)) < 1e-12);
    }
    auto pictures = torch::randn({pairs, 8}, generatorFor(1, 0), torch::kDouble);
    auto captions = torch::randn({pairs, 8}, generatorFor(1, 1), torch::kDouble);
    double loss = 0;
    for (int update = 0; update < 400; ++update) {
      pictures.requires_grad_();
      captions.requires_grad_();
      const auto now =
          contrastiveLoss(contrastiveLogits(unit(pictures), unit(captions), scaleOf(1)));
      const auto slopes = torch::autograd::grad({now}, {pictures, captions});
      pictures = (pictures - 5 * slopes[0]).detach();
      captions = (captions - 5 * slopes[1]).detach();
      loss = now.item<double>();
      QVERIFY(loss >= scaleFloor(pairs, 1) - 1e-12);  // of rounding
    }
    QVERIFY(loss < scaleFloor(pairs, 1) + 1e-3);
    QVERIFY(std::abs(scaleFloor(64, 1) - 3.1701657) < 1e-6);
    QCOMPARE(scaleFloor(1, 1), 0.0);
  }

  void noBatchIsBelowTheFloorOfItsDuplicates() {
    const auto numbers = torch::tensor({7, 7, 7, 2, 2, 9}, torch::kLong);
    const double floor = (3 * std::log(3.0) + 2 * std::log(2.0)) / 6;
    QVERIFY(std::abs(duplicateFloor(numbers) - floor) < 1e-6);
    // Three meanings at right angles, the pictures where their captions are, at a scale of 50.
    const auto meanings = torch::eye(3, torch::kDouble)
                              .index_select(0, torch::tensor({0, 0, 0, 1, 1, 2}, torch::kLong));
    const auto logits = contrastiveLogits(meanings, meanings, scaleOf(50));
    QVERIFY(std::abs(contrastiveLoss(logits).item<double>() - floor) < 1e-9);
    QVERIFY(std::abs(softContrastiveLoss(logits, numbers).item<double>() - floor) < 1e-9);
  }

  /// All gradients of both encoders are the same whether equal captions are wrong or soft targets.
  void equalCaptionsAsSoftTargetsChangeNothingThatIsLearned() {
    const CaptionedShapes shapes(CaptionedScene::OneShape, 0);
    const auto numbers = shapes.drawCaptions(24, 4, generatorFor(3, 0));
    const auto words = shapes.captions().index_select(0, numbers);
    const auto pictures = shapes.draw(numbers, generatorFor(3, 1)).images;
    std::vector<torch::Tensor> gradients;
    for (const bool is_soft : {false, true}) {
      ContrastiveNet net({}, generatorFor(3, 2), "cpu");
      const auto logits = contrastiveLogits(net.images(pictures), net.texts(words), net.scale());
      net.differentiate(is_soft ? softContrastiveLoss(logits, numbers) : contrastiveLoss(logits));
      gradients.push_back(net.gradients());
    }
    const double largest = gradients[0].abs().max().item<double>();
    QVERIFY(largest > 0.01);
    QVERIFY((gradients[0] - gradients[1]).abs().max().item<double>() < 1e-4 * largest);
  }

  void anotherPictureInTheBatchChangesNoVector() {
    const CaptionedShapes shapes(CaptionedScene::OneShape, 0);
    const auto numbers = shapes.drawCaptions(6, 1, generatorFor(1, 0));
    const auto pictures = shapes.draw(numbers, generatorFor(1, 1)).images;
    const ContrastiveNet net({}, generatorFor(1, 2), "cpu");
    const auto together = net.images(pictures), alone = net.images(pictures.narrow(0, 2, 1));
    QVERIFY((together[2] - alone[0]).abs().max().item<double>() < 1e-5);
    QVERIFY((together.norm(2, 1) - 1).abs().max().item<double>() < 1e-5);
  }

  void aBagGivesWordsInAnyOrderOneVector() {
    const CaptionedShapes shapes(CaptionedScene::TwoShapes, 0);
    const auto words = shapes.captions().narrow(0, 0, 40);
    const ContrastiveNet bag({false, {}}, generatorFor(1, 2), "cpu"),
        ordered({true, {}}, generatorFor(1, 2), "cpu");
    const auto apart = [&](const ContrastiveNet& net) {
      return (net.texts(words) - net.texts(words.flip(1))).abs().max().item<double>();
    };
    QVERIFY(apart(bag) < 1e-6);
    QVERIFY(apart(ordered) > 1e-3);
    QCOMPARE(ordered.parameters() - bag.parameters(), std::int64_t{5 * 48});
  }

  void onePairHasLossZeroAndMovesNothing() {
    const auto run =
        startedRun(kPairs, {{"scene", "one-shape"}, {"compare", "none"}, {"batch_size", "1"}}, 5);
    const auto before = weightsOf(*run);
    run->advance(std::int64_t{5});
    for (std::int64_t step = 1; step <= 5; ++step) {
      QCOMPARE(tests::at(*run, step, "loss"), 0.0);
      QCOMPARE(tests::at(*run, step, "chance"), 0.0);
      QCOMPARE(tests::at(*run, step, "gradient"), 0.0);
    }
    for (const auto& [name, array] : weightsOf(*run))
      QVERIFY2(array.bytes == before.at(name).bytes, name.c_str());
  }

  void netsThatAreComparedBeginAlikeAndReadTheSamePairs() {
    const auto run = trained({{"compare", "temperature"}, {"evaluate_every", "1"}}, 1);
    QCOMPARE(tests::at(*run, 0, "learned/zero_shot"), tests::at(*run, 0, "scale-100/zero_shot"));
    QCOMPARE(tests::at(*run, 0, "learned/gap"), tests::at(*run, 0, "scale-1/gap"));
    // The same as alone.
    const auto alone = trained({}, 1);
    QCOMPARE(tests::at(*run, 1, "learned/loss"), tests::at(*alone, 1, "loss"));
    QCOMPARE(tests::at(*run, 1, "loss"), tests::at(*alone, 1, "loss"));
    QVERIFY(tests::at(*run, 1, "scale-1/loss") != tests::at(*alone, 1, "loss"));
    const auto fewer = trained({{"compare", "captions"}, {"repeats", "4"}}, 1);
    QCOMPARE(tests::at(*fewer, 1, "distinct/loss"), tests::at(*alone, 1, "loss"));
    QVERIFY(tests::at(*fewer, 1, "repeated/loss") >= std::log(4.0));
  }

  void theScaleIsLearnedOrStaysWhereItIs() {
    const auto run = trained({{"evaluate_every", "2"}}, 4);
    QVERIFY(std::abs(tests::at(*run, 0, "scale") - 1 / 0.07) < 1e-4);
    QVERIFY(tests::at(*run, 4, "scale") != tests::at(*run, 0, "scale"));
    const auto fixed =
        trained({{"temperature", "fixed"}, {"tau", "0.5"}, {"evaluate_every", "2"}}, 4);
    QCOMPARE(tests::at(*fixed, 0, "scale"), 2.0);
    QCOMPARE(tests::at(*fixed, 4, "scale"), 2.0);
    // What learns too fast is stopped at 100.
    ContrastiveNet net({}, generatorFor(1, 0), "cpu");
    net.differentiate(-net.scale());
    for (int i = 0; i < 3; ++i) net.update(Adam{5});
    QVERIFY(std::abs(net.scale().item<double>() - 100) < 1e-3);
  }

  void aRecordIsThereForWhatTheSceneAsks() {
    const auto one = trained({}, 0), two = trained({{"scene", "two-shapes"}}, 0);
    QVERIFY(tests::at(*one, 0, "colour_by_word") >= 0);
    QVERIFY(one->records().find("order_accuracy") < 0);
    QVERIFY(tests::at(*two, 0, "order_accuracy") >= 0);
    QVERIFY(two->records().find("colour_by_word") < 0);
    QVERIFY(trained({{"held_out", "0"}}, 0)->records().find("held_out_accuracy") < 0);
  }

  void theBagTiesEveryExchange() {
    const auto run =
        trained({{"scene", "two-shapes"}, {"compare", "word-order"}, {"evaluate_every", "1"}}, 3);
    for (std::int64_t step = 0; step <= 3; ++step)
      QCOMPARE(tests::at(*run, step, "bag/order_accuracy"), 0.5);
    QVERIFY(tests::at(*run, 3, "transformer/order_accuracy") != 0.5);
  }

  void theMatrixIsTheLastBatch() {
    const auto run = trained({{"captions", "repeated"}, {"repeats", "4"}}, 2);
    const auto matrix = viewOf<MatrixData>(*run, "similarity");
    QCOMPARE(matrix.rows, 16);
    // Four equal captions: four equal columns.
    for (int row = 0; row < 16; ++row)
      for (int column = 0; column < 16; ++column)
        QVERIFY(std::abs((*matrix.values)[row * 16 + column] -
                         (*matrix.values)[row * 16 + column / 4 * 4]) < 1e-5);
    QCOMPARE(matrix.row_labels[0], matrix.row_labels[3]);
    QVERIFY(matrix.row_labels[3] != matrix.row_labels[4]);
  }

  void aQueryFindsPicturesAndEachWordIsExchanged() {
    const auto run = trained({{"query", "red triangle"}}, 1);
    QCOMPARE(viewOf<ImagesData>(*run, "found").images.size(), std::size_t{6});
    const auto tokens = viewOf<TokensData>(*run, "query");
    QCOMPARE(tokens.rows[0].pieces.size(), std::size_t{2});
    QCOMPARE(tokens.rows[0].pieces[1].text, std::string("triangle"));
    run->change("query", Text{""});
    run->change("picture", std::int64_t{11});
    run->advance(std::int64_t{1});
    QCOMPARE(viewOf<TokensData>(*run, "query").rows[0].pieces.size(), std::size_t{5});
    const auto pictures = viewOf<ImagesData>(*run, "pictures");
    QCOMPARE(pictures.images.size(), std::size_t{12});
    QCOMPARE(viewOf<TableData>(*run, "answers").rows.size(), std::size_t{6});
  }

  void whatCannotBeIsRefusedInASentence() {
    QCOMPARE(problemWith({{"captions", "repeated"}, {"repeats", "8"}, {"batch_size", "4"}}).key,
             "error.pairs.repeats");
    const Message unknown = problemWith({{"query", "red circle"}});
    QCOMPARE(unknown.key, "error.caption.unknown_words");
    QCOMPARE(argumentOf(unknown, "unknown"), "circle");
    QCOMPARE(problemWith({{"query", "red disc"}}).key, "nothing thrown");
  }

  void checksHoldInEveryKindOfRun() {
    for (const Settings& settings :
         {Settings{}, Settings{{"scene", "two-shapes"}, {"compare", "word-order"}},
          Settings{{"batch_size", "1"}}}) {
      const auto run = trained(settings, 2);
      QVERIFY(!run->checks().empty());
      for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
    }
  }
};

QTEST_GUILESS_MAIN(ContrastivePairsTest)
#include "contrastive_pairs_test.moc"
