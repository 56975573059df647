// SPDX-License-Identifier: GPL-3.0-or-later
// The exact answers of the agreement grammar against counting in many sentences of it.
#include "lessons/data/agreement_grammar.h"

#include <torch/types.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "lessons/data/dataset.h"

using namespace viva;
using namespace viva::agreement;

namespace {

std::vector<std::int64_t> sentence(const torch::Tensor& words, std::int64_t row) {
  const auto* first = words[row].data_ptr<std::int64_t>();
  return {first, first + words.size(1)};
}

std::vector<std::int64_t> numbersIn(const QString& text) {
  std::vector<std::int64_t> numbers;
  for (const QString& word : text.split(' ')) {
    const auto found = std::find(words().begin(), words().end(), word.toStdString());
    numbers.push_back(word == "_" ? kUnseen : found - words().begin());
  }
  return numbers;
}

std::string faultsIn(const char* text) {
  std::string marks;
  for (const bool is_fault : faults(numbersIn(text))) marks += is_fault ? 'x' : '.';
  return marks;
}

}  // namespace

class AgreementGrammarTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatIsDrawnHasNoFaultAndIsWhatItSays() {
    const auto drawn = draw(500, generatorFor(3, 0));
    for (std::int64_t row = 0; row < 500; ++row) {
      const auto words = sentence(drawn.words, row);
      const auto found = faults(words);
      QVERIFY(std::none_of(found.begin(), found.end(), [](bool some) { return some; }));
      for (const Decided kind : kDecided) {
        const auto place = drawn.placeOf(kind)[row].item<std::int64_t>();
        const auto [first, end] = wordsOf(kind, drawn.formOf(kind)[row].item<std::int64_t>());
        QVERIFY(words[place] >= first && words[place] < end);
      }
      QVERIFY(drawn.noun[row].item<std::int64_t>() < drawn.verb[row].item<std::int64_t>());
    }
  }

  void faultsAreNamedWhereTheyAre() {
    QCOMPARE(faultsIn("( now now dogs now sing now now now now now )"), "............");
    QCOMPARE(faultsIn("( now now dogs now sings now now now now now )"), ".....x......");
    QCOMPARE(faultsIn("( now now dogs now sing now now now now now ]"), "...........x");
    QCOMPARE(faultsIn("now now now dogs now sing now now now now now )"), "x..........x");
    QCOMPARE(faultsIn("( now sing dogs now now now now now now now )"), "..x.........");
    QCOMPARE(faultsIn("( now dogs dogs sing now now now now now now )"), "...x........");
    QCOMPARE(faultsIn("( now now now now now now now now now now )"), "...........x");
    QCOMPARE(faultsIn("( now dogs now sing now [ now now now now )"), "......x.....");
  }

  /// P(word at the blank | some other words) against the share in 400,000 sentences that have them.
  void answersAreTheSharesInManySentences_data() {
    QTest::addColumn<QString>("seen");
    QTest::addColumn<int>("blank");
    QTest::newRow("nothing seen, in the middle") << "_ _ _ _ _ _ _ _ _ _ _ _" << 5;
    QTest::newRow("nothing seen, near the end") << "_ _ _ _ _ _ _ _ _ _ _ _" << 10;
    QTest::newRow("a noun for many before it") << "_ _ dogs _ _ _ _ _ _ _ _ _" << 4;
    QTest::newRow("a verb for one behind it") << "_ _ _ _ _ _ sings _ _ _ _ _" << 2;
    QTest::newRow("the closing bracket") << "_ _ _ _ _ _ _ _ _ _ _ }" << 0;
  }
  void answersAreTheSharesInManySentences() {
    QFETCH(QString, seen);
    QFETCH(int, blank);
    constexpr std::int64_t kMany = 400000;
    static const auto drawn = draw(kMany, generatorFor(1, 0)).words;
    auto fits = torch::ones({kMany}, torch::kBool);
    const auto given = numbersIn(seen);
    for (std::int64_t place = 0; place < kLength; ++place)
      if (given[place] != kUnseen) fits = fits.logical_and(drawn.select(1, place).eq(given[place]));
    const auto at_blank = drawn.select(1, blank).masked_select(fits);
    QVERIFY(at_blank.size(0) > 3000);
    const auto shares = at_blank.bincount({}, kWords).to(torch::kDouble) / at_blank.size(0);
    const auto exact = answer(given, blank);
    for (std::int64_t word = 0; word < kWords; ++word) {
      const double p = exact[word];
      const double spread = std::sqrt(p * (1 - p) / static_cast<double>(at_blank.size(0)));
      QVERIFY2(std::abs(shares[word].item<double>() - p) <= 5 * spread + 1e-12,
               words()[word].c_str());
    }
  }

  void whatFitsNoSentenceHasNoAnswer() {
    QVERIFY(answer(numbersIn("( _ _ _ _ _ _ _ _ _ _ ]"), 5).empty());
    const auto some = answer(numbersIn("( _ _ _ _ _ _ _ _ _ _ )"), 5);
    QVERIFY(std::abs(std::accumulate(some.begin(), some.end(), 0.0) - 1) < 1e-12);
  }

  void aCounterpartIsOfTheSameClassAndLeadsBack() {
    for (std::int64_t word = 0; word < kWords; ++word) {
      QVERIFY(counterpart(word) != word);
      std::int64_t around = word;
      for (int i = 0; i < 24; ++i) around = counterpart(around);  // of 2, 3 and 8
      QCOMPARE(around, word);
    }
    QCOMPARE(words()[counterpart(numbersIn("dog")[0])], std::string("dogs"));
    QCOMPARE(words()[counterpart(numbersIn("wait")[0])], std::string("waits"));
    QCOMPARE(words()[counterpart(numbersIn("{")[0])], std::string("("));
  }
};

QTEST_GUILESS_MAIN(AgreementGrammarTest)
#include "agreement_grammar_test.moc"
