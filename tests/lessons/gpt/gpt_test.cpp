// SPDX-License-Identifier: GPL-3.0-or-later
// What tiny-gpt reads, writes and shows of a net is what the net says of it token by token, and the
// strings of induction-heads are what they are said to be.
#include <torch/utils.h>

#include <QTest>
#include <cmath>
#include <cstring>
#include <set>

#include "lessons/data/dataset.h"
#include "lessons/gpt/generation.h"
#include "lessons/gpt/held_out.h"
#include "lessons/gpt/repeated_strings.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"
#include "tests/lessons/own_table.h"

using namespace viva;
using namespace viva::tests;

namespace {

Transformer smallNet(std::int64_t context = 8) {
  TransformerShape shape;
  shape.vocabulary = 11;
  shape.context = context;
  shape.width = 16;
  shape.heads = 2;
  shape.layers = 2;
  return Transformer(shape, {Manner{.is_causal = true}}, generatorFor(3, 0), "cpu");
}

torch::Tensor randomTokens(std::int64_t count) {
  return torch::randint(11, {count}, generatorFor(4, 1), torch::kLong);
}

/// -log p of the last of `tokens` given the others, as the whole net says it.
double surpriseOfLast(const Transformer& net, const torch::Tensor& tokens) {
  const torch::NoGradGuard no_grad;
  const std::int64_t before = tokens.size(0) - 1;
  const auto logits = net.forward(tokens.narrow(0, 0, before).unsqueeze(0))[0][0][-1];
  return -logits.log_softmax(0)[tokens[before].item<std::int64_t>()].item<double>();
}

Settings smallGpt(Settings settings = {}) {
  for (const auto& [name, value] : Settings{{"width", "16"}, {"heads", "2"}, {"context", "16"}})
    settings.emplace_back(name, value);
  return settings;
}

std::string refusal(const Settings& settings) {
  return Words::in(Language::English)(
      fakes::refusalOf([&] { startedRun("tiny-gpt", settings, 1); }));
}

/// What ends a run that cannot be made of its file.
Message failure(const std::string& path) {
  const auto run = startedRun("tiny-gpt", {{"text", "file"}, {"data_file", path}}, 1);
  return run->message().value_or(Message{"nothing said", {}});
}
std::string sentence(const Message& message) { return Words::in(Language::English)(message); }

}  // namespace

class GptTest : public QObject {
  Q_OBJECT
  OwnFolder folder_;

 private Q_SLOTS:
  void everyCharacterIsForetoldFromAtLeastHalfAContext() {
    const Transformer net = smallNet();
    const auto text = randomTokens(30);
    const HeldOutReading reading = readHeldOut(net, text);
    QCOMPARE(heldOutShown(30, 8), std::int64_t{29});
    QCOMPARE(reading.surprise.size(), std::size_t{28});
    // Windows begin at 0, 4, 8, ...; the first foretells 1 to 8, the others their last four.
    for (std::int64_t i = 1; i <= 28; ++i) {
      const std::int64_t first = i <= 8 ? 0 : (i - 9) / 4 * 4 + 4;
      const double expected = surpriseOfLast(net, text.narrow(0, first, i + 1 - first));
      QVERIFY(std::abs(reading.surprise[i - 1] - expected) < 1e-5);
    }
    QCOMPARE(reading.lens.size(), std::size_t{2});
  }

  void aTenthOfEvenSurprisesCarriesATenth() {
    HeldOutReading reading;
    reading.surprise.assign(50, 0.3);
    QVERIFY(std::abs(reading.concentration() - 0.1) < 1e-12);
    reading.surprise.assign(50, 0.0);
    reading.surprise[7] = 2;
    QCOMPARE(reading.concentration(), 1.0);
    QCOMPARE(reading.loss(), 0.04);
  }

  void theCacheChangesNoLogit() {
    const torch::NoGradGuard no_grad;
    const Transformer net = smallNet();
    const auto tokens = randomTokens(8);
    const auto whole = net.forward(tokens.unsqueeze(0))[0][0];
    QVERIFY(torch::allclose(cachedLogits(net, tokens), whole, 0, 1e-5));
  }

