// SPDX-License-Identifier: GPL-3.0-or-later
// What masked-language-model hides, shows, saves and refuses.
#include <torch/types.h>

#include <QTest>
#include <cmath>
#include <cstring>

#include "lessons/bert/masked_judge.h"
#include "lessons/bert/masked_text.h"
#include "lessons/data/agreement_grammar.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/transformer.h"
#include "tests/fakes/fake_phase.h"
#include "tests/lessons/asked_experiment.h"
#include "tests/lessons/own_table.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;

namespace {

const char* const kModel = "masked-language-model";
const Settings kSmall{{"width", "16"}, {"heads", "2"}, {"batch_size", "8"}, {"layers", "1"}};

std::unique_ptr<Run> trained(Settings settings, std::int64_t steps) {
  settings.insert(settings.begin(), kSmall.begin(), kSmall.end());
  return finishedRun(kModel, settings, steps);
}

std::string problemWith(const Settings& settings) { return refusalWith(kModel, settings).key; }

std::string textOf(const TokensData::Row& row) {
  std::string text;
  for (const auto& piece : row.pieces) text += (text.empty() ? "" : " ") + piece.text;
  return text;
}

}  // namespace

class MaskedLanguageModelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bothNetsStartFromTheSameWeightsUnderTheNamesOfTorch() {
    const auto run = trained({}, 0);
    const auto weights = weightsOf(*run);
    const auto shapeOf = [&](const char* name) { return weights.at(name).shape; };
    using Shape = std::vector<std::int64_t>;
    QCOMPARE(shapeOf("causal.token.weight"), (Shape{29, 16}));
    QCOMPARE(shapeOf("causal.position.weight"), (Shape{12, 16}));
    QCOMPARE(shapeOf("bidirectional.blocks.0.self_attn.in_proj_weight"), (Shape{48, 16}));
    QCOMPARE(shapeOf("bidirectional.head.weight"), (Shape{29, 16}));
    QCOMPARE(shapeOf("causal.probe.tokens"), (Shape{12}));
    QCOMPARE(shapeOf("bidirectional.probe.logits"), (Shape{12, 29}));
    int compared = 0;
    for (const auto& [name, array] : weights)
      if (name.starts_with("causal.") && name.find("probe.") == std::string::npos) {
        QVERIFY2(array.bytes == weights.at("bidirectional." + name.substr(7)).bytes, name.c_str());
        ++compared;
      }
    QCOMPARE(compared, 17);
  }

  void blanksAreChosenAndReplacedAsOften_data() {
    QTest::addColumn<bool>("is_mixed");
    QTest::newRow("always [MASK]") << false;
    QTest::newRow("80-10-10") << true;
  }
  void blanksAreChosenAndReplacedAsOften() {
    QFETCH(bool, is_mixed);
    const MaskedText text(parametersWith(kModel, {}));
    const auto generator = generatorFor(5, 0);
    const auto tokens = text.draw(20000, generator);
    const auto blanks =
        hide(text, tokens, {{0.15, is_mixed ? Replacement::EightyTenTen : Replacement::MaskOnly}},
             generator);
    const auto share = [&](const torch::Tensor& of) {
      return of.to(torch::kDouble).mean().item<double>();
    };
    const auto chosen = blanks.targets != kIgnored;
    QVERIFY(std::abs(share(chosen) - 0.15) < 0.003);
    QVERIFY(torch::equal(blanks.targets.masked_select(chosen), tokens.masked_select(chosen)));
    QVERIFY(torch::equal(blanks.inputs.masked_select(~chosen), tokens.masked_select(~chosen)));
    QVERIFY(std::abs(share(blanks.inputs == text.mask()) - (is_mixed ? 0.12 : 0.15)) < 0.003);
    const auto unchanged = chosen.logical_and(blanks.inputs == tokens);
    // The random one may be the right one: of 28 words, one.
    QVERIFY(std::abs(share(unchanged) - (is_mixed ? 0.015 * (1 + 1 / 28.0) : 0)) < 0.002);
  }

  /// Nets side by side that read blanks of their own are nets by themselves.
  void eachNetMayReadItsOwnBlanks() {
    TransformerShape shape;
    shape.vocabulary = 29;
    shape.context = 12;
    shape.width = 16;
    shape.heads = 2;
    Manner causal;
    causal.is_causal = true;
    const Transformer nets(shape, {Manner(), causal}, generatorFor(1, 1), "cpu");
    const auto generator = generatorFor(2, 0);
    const auto one = agreement::draw(5, generator).words,
               other = agreement::draw(5, generator).words;
    const auto both = nets.forward(torch::stack({one, other}));
    QVERIFY(torch::allclose(both[0], nets.forward(one)[0], 0, 1e-6));
    QVERIFY(torch::allclose(both[1], nets.forward(other)[1], 0, 1e-6));
    const auto asked = one.masked_fill(one < 20, kIgnored),
               less = other.masked_fill(other < 25, kIgnored);
    const auto losses = tokenLoss(both, torch::stack({asked, less}));
    QVERIFY(torch::allclose(losses[0], tokenLoss(both, asked)[0]));
    QVERIFY(torch::allclose(losses[1], tokenLoss(both, less)[1]));
    const auto shares = tokenAccuracy(both, torch::stack({asked, less}));
    QVERIFY(torch::allclose(shares[1], tokenAccuracy(both, less)[1]));
  }

  void netsThatAreComparedHaveTheSameBlanks() {
    const MaskedText text(parametersWith(kModel, {}));
    const auto generator = generatorFor(5, 0);
    const auto tokens = text.draw(500, generator);
    const auto two = hide(
        text, tokens, {{0.2, Replacement::MaskOnly}, {0.2, Replacement::EightyTenTen}}, generator);
    QVERIFY(torch::equal(two.targets[0], two.targets[1]));
    QVERIFY(!torch::equal(two.inputs[0], two.inputs[1]));
    const auto rates = hide(
        text, tokens, {{0.05, Replacement::MaskOnly}, {0.75, Replacement::MaskOnly}}, generator);
    const auto few = rates.targets[0] != kIgnored, many = rates.targets[1] != kIgnored;
    QVERIFY(!few.logical_and(~many).any().item<bool>());
    QVERIFY(many.sum().item<std::int64_t>() > 10 * few.sum().item<std::int64_t>());
  }

  /// Entropies by hand: which of two numbers, which of three brackets.
  void theBestLossIsTheEntropyOfWhatIsLeftOpen() {
    const MaskedText text(parametersWith(kModel, {}));
    // All hidden: every blank has its marginal distribution.
    const MaskedJudge all(text, 0.95, generatorFor(1, 0), "cpu");
    const MaskedJudge few(text, 0.05, generatorFor(1, 0), "cpu");
    QVERIFY(all.bestLoss(true) > few.bestLoss(true));
    for (const MaskedJudge* judge : {&all, &few})
      QVERIFY(judge->bestLoss(false) >= judge->bestLoss(true));
    QVERIFY(few.bestLoss(true) < std::log(8.0));
  }

  void aClickHidesATokenAndAnotherShowsItAgain() {
    const auto run = trained({}, 3);
    // What the causal net puts into the blanks stands there, with its probability.
    const auto sentence = [&] {
      auto row = viewOf<TokensData>(*run, "probe").rows[0];
      for (auto& piece : row.pieces)
        if (piece.value) piece.text = "[MASK]";
      return textOf(row);
    };
    QCOMPARE(sentence(), "[MASK] often now dogs here slowly soon sing still gladly often )");
    run->change("masked", Text{"3,7"});
    run->advance(std::int64_t{1});
    QCOMPARE(sentence(), "( often now [MASK] here slowly soon [MASK] still gladly often )");
    run->change("masked", Text{""});
    run->change("probe", Text{"{ cats _ sing"});
    run->advance(std::int64_t{1});
    QCOMPARE(sentence(), "{ cats [MASK] sing");
  }

  void aWordBehindTheBlankIsNothingToTheCausalNet() {
    const auto run = trained({{"masked", "3"}}, 40);
    const auto bars = viewOf<BarsData>(*run, "flips");
    QCOMPARE(bars.groups[0].id, "causal");
    double moved_before = 0, moved_behind = 0;
    for (std::size_t place = 0; place < 12; ++place) {
      if (place == 3) continue;
      (place < 3 ? moved_before : moved_behind) += bars.groups[1].values[place];
      if (place > 3) QVERIFY(bars.groups[0].values[place] < 1e-6);
    }
    QVERIFY(std::isnan(bars.groups[0].values[3]));
    QVERIFY(moved_before > 0 && moved_behind > 0);
    for (const auto& arc : viewOf<TokensData>(*run, "probe").arcs)
      if (arc.id == "causal") QVERIFY(arc.to <= arc.from);
  }

  void barsAreTheProbabilitiesOfTheSavedLogits() {
    const auto run = trained({{"masked", "0"}}, 10);
    const auto array = weightsOf(*run).at("bidirectional.probe.logits");
    auto logits = torch::empty(array.shape);
    std::memcpy(logits.data_ptr(), array.bytes.data(), array.bytes.size());
    // [MASK] is never what a blank was.
    const auto expected = logits[0].slice(0, 0, 28).softmax(0);
    const auto bars = viewOf<BarsData>(*run, "blank");
    for (std::size_t i = 0; i < bars.categories.size(); ++i) {
      const auto& words = agreement::words();
      const auto word =
          std::find(words.begin(), words.end(), std::get<std::string>(bars.categories[i]));
      QVERIFY(std::abs(bars.groups[1].values[i] - expected[word - words.begin()].item<double>()) <
              1e-6);
    }
    QCOMPARE(bars.groups.back().id, "exact");
  }

  void whatCannotBeReadIsRefusedInOneSentence() {
    QCOMPARE(problemWith({{"probe", "( often dogz ]"}}), "error.masked.unknown_words");
    QCOMPARE(problemWith({{"probe", "( now now now now now now now now now now now )"}}),
             "error.masked.long_probe");
    QCOMPARE(problemWith({{"probe", "   "}}), "error.masked.empty_probe");
    QCOMPARE(problemWith({{"text", "english"}, {"probe", "the Ж"}}),
             "error.masked.unknown_characters");
    QCOMPARE(problemWith({{"width", "48"}, {"heads", "7"}}), "error.masked.heads");
    QCOMPARE(problemWith({{"text", "file"}}), "error.masked.no_file");
    QCOMPARE(problemWith({{"text", "english"}, {"compare", "few-labels"}}),
             "error.masked.labels_of_a_text");
    QCOMPARE(problemWith({{"probe", "_ now dogs"}}), "nothing thrown");
    const auto refused = refusalWith(kModel, {{"probe", "( dogz _"}});
    QCOMPARE(argumentOf(refused, "unknown"), std::string("dogz"));
  }

  void aFileThatIsTooShortOrNoTextIsNamed() {
    const auto keyOf = [](const QByteArray& content) {
      const OwnTable file(content);
      const auto run = startedRun(kModel, {{"text", "file"}, {"data_file", file.path()}}, 1);
      run->advance(std::int64_t{1});
      return run->message() ? run->message()->key : std::string();
    };
    QCOMPARE(keyOf("too short"), "error.masked.short_text");
    QCOMPARE(keyOf(QByteArray("\xff\xfe\xfa").repeated(100)), "error.text_file.utf16");
    QCOMPARE(keyOf(QByteArray("caf\xe9 ").repeated(100)), "error.text_file.encoding");
    const OwnTable own(QByteArray("one two three four five ").repeated(20));
    const auto run = trained({{"text", "file"}, {"data_file", own.path()}}, 2);
    QCOMPARE(run->status(), RunStatus::Completed);
    QCOMPARE(viewOf<TokensData>(*run, "probe").rows[0].pieces.size(), std::size_t{32});
  }

  void chineseIsReadByTheCharacter() {
    const auto run = trained({{"text", "chinese"}, {"probe", "小马_苹果"}}, 2);
    const auto row = viewOf<TokensData>(*run, "probe").rows[0];
    QVERIFY(row.pieces[2].value.has_value());
    QVERIFY(textOf(row).starts_with("小 马 ") && textOf(row).ends_with(" 苹 果"));
    QVERIFY(std::isfinite(tests::at(*run, 2, "bidirectional/loss")));
  }

  void labelsGoOnFromAKeptPhase() {
    const ExperimentSpec& spec = viva_catalog()->experiment(kModel);
    fakes::MemoryPhases memory;
    std::vector<std::string> digests;
    for (int i = 0; i < 2; ++i) {
      RunSettings settings{parametersWith(kModel, {{"compare", "few-labels"},
                                                   {"pretraining", "6"},
                                                   {"width", "16"},
                                                   {"heads", "2"},
                                                   {"batch_size", "8"}})};
      settings.steps = 26;
      settings.phases = &memory;
      Run run(spec, std::move(settings), viva_catalog()->runtime());
      run.advance(std::int64_t{26});
      digests.push_back(run.records().digest());
      QVERIFY(tests::at(run, 26, "pretrained/loss") != tests::at(run, 26, "scratch/loss"));
    }
    QCOMPARE(memory.states.size(), std::size_t{1});
    QCOMPARE(digests[0], digests[1]);
  }
};

QTEST_GUILESS_MAIN(MaskedLanguageModelTest)
#include "masked_language_model_test.moc"
