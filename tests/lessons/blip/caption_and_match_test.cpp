// SPDX-License-Identifier: GPL-3.0-or-later
// BLIP's three readings of one text net against what defines them, CapFilt against counts by hand,
// and what caption-and-match does, shows and refuses.
#include "lessons/blip/caption_and_match.h"

#include <torch/autograd.h>
#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/blip/blip_losses.h"
#include "lessons/blip/blip_net.h"
#include "lessons/blip/caption_judge.h"
#include "lessons/blip/web_pairs.h"
#include "lessons/blip/word_looks.h"
#include "lessons/data/captioned_shapes.h"
#include "lessons/data/dataset.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const char* const kExperiment = "caption-and-match";
const Settings kSmall{{"batch_size", "8"}, {"evaluate_every", "2"}};
const Settings kSmallWeb{{"pairs", "web"},    {"web_pictures", "200"}, {"filter_updates", "3"},
                         {"batch_size", "8"}, {"evaluate_every", "2"}, {"hard_after", "1000"}};

std::unique_ptr<Run> trained(Settings settings, std::int64_t steps) {
  settings.insert(settings.begin(), kSmall.begin(), kSmall.end());
  return finishedRun(kExperiment, settings, steps);
}

std::unique_ptr<Run> onTheWeb(const char* capfilt, std::int64_t steps) {
  Settings settings = kSmallWeb;
  settings.emplace_back("capfilt", capfilt);
  return finishedRun(kExperiment, settings, steps);
}

template <typename Data>
Data viewOf(Run& run, const char* id) {
  return std::get<Data>(run.frame()->views.at(id));
}

Message problemWith(const Settings& settings) {
  const ExperimentSpec& spec = viva_catalog()->experiment(kExperiment);
  Parameters parameters(spec.parameters);
  for (const auto& [name, value] : settings) parameters.setFromText(name, value);
  return refusalOf([&] { requireValid(spec, parameters); });
}

double apart(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

/// A few captions, pictures of them, and an untrained net.
struct Given {
  CaptionedShapes shapes{CaptionedScene::OneShape, 0};
  torch::Tensor captions = shapes.drawCaptions(6, 1, generatorFor(1, 0));
  torch::Tensor words = shapes.captions().index_select(0, captions);
  torch::Tensor pictures = shapes.draw(captions, generatorFor(1, 1)).images;
  BlipNet net{generatorFor(1, 2), "cpu"};
};

}  // namespace

class CaptionAndMatchTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// A caption's vector is one vector, whatever it stands beside; the captioner's prediction behind
  /// two words is the same whatever follows them; matching sees all words.
  void eachReadingSeesWhatItsMaskAllows() {
    const Given given;
    const auto cells = given.net.look(given.pictures).cells;
    auto other = given.words.clone();
    other.narrow(1, 2, 3).copy_(given.words.roll({1}, {0}).narrow(1, 2, 3));
    const auto next = given.net.nextWords(cells, given.words);
    const auto next_of_other = given.net.nextWords(cells, other);
    QCOMPARE(next.sizes().vec(), (std::vector<std::int64_t>{6, 6, kBlipVocabulary}));
    QVERIFY(apart(next.narrow(1, 0, 3), next_of_other.narrow(1, 0, 3)) < 1e-5);
    QVERIFY(apart(next.narrow(1, 3, 3), next_of_other.narrow(1, 3, 3)) > 1e-3);
    QVERIFY(apart(given.net.matching(cells, given.words), given.net.matching(cells, other)) > 1e-4);
    const auto vectors = given.net.vectors(given.words);
    QVERIFY(apart(vectors.norm(2, 1), torch::ones({6})) < 1e-5);
    QVERIFY(apart(vectors[2], given.net.vectors(given.words.narrow(0, 2, 1))[0]) < 1e-5);
  }

  /// BLIP (arXiv 2201.12086, section 3.1): all but the self-attention is shared by the encoder that
  /// matches and the decoder; contrast passes cross-attention by.
  void anObjectiveMovesTheWeightsThatItUsesAndNoOthers() {
    const Given given;
    const auto seen = given.net.look(given.pictures);
    const auto parts = given.net.parts();
    const auto isMoved = [&](const torch::Tensor& loss, const char* part) {
      const auto slopes = torch::autograd::grad({loss}, parts.at(part), {}, true, false, true);
      for (const auto& slope : slopes)
        if (slope.defined() && slope.abs().max().item<double>() > 0) return true;
      return false;
    };
    const auto itc = (seen.vector * given.net.vectors(given.words)).sum();
    const auto itm = given.net.matching(seen.cells, given.words).select(1, 1).sum();
    const auto lm = given.net.nextWords(seen.cells, given.words).log_softmax(2).select(2, 3).sum();
    QVERIFY(isMoved(itc, "self_attention") && isMoved(itc, "contrast"));
    QVERIFY(!isMoved(itc, "cross_attention") && !isMoved(itc, "captioner_attention"));
    QVERIFY(isMoved(itm, "self_attention") && isMoved(itm, "cross_attention"));
    QVERIFY(!isMoved(itm, "captioner_attention") && !isMoved(itm, "word_head"));
    QVERIFY(isMoved(lm, "captioner_attention") && isMoved(lm, "cross_attention"));
    QVERIFY(!isMoved(lm, "self_attention") && !isMoved(lm, "match_head"));
    for (const auto& loss : {itc, itm, lm})
      for (const char* part : {"image", "words", "feed_forward"}) QVERIFY(isMoved(loss, part));
    std::int64_t count = 0;
    for (const auto& [name, weights] : parts)
      for (const auto& weight : weights) count += weight.numel();
    QCOMPARE(count, given.net.parameters());
    QCOMPARE(count, std::int64_t{95779});  // as the notes say, and the program of the lesson has
  }

  /// One true pair beside two false ones costs (1/3) ln 3 + (2/3) ln 1.5 when only that is known.
  void theMatchingPriorIsTheEntropyOfOneInThree() {
    QVERIFY(std::abs(std::log(3.0) / 3 + 2 * std::log(1.5) / 3 - kMatchPrior) < 1e-12);
  }

  void negativesAreDrawnFromTheSoftmaxWithoutTheOwnCaption() {
    const auto logits = torch::tensor(
        {{9.0, 0.0, 1.0, 2.0}, {0.0, 9.0, 0.0, 0.0}, {1.0, 0.0, 9.0, 0.0}, {2.0, 0.0, 0.0, 9.0}},
        torch::kFloat);
    const auto captions = torch::tensor({5, 6, 7, 6}, torch::kLong);
    const std::int64_t draws = 20000;
    auto counts = torch::zeros({4, 4});
    const auto chances = torch::rand({draws, 4}, generatorFor(1, 0));
    for (std::int64_t i = 0; i < draws; ++i)
      counts.scatter_add_(1, drawnNegatives(logits, captions, chances[i], true).unsqueeze(1),
                          torch::ones({4, 1}));
    counts /= draws;
    const double sum = 1 + std::exp(1) + std::exp(2);
    QCOMPARE(counts[0][0].item<double>(), 0.0);
    QVERIFY(std::abs(counts[0][3].item<double>() - std::exp(2) / sum) < 0.02);
    QVERIFY(std::abs(counts[0][1].item<double>() - 1 / sum) < 0.02);
    // The fourth has the caption of the second.
    QCOMPARE(counts[1][3].item<double>(), 0.0);
    QVERIFY(std::abs(counts[1][2].item<double>() - 0.5) < 0.02);
    const auto even = drawnNegatives(logits, captions, torch::full({4}, 0.34), false);
    QCOMPARE(even[0].item<std::int64_t>(), std::int64_t{2});  // of 1, 2 and 3 the middle third
  }

  void theThreeLossesOfABatchAreThoseOfTheirDefinitions() {
    const Given given;
    const auto chances = torch::rand({2, 6}, generatorFor(3, 0));
    const CaptionedBatch batch{given.pictures, given.words, captionCodes(given.words), chances};
    const BlipLosses losses = blipLosses(given.net, batch, false);
    const auto seen = given.net.look(given.pictures);
    const auto logits = given.net.scale() * seen.vector.matmul(given.net.vectors(given.words).t());
    const auto diagonal = (logits.log_softmax(1).diagonal() + logits.log_softmax(0).diagonal());
    QVERIFY(std::abs(losses.itc.item<double>() + diagonal.mean().item<double>() / 2) < 1e-5);
    double matching = 0;
    const auto judge = [&](std::int64_t picture, std::int64_t caption) {
      const auto two =
          given.net.matching(seen.cells.narrow(0, picture, 1), given.words.narrow(0, caption, 1));
      matching -= two.log_softmax(1)[0][picture == caption ? 1 : 0].item<double>() / 18;
    };
    const auto captions = drawnNegatives(logits, batch.captions, chances[0], false);
    const auto pictures = drawnNegatives(logits.t(), batch.captions, chances[1], false);
    for (std::int64_t i = 0; i < 6; ++i) {
      judge(i, i);
      judge(i, captions[i].item<std::int64_t>());
      judge(pictures[i].item<std::int64_t>(), i);
    }
    QVERIFY(std::abs(losses.itm.item<double>() - matching) < 1e-5);
    const auto next = given.net.nextWords(seen.cells, given.words).log_softmax(2);
    double writing = 0;
    for (std::int64_t i = 0; i < 6; ++i)
      for (std::int64_t place = 0; place <= 5; ++place) {
        const auto word = place < 5 ? given.words[i][place].item<std::int64_t>() : kEndToken;
        writing -= next[i][place][word].item<double>() / 36;
      }
    QVERIFY(std::abs(losses.lm.item<double>() - writing) < 1e-5);
  }

  void everyCaptionHasItsOwnCode() {
    const CaptionedShapes shapes(CaptionedScene::OneShape, 0);
    const auto codes = captionCodes(shapes.captions());
    QCOMPARE(std::get<0>(torch::_unique(codes)).size(0), shapes.count());
  }

  void theShareOfWrongPairsIsTheOneThatIsSet() {
    const CaptionedShapes shapes(CaptionedScene::OneShape, 0);
    const auto wrong = [&](double noise) {
      const WebPairs web = webPairs(shapes, 4000, noise, generatorFor(1, 0), "cpu");
      return 1 - web.is_right().to(torch::kDouble).mean().item<double>();
    };
    QCOMPARE(wrong(0), 0.0);
    QVERIFY(std::abs(wrong(0.4) - 0.4 * 159 / 160) < 0.03);
  }

  void theFilterIsCountedAsByHand() {
    FilterCounts counts;
    counts.right = 10;
    counts.one_wrong = 4;
    counts.more_wrong = 6;
    counts.kept_right = 9;
    counts.kept_one_wrong = 2;
    counts.kept_more_wrong = 1;
    QCOMPARE(counts.precision(), 0.75);
    QCOMPARE(counts.recall(), 0.9);
    QCOMPARE(FilterCounts{}.precision(), 0.0);

    const Given given;
    WebPairs web{{given.pictures, given.words.clone()}, given.words};
    web.given.words[0] = given.words[1];
    const Filtered made = filtered(given.net, web);
    QCOMPARE(made.web.right, std::int64_t{5});
    QCOMPARE(made.web.wrong(), std::int64_t{1});
    QCOMPARE(made.web.kept(), made.keeps.sum().item<std::int64_t>());
    const auto cells = given.net.look(given.pictures).cells;
    QVERIFY(made.synthetic.words.equal(given.net.written(cells)));
    QVERIFY(made.keeps.equal(matchProbability(given.net, cells, web.given.words) > 0.5));
  }

  /// A shape on the upper left quarter of a picture is on four of sixteen cells.
  void theShareOnTheShapeIsThatOfItsCells() {
    auto mask = torch::zeros({1, 1, 32, 32});
    mask.narrow(2, 0, 16).narrow(3, 0, 16).fill_(1);
    const auto inside = shapeCells(mask);
    QCOMPARE(inside.sum().item<double>(), 4.0);
    QCOMPARE(inside[0][5].item<double>(), 1.0);
    auto looks = torch::full({1, 5, 16}, 1.0 / 16);
    looks[0][1].zero_();
    looks[0][1][5] = 1;
    const auto shares = shareInside(looks, inside);
    QVERIFY(std::abs(shares[0].item<double>() - 0.25) < 1e-6);
    QVERIFY(std::abs(shares[1].item<double>() - 1) < 1e-6);
  }

  void whatAWordLooksAtSumsToOne() {
    const Given given;
    const WordLooks looks = wordLooks(given.net, given.net.look(given.pictures).cells, given.words);
    for (const auto& shares : {looks.relevance, looks.writing, looks.matching}) {
      QCOMPARE(shares.sizes().vec(), (std::vector<std::int64_t>{6, 5, 16}));
      QVERIFY(apart(shares.sum(2), torch::ones({6, 5})) < 1e-4);
    }
  }

  /// Five words; the one at `place` is another of its kind.
  void aChangedCaptionDiffersInOneWord() {
    const Given given;
    const CaptionJudge judge(given.shapes, generatorFor(1, 0), "cpu");
    for (std::size_t place = 0; place < kWordPlaces; ++place) {
      const auto differs = judge.changed(place) != judge.words();
      QVERIFY(differs.sum(1).eq(1).all().item<bool>());
      QVERIFY(differs.select(1, static_cast<std::int64_t>(place)).all().item<bool>());
      QVERIFY(torch::isin(captionCodes(judge.changed(place)), captionCodes(judge.words()))
                  .all()
                  .item<bool>());
    }
    QVERIFY(!(captionCodes(judge.others()) == captionCodes(judge.words())).any().item<bool>());
  }

  void everyOtherMixedPairHasACaptionOfAnotherPicture() {
    const Given given;
    const CaptionJudge judge(given.shapes, generatorFor(1, 0), "cpu");
    const auto is_right = judge.mixed().is_right();
    for (std::int64_t i = 0; i < is_right.size(0); ++i)
      QCOMPARE(is_right[i].item<bool>(), i % 2 == 0);
  }

  void anObjectiveThatIsOffLeavesItsWeightsAlone() {
    const auto run = startedRun(kExperiment, {{"itm", "false"}, {"lm", "false"}}, 2);
    const auto before = weightsOf(*run);
    run->advance(std::int64_t{2});
    const auto after = weightsOf(*run);
    for (const char* name : {"match.weight", "captioner.in_proj_weight", "text.head.weight",
                             "text.blocks.0.multihead_attn.in_proj_weight"})
      QVERIFY2(after.at(name).bytes == before.at(name).bytes, name);
    QVERIFY(after.at("text_projection.weight").bytes != before.at("text_projection.weight").bytes);
    QVERIFY(tests::at(*run, 2, "lm_loss") > 1);
  }

  void theFilterIsTrainedBeforeTheNetsThatAreCompared() {
    const auto run = onTheWeb("filter", 2);
    const double precision = tests::at(*run, 0, "filter_precision");
    QVERIFY(precision >= 0 && precision <= 1);
    QCOMPARE(tests::at(*run, 2, "filter_precision"), precision);
    // All three begin alike.
    QCOMPARE(tests::at(*run, 0, "noisy/caption_exact"), tests::at(*run, 0, "clean/caption_exact"));
    QCOMPARE(tests::at(*run, 0, "noisy/recall_at_1"), tests::at(*run, 0, "filtered/recall_at_1"));
    QVERIFY(tests::at(*run, 2, "noisy/itc_loss") > 0);
    QCOMPARE(viewOf<TableData>(*run, "filter").rows.size(), std::size_t{5});
    QCOMPARE(viewOf<ImagesData>(*run, "web").images.size(), std::size_t{6});
    const auto captions = onTheWeb("captions", 1);
    QVERIFY(captions->records().find("synthetic/caption_exact") >= 0);
    QVERIFY(captions->records().find("clean/caption_exact") < 0);
    QVERIFY(onTheWeb("off", 1)->records().find("filter_precision") < 0);
  }

  void picturesAndCaptionsFollowTheChosenPicture() {
    const auto run = trained({{"query", "small red disc"}, {"picture", "5"}}, 1);
    QCOMPARE(viewOf<ImagesData>(*run, "pictures").images.size(), std::size_t{6});
    QCOMPARE(viewOf<ImagesData>(*run, "word_maps").images.size(), std::size_t{6});
    QCOMPARE(viewOf<TableData>(*run, "answers").rows.size(), std::size_t{9});
    const auto captions = viewOf<TokensData>(*run, "captions");
    QCOMPARE(captions.rows.size(), std::size_t{2});
    QCOMPARE(captions.rows[0].pieces.size(), std::size_t{5});
    run->change("query", Text{""});
    run->change("picture", std::int64_t{0});
    run->advance(std::int64_t{1});
    QCOMPARE(viewOf<TableData>(*run, "answers").rows.size(), std::size_t{8});
    QVERIFY(viewOf<TokensData>(*run, "captions").rows[0].pieces[0].text !=
                captions.rows[0].pieces[0].text ||
            viewOf<TokensData>(*run, "captions").rows[0].pieces[1].text !=
                captions.rows[0].pieces[1].text ||
            viewOf<TokensData>(*run, "captions").rows[0].pieces[2].text !=
                captions.rows[0].pieces[2].text);
  }

  void whatCannotBeIsRefusedInASentence() {
    QCOMPARE(problemWith({{"itc", "false"}, {"itm", "false"}, {"lm", "false"}}).key,
             "error.caption_and_match.nothing");
    const Message unknown = problemWith({{"query", "red circle"}});
    QCOMPARE(unknown.key, "error.caption.unknown_words");
    QCOMPARE(argumentOf(unknown, "unknown"), "circle");
    QCOMPARE(problemWith({{"query", "red disc"}}).key, "nothing thrown");
  }

  void checksHoldInEveryKindOfRun() {
    const auto verify = [](const Run& run) {
      QCOMPARE(run.checks().size(), std::size_t{4});
      for (const CheckResult& check : run.checks()) QVERIFY2(!check.failed(), check.id.c_str());
    };
    verify(*trained({}, 2));
    verify(*trained({{"lm", "false"}}, 1));
    verify(*onTheWeb("captions", 1));
  }
};

QTEST_GUILESS_MAIN(CaptionAndMatchTest)
#include "caption_and_match_test.moc"
