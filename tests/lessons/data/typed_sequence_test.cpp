// SPDX-License-Identifier: GPL-3.0-or-later
// What people type as a probe is read as the task reads it, or refused with a sentence.
#include "lessons/data/typed_sequence.h"

#include <torch/types.h>

#include <QTest>

#include "lessons/core/words.h"
#include "lessons/data/dataset.h"

using namespace viva;

namespace {

const char* const kText = "to be or not";

SequenceSource sourceOf(int task, std::int64_t length = 20) {
  return SequenceSource(static_cast<SequenceTask>(task), length, kText);
}

enum : int { kAdding, kCopy, kBrackets, kText_, kTiming };

NamedSequence read(int task, const std::string& typed) {
  return std::get<NamedSequence>(readTyped(sourceOf(task), typed));
}

}  // namespace

class TypedSequenceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void numbersWithStarsAreAnAddingProblem() {
    const NamedSequence sequence = read(kAdding, " 0.25  0.5* 1 .125*");
    QCOMPARE(sequence.batch.inputs.sizes().vec(), (std::vector<std::int64_t>{4, 1, 2}));
    QCOMPARE(sequence.batch.targets.item<float>(), 0.625f);
    QCOMPARE(sequence.symbols, (std::vector<std::string>{"0.25", "0.50*", "1.00", "0.12*"}));
  }

  void lettersToCopyAreFollowedByTheWaitAndTheAnswer() {
    const NamedSequence sequence = read(kCopy, "abc");
    std::string all;
    for (const std::string& symbol : sequence.symbols) all += symbol;
    QCOMPARE(all, "abc" + std::string(19, '_') + ">" + "___");
    const auto targets = sequence.batch.targets.flatten();
    for (int i = 0; i < 3; ++i) QCOMPARE(targets[23 + i].item<std::int64_t>(), std::int64_t(i));
    QCOMPARE(read(kCopy, "ab__>__").symbols.size(), std::size_t(7));  // as it was typed
  }

  void aNumberIsTheDistanceOfTwoSpikes() {
    const NamedSequence sequence = read(kTiming, "19");
    const auto spikes = sequence.batch.inputs.flatten().nonzero().flatten();
    QCOMPARE(spikes.numel(), 2);
    QCOMPARE((spikes[1] - spikes[0]).item<std::int64_t>(), std::int64_t(19));
    QCOMPARE(sequence.batch.targets.flatten()[-1].item<std::int64_t>(), std::int64_t(0));
    QVERIFY(read(kTiming, "7").batch.targets.eq(kNotAsked).all().item<bool>());
    QCOMPARE(read(kTiming, "|..|").symbols, (std::vector<std::string>{"|", ".", ".", "|"}));
  }

  void charactersAreTheSymbolsOfTheTask() {
    QCOMPARE(read(kBrackets, "a(a)").symbols, (std::vector<std::string>{"a", "(", "a", ")"}));
    const NamedSequence text = read(kText_, "to be");
    QCOMPARE(text.symbols.size(), std::size_t(5));
    QCOMPARE(text.batch.targets.flatten()[4].item<std::int64_t>(), kNotAsked);
  }

  void whatCannotBeReadIsNamed_data() {
    QTest::addColumn<int>("task");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown characters") << int(kText_) << "to xyz猫"
                                        << "x y z 猫";
    QTest::newRow("a space") << int(kBrackets) << "( )"
                             << "␣";
    QTest::newRow("digits to copy") << int(kCopy) << "ab1"
                                    << "know 1;";
    QTest::newRow("a word among numbers") << int(kAdding) << "0.3 many"
                                          << "many";
    QTest::newRow("too large a number") << int(kAdding) << "0.3 1.5*"
                                        << "1.5*";
    QTest::newRow("not a number") << int(kAdding) << "nan"
                                  << "nan";
    QTest::newRow("a lone star") << int(kAdding) << "*"
                                 << "*";
    QTest::newRow("a letter among spikes") << int(kTiming) << "|.x"
                                           << "x";
    QTest::newRow("a distance of nothing") << int(kTiming) << "0"
                                           << "from 1 to";
    QTest::newRow("a distance beyond numbers") << int(kTiming) << "99999999999999999999"
                                               << "from 1 to";
    QTest::newRow("too many steps") << int(kBrackets) << QString(501, 'a') << "501";
  }
  void whatCannotBeReadIsNamed() {
    QFETCH(int, task);
    QFETCH(QString, typed);
    QFETCH(QString, named);
    const auto result = readTyped(sourceOf(task), typed.toStdString());
    const auto* problem = std::get_if<Message>(&result);
    QVERIFY(problem);
    const auto english = QString::fromStdString(Words::in(Language::English)(*problem));
    QVERIFY2(english.contains(named) && !english.contains('{'), qPrintable(english));
    QVERIFY(Words::in(Language::Chinese)(*problem).find('{') == std::string::npos);
  }

  void drawnSequencesCarryTheNamesOfTheirSteps() {
    for (int task = kAdding; task <= kTiming; ++task) {
      const NamedSequence drawn = drawNamed(sourceOf(task), generatorFor(1, 2));
      QCOMPARE(std::int64_t(drawn.symbols.size()), drawn.batch.inputs.size(0));
      std::string typed;
      for (const std::string& symbol : drawn.symbols)
        typed += symbol + (task == kAdding ? " " : "");
      const auto again = std::get<NamedSequence>(readTyped(sourceOf(task), typed));
      QCOMPARE(again.symbols, drawn.symbols);
      if (task != kAdding)  // whose numbers were rounded
        QVERIFY(torch::equal(again.batch.inputs, drawn.batch.inputs));
    }
  }
};

QTEST_GUILESS_MAIN(TypedSequenceTest)
#include "typed_sequence_test.moc"