  void greedyWritingIsTheArgmaxOfTheWholeNet() {
    const torch::NoGradGuard no_grad;
    const Transformer net = smallNet(12);
    std::vector<std::int64_t> text{1, 5, 2};
    const auto found = continued(net, text, 9, {.temperature = 0}, generatorFor(1, 0));
    for (const Written& one : found) {
      const auto logits = net.forward(torch::tensor(text).unsqueeze(0))[0][0][-1];
      QCOMPARE(one.token, logits.argmax().item<std::int64_t>());
      QVERIFY(std::abs(one.surprise + logits.log_softmax(0).max().item<double>()) < 1e-5);
      text.push_back(one.token);
    }
  }

  void aFullContextIsReadAgainFromItsLastHalf() {
    const torch::NoGradGuard no_grad;
    const Transformer net = smallNet(8);
    std::vector<std::int64_t> text{1, 5, 2, 4, 7, 7};
    const auto found = continued(net, text, 8, {.temperature = 0}, generatorFor(1, 0));
    // Tokens 6 and 7 fill it, and token 8 is still foretold from all eight; token 9 is not.
    std::vector<std::int64_t> seen = text;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (seen.size() > 8) seen.erase(seen.begin(), seen.end() - 4);
      const auto logits = net.forward(torch::tensor(seen).unsqueeze(0))[0][0][-1];
      QCOMPARE(found[i].token, logits.argmax().item<std::int64_t>());
      seen.push_back(found[i].token);
    }
  }

  void theSameSeedWritesTheSame() {
    const Transformer net = smallNet(12);
    const auto tokens = [&](std::uint64_t seed) {
      std::vector<std::int64_t> some;
      for (const Written& one : continued(net, {1, 2}, 20, {}, generatorFor(seed, 0)))
        some.push_back(one.token);
      return some;
    };
    QCOMPARE(tokens(5), tokens(5));
    QVERIFY(tokens(5) != tokens(6));
  }

  void theTextShownHasTheLossThatIsRecorded() {
    const auto run = finishedRun("tiny-gpt", smallGpt(), 10);
    const auto frame = run->frame();
    const auto& row = std::get<TokensData>(frame->views.at("text")).rows.at(0);
    double sum = 0;
    for (std::size_t i = 1; i < row.pieces.size(); ++i) sum += *row.pieces[i].value;
    QVERIFY(!row.pieces[0].value);
    QVERIFY(row.pieces.size() > 1900);
    QVERIFY(std::abs(sum / static_cast<double>(row.pieces.size() - 1) -
                     tests::at(*run, 10, "validation_loss")) < 1e-9);
  }

  void theLastRowOfTheLensIsTheNetItself() {
    const auto run = finishedRun("tiny-gpt", smallGpt({{"prompt", "the fox is"}}), 3);
    const auto frame = run->frame();
    const auto& lens = std::get<MatrixData>(frame->views.at("logit_lens"));
    QCOMPARE(lens.rows, 3);
    QCOMPARE(lens.columns, 9);
    const auto logits = weightsOf(*run).at("probe.logits");
    auto values = torch::empty(logits.shape);
    std::memcpy(values.data_ptr(), logits.bytes.data(), logits.bytes.size());
    const auto tokens = weightsOf(*run).at("probe.tokens");
    auto numbers = torch::empty(tokens.shape, torch::kLong);
    std::memcpy(numbers.data_ptr(), tokens.bytes.data(), tokens.bytes.size());
    const auto given = values.softmax(1);
    for (int i = 0; i < lens.columns; ++i) {
      const double right = given[i][numbers[i + 1].item<std::int64_t>()].item<double>();
      QVERIFY(std::abs((*lens.values)[2 * lens.columns + i] - right) < 1e-6);
    }
  }

  void whatCannotBeReadIsRefusedInOneSentence() {
    QVERIFY(refusal({{"prompt", "the Fox"}}).find("has no F") != std::string::npos);
    QVERIFY(refusal({{"prompt", "t"}}).find("at least two") != std::string::npos);
    QVERIFY(refusal({{"prompt", "the fox"}, {"context", "4"}}).find("7 characters are too many") !=
            std::string::npos);
    QVERIFY(refusal({{"heads", "5"}}).find("64 cannot be shared by 5") != std::string::npos);
    QVERIFY(refusal({{"text", "file"}}).find("no file is chosen") != std::string::npos);
    QVERIFY(sentence(failure(folder_.written("too short a text")))
                .find("16 characters; with a context") != std::string::npos);
    QVERIFY(
        sentence(failure(folder_.written(QByteArray(500, 'a')))).find("1 different character;") !=
        std::string::npos);
    QCOMPARE(failure("/nowhere/own.txt").key, std::string("error.text_file.missing"));
  }

  void ownTextsAreLearnedInAnyLanguage() {
    const QByteArray line = QString::fromUtf8("白日依山尽，黄河入海流。\n").toUtf8();
    const std::string path = folder_.written(line.repeated(40));
    const auto run =
        finishedRun("tiny-gpt", smallGpt({{"text", "file"}, {"data_file", path}}), 100);
    QVERIFY(tests::at(*run, 100, "validation_loss") < 0.6 * tests::at(*run, 0, "validation_loss"));
    const std::string asked =
        refusal({{"text", "file"}, {"data_file", path}, {"prompt", "\xe6\x9c\x88\xe5\xb1\xb1"}});
    QVERIFY(asked.find("\xe6\x9c\x88") != std::string::npos);
  }

  void stringsAreSaidTwice() {
    const RepeatedStrings strings = drawStrings(200, 32, 24, generatorFor(1, 0));
    const auto second = strings.second(), first = strings.first();
    std::set<std::int64_t> lengths;
    for (std::int64_t row = 0; row < 200; ++row) {
      const std::int64_t p = strings.periods[row].item<std::int64_t>();
      lengths.insert(p);
      const auto tokens = strings.tokens[row];
      QVERIFY(torch::equal(tokens.narrow(0, 32 - p, p), tokens.narrow(0, 32 - 2 * p, p)));
      QCOMPARE((second[row] != kIgnored).sum().item<std::int64_t>(), p - 1);
      QCOMPARE((first[row] != kIgnored).sum().item<std::int64_t>(), p - 1);
      QVERIFY(torch::equal(second[row].narrow(0, 32 - p, p - 1), tokens.narrow(0, 33 - p, p - 1)));
      QVERIFY(torch::equal(first[row].narrow(0, 32 - 2 * p, p - 1),
                           tokens.narrow(0, 33 - 2 * p, p - 1)));
    }
    QCOMPARE(*lengths.begin(), std::int64_t{8});
    QCOMPARE(*lengths.rbegin(), std::int64_t{16});
    QCOMPARE(lengths.size(), std::size_t{9});
  }

  void aPerfectInductionHeadScoresOne() {
    const RepeatedStrings strings = drawStrings(5, 16, 24, generatorFor(2, 0));
    auto perfect = torch::zeros({5, 2, 15, 15});
    for (std::int64_t row = 0; row < 5; ++row) {
      const std::int64_t p = strings.periods[row].item<std::int64_t>();
      for (std::int64_t i = 0; i < 15; ++i) {
        perfect[row][0][i][std::max<std::int64_t>(0, i - p + 1)] = 1;
        perfect[row][1][i][std::max<std::int64_t>(0, i - 1)] = 1;
      }
    }
    const HeadScores scores = headScores(perfect, strings);
    QVERIFY(torch::equal(scores.prefix_matching, torch::tensor({1.0f, 0.0f})));
    QVERIFY(torch::equal(scores.previous_token, torch::tensor({0.0f, 1.0f})));
  }

  void anAblatedHeadIsTakenFromTrainingToo() {
    const auto whole = finishedRun("induction-heads", {{"one_layer", "false"}}, 10);
    const auto without =
        finishedRun("induction-heads", {{"one_layer", "false"}, {"ablate", "0.0"}}, 10);
    QVERIFY(tests::at(*whole, 10, "loss") != tests::at(*without, 10, "loss"));
    QCOMPARE(tests::at(*without, 10, "without/0.0"), tests::at(*without, 10, "accuracy"));
    const Message said = fakes::refusalOf([] {
      startedRun("induction-heads", {{"ablate", "0.3"}}, 1);
    });
    QCOMPARE(said.key, std::string("error.no_such_head"));
  }
};

QTEST_GUILESS_MAIN(GptTest)
#include "gpt_test.moc"
