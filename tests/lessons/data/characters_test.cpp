// SPDX-License-Identifier: GPL-3.0-or-later
// A text becomes numbers and back, and its counts are those of closed forms.
#include "lessons/data/characters.h"

#include <QFile>
#include <QTest>
#include <cmath>
#include <map>

#include "lessons/data/grammar_text.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/own_table.h"

using namespace viva;
using namespace viva::tests;

namespace {

/// By strings in maps, and a probability at a time.
double countedEntropy(const std::vector<std::string>& text, std::size_t order) {
  std::map<std::vector<std::string>, double> grams, contexts;
  double total = 0, sum = 0;
  for (std::size_t i = 0; i + order <= text.size(); ++i) {
    const std::vector<std::string> gram(text.begin() + i, text.begin() + i + order);
    grams[gram] += 1;
    contexts[{gram.begin(), gram.end() - 1}] += 1;
    total += 1;
  }
  for (const auto& [gram, count] : grams)
    sum -= count / total * std::log(count / contexts.at({gram.begin(), gram.end() - 1}));
  return sum;
}

double entropyOf(const std::string& text, int order) {
  const CharacterText read = numbered(text);
  return ngramEntropy(read.numbers, read.vocabulary(), order);
}

}  // namespace

class CharactersTest : public QObject {
  Q_OBJECT
  OwnFolder folder_;

  void refused(const std::string& path, const char* what, const char* line = "") {
    const Message said = fakes::refusalOf<FileError>([&] { readTextFile(path); });
    QCOMPARE(said.key, std::string("error.text_file.") + what);
    QCOMPARE(fakes::argumentOf(said, "file"), path);
    QCOMPARE(fakes::argumentOf(said, "line"), std::string(line));
  }

 private Q_SLOTS:
  void charactersOfSeveralBytesStayWhole() {
    const CharacterText text = numbered("a瓜😀a\n");
    QCOMPARE(text.alphabet, (std::vector<std::string>{"\n", "a", "瓜", "😀"}));
    QCOMPARE(text.numbers, (std::vector<std::int64_t>{1, 2, 3, 1, 0}));
    QCOMPARE(text.decoded(text.numbers), std::string("a瓜😀a\n"));
    QCOMPARE(text.encoded("瓜b"), (std::vector<std::int64_t>{2, -1}));
  }

  void countsOfClosedFormsAreMet() {
    QCOMPARE(entropyOf("aaaa", 1), 0.0);
    QCOMPARE(entropyOf("abababab", 1), std::log(2.0));
    QCOMPARE(entropyOf("abababab", 2), 0.0);
    // After a: b once, c once; after b and c: a.
    QVERIFY(std::abs(entropyOf("abaca", 2) - 0.5 * std::log(2.0)) < 1e-12);
    QCOMPARE(entropyOf("ab", 3), 0.0);
  }

  void entropiesAreThoseOfCountsInMaps() {
    for (const auto language : {GrammarLanguage::English, GrammarLanguage::Chinese}) {
      const std::string text = grammarText(language, 3000);
      for (int order : {1, 2, 3, 4})
        QVERIFY(std::abs(entropyOf(text, order) - countedEntropy(charactersOf(text), order)) <
                1e-10);
    }
  }

  void theGrammarsTextsAreTheSameEverywhere() {
    const std::string english = grammarText(GrammarLanguage::English);
    const std::string chinese = grammarText(GrammarLanguage::Chinese);
    QCOMPARE(charactersOf(english).size(), std::size_t{20019});
    QCOMPARE(charactersOf(chinese).size(), std::size_t{20016});
    QVERIFY(english.starts_with("the mouse rests by the river. the owl hides the melon, and"));
    QVERIFY(chinese.starts_with("小熊在山下等待。后来白马打开茶杯，小熊打开石头。\n"));
    QCOMPARE(numbered(english).vocabulary(), std::int64_t{28});
    QCOMPARE(numbered(chinese).vocabulary(), std::int64_t{71});
  }

  void aTenthIsHeldOutOrWhatTheNetNeeds() {
    QCOMPARE(heldOutFrom(20000, 65), std::int64_t{18000});
    QCOMPARE(heldOutFrom(300, 65), std::int64_t{235});
    QCOMPARE(heldOutFrom(100, 65), std::int64_t{50});
  }

  void ownTextsAreReadWhateverTheirLinesEndWith() {
    QCOMPARE(readTextFile(folder_.written("\xef\xbb\xbfone\r\ntwo\rthree\n西瓜\r")),
             std::string("one\ntwo\nthree\n西瓜\n"));
  }

  void whatIsNoTextIsRefusedInOneSentence() {
    refused(folder_.pathOf("nothing.txt").toStdString(), "missing");
    refused(folder_.path().toStdString(), "not_a_file");
    refused(folder_.written(""), "empty");
    refused(folder_.written("\xef\xbb\xbf"), "empty");
    refused(folder_.written("\xff\xfe\x61\x00"), "utf16");
    refused(folder_.written("fine\ncaf\xe9\n"), "encoding", "2");
    refused(folder_.written(QByteArray("a\0b", 3)), "encoding", "1");
    QFile file(folder_.pathOf("huge.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(kLargestText + (1 << 20)));
    refused(file.fileName().toStdString(), "too_large");
  }
};

QTEST_APPLESS_MAIN(CharactersTest)
#include "characters_test.moc"
