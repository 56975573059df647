// SPDX-License-Identifier: GPL-3.0-or-later
// Captions of shapes against what is drawn.
#include "lessons/data/captioned_shapes.h"

#include <torch/types.h>

#include <QTest>
#include <set>
#include <sstream>

#include "lessons/data/dataset.h"

using namespace viva;

namespace {

std::vector<std::string> wordsOf(const CaptionedShapes& shapes, std::int64_t caption) {
  std::istringstream text(shapes.textOf(caption));
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

std::int64_t captionOf(const CaptionedShapes& shapes, const std::string& text) {
  for (std::int64_t i = 0; i < shapes.count(); ++i)
    if (shapes.textOf(i) == text) return i;
  return -1;
}

/// Where a mask [32, 32] has its middle: x and y in pixels, y down.
std::pair<double, double> middleOf(const torch::Tensor& mask) {
  const auto pixels = torch::arange(kCaptionedSide) + 0.5;
  const auto ink = mask.sum();
  return {((mask.sum(0) * pixels).sum() / ink).item<double>(),
          ((mask.sum(1) * pixels).sum() / ink).item<double>()};
}

std::string keyOf(const std::variant<std::vector<std::int64_t>, Message>& read) {
  const auto* problem = std::get_if<Message>(&read);
  return problem ? problem->key : "";
}

const CaptionedShapes kOne(CaptionedScene::OneShape, 4), kTwo(CaptionedScene::TwoShapes, 4);

}  // namespace

class CaptionedShapesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyCaptionIsSaidOnce() {
    for (const CaptionedShapes* shapes : {&kOne, &kTwo}) {
      std::set<std::string> texts;
      for (std::int64_t i = 0; i < shapes->count(); ++i) texts.insert(shapes->textOf(i));
      QCOMPARE(std::ssize(texts), shapes->count());
      QCOMPARE(shapes->seen().size(0) + shapes->heldOut().size(0), shapes->count());
    }
    QCOMPARE(kOne.count(), std::int64_t{2 * 5 * 4 * 4});
    QCOMPARE(kTwo.count(), std::int64_t{20 * 19 * 4});
    QCOMPARE(kOne.heldOut().size(0), std::int64_t{4 * 2 * 4});
    QCOMPARE(kTwo.seen().size(0), std::int64_t{16 * 15 * 4});
    QCOMPARE(CaptionedShapes(CaptionedScene::OneShape, 0).heldOut().size(0), std::int64_t{0});
  }

  void aShortTextLeavesOutThePlaceAndNothingElse() {
    const std::int64_t one = captionOf(kOne, "small green triangle upper left");
    QCOMPARE(kOne.shortTextOf(one), std::string("small green triangle"));
    const std::int64_t two = captionOf(kTwo, "red disc left-of blue square");
    QCOMPARE(kTwo.shortTextOf(two), kTwo.textOf(two));
  }

  void whatIsHeldOutIsInNoCaptionToLearnFrom() {
    const std::set<std::pair<std::string, std::string>> held_out{
        {"red", "triangle"}, {"green", "cross"}, {"blue", "disc"}, {"yellow", "square"}};
    for (std::int64_t i = 0; i < kOne.seen().size(0); ++i) {
      const auto words = wordsOf(kOne, kOne.seen()[i].item<std::int64_t>());
      QVERIFY(!held_out.contains({words[1], words[2]}));
    }
    for (std::int64_t i = 0; i < kTwo.seen().size(0); ++i) {
      const auto words = wordsOf(kTwo, kTwo.seen()[i].item<std::int64_t>());
      QVERIFY(!held_out.contains({words[0], words[1]}) && !held_out.contains({words[3], words[4]}));
    }
  }

  void aPictureShowsWhatItsCaptionSays() {
    const auto all = torch::arange(kOne.count(), torch::kLong);
    const auto drawn = kOne.draw(all, generatorFor(1, 0));
    const std::map<std::string, std::array<double, 3>> colours{{"red", {0.9, 0.2, 0.2}},
                                                               {"green", {0.2, 0.8, 0.3}},
                                                               {"blue", {0.25, 0.4, 0.95}},
                                                               {"yellow", {0.95, 0.85, 0.2}},
                                                               {"purple", {0.8, 0.3, 0.85}}};
    for (std::int64_t i = 0; i < kOne.count(); ++i) {
      const auto words = wordsOf(kOne, i);
      const auto mask = drawn.masks[i][0];
      const auto [x, y] = middleOf(mask);
      QCOMPARE(x < 16, words[4] == "left");
      QCOMPARE(y < 16, words[3] == "upper");
      const double radius_squared = mask.sum().item<double>() / 3.14159;
      if (words[2] == "disc")
        QVERIFY(words[0] == "small" ? radius_squared < 5.2 * 5.2 : radius_squared > 6.8 * 6.8);
      for (std::int64_t channel = 0; channel < 3; ++channel) {
        const auto inside = drawn.images[i][channel].masked_select(mask > 0.99);
        QVERIFY(std::abs(inside.mean().item<double>() - colours.at(words[1])[channel]) < 0.05);
      }
    }
  }

  void twoShapesLieAsTheirCaptionSays() {
    const auto all = torch::arange(kTwo.count(), torch::kLong);
    const auto drawn = kTwo.draw(all, generatorFor(2, 0));
    for (std::int64_t i = 0; i < kTwo.count(); ++i) {
      const std::string relation = wordsOf(kTwo, i)[2];
      const auto [x0, y0] = middleOf(drawn.masks[i][0]);
      const auto [x1, y1] = middleOf(drawn.masks[i][1]);
      if (relation == "left-of") QVERIFY(x0 + 8 < x1);
      if (relation == "right-of") QVERIFY(x0 > x1 + 8);
      if (relation == "above") QVERIFY(y0 + 8 < y1);
      if (relation == "below") QVERIFY(y0 > y1 + 8);
    }
  }

  void twoCaptionsSayTheSameAndTheSwappedOneDoesNot() {
    const auto all = torch::arange(kTwo.count(), torch::kLong);
    const auto swapped = kTwo.swapped(all);
    const std::int64_t one = captionOf(kTwo, "red disc left-of blue square");
    const std::int64_t same = captionOf(kTwo, "blue square right-of red disc");
    QCOMPARE(kTwo.meanings()[one].item<std::int64_t>(), kTwo.meanings()[same].item<std::int64_t>());
    QCOMPARE(kTwo.textOf(swapped[one].item<std::int64_t>()),
             std::string("blue square left-of red disc"));
    QVERIFY(torch::equal(kTwo.swapped(swapped), all));
    const auto before = kTwo.meanings(), after = before.index_select(0, swapped);
    QVERIFY(!(before == after).any().item<bool>());
    // Each meaning is said in two ways.
    QVERIFY((torch::bincount(before).masked_select(torch::bincount(before) > 0) == 2)
                .all()
                .item<bool>());
  }

  void aWrongColourIsTheOnlyChange() {
    const auto all = torch::arange(kTwo.count(), torch::kLong);
    const auto changed = kTwo.recoloured(all, generatorFor(3, 0));
    for (std::int64_t i = 0; i < kTwo.count(); ++i) {
      const auto before = wordsOf(kTwo, i), after = wordsOf(kTwo, changed[i].item<std::int64_t>());
      QVERIFY(before[0] != after[0]);
      QVERIFY(std::equal(before.begin() + 1, before.end(), after.begin() + 1));
    }
  }

  void aBatchHasAllDifferentCaptionsOrEachSeveralTimes() {
    const auto distinct = kOne.drawCaptions(128, 1, generatorFor(4, 0));
    QCOMPARE(std::get<0>(at::_unique(distinct)).size(0), std::int64_t{128});
    const auto repeated = kOne.drawCaptions(64, 4, generatorFor(4, 0));
    QCOMPARE(std::get<0>(at::_unique(repeated)).size(0), std::int64_t{16});
    QVERIFY((repeated.view({16, 4}) == repeated.view({16, 4}).select(1, 0).unsqueeze(1))
                .all()
                .item<bool>());
    // What does not divide leaves the last caption with fewer.
    QCOMPARE(std::get<0>(at::_unique(kOne.drawCaptions(10, 4, generatorFor(4, 0)))).size(0),
             std::int64_t{3});
  }

  void theSameSeedDrawsTheSame() {
    const auto drawOnce = [] {
      const auto generator = generatorFor(5, 1);
      return kOne.draw(kOne.drawCaptions(8, 1, generator), generator).images;
    };
    QVERIFY(torch::equal(drawOnce(), drawOnce()));
  }

  void typedCaptionsAreReadOrRefused() {
    QCOMPARE(std::get<0>(readCaption("red  triangle ", "query")),
             (std::vector<std::int64_t>{2, 9}));
    QCOMPARE(keyOf(readCaption("red circle", "query")), "error.caption.unknown_words");
    QCOMPARE(keyOf(readCaption("  ", "query")), "error.caption.empty");
    QCOMPARE(keyOf(readCaption("red red red red red red", "query")), "error.caption.long");
  }
};

QTEST_GUILESS_MAIN(CaptionedShapesTest)
#include "captioned_shapes_test.moc"
