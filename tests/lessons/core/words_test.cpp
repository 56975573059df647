// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/words.h"

#include <QTest>
#include <limits>

using namespace viva;

class WordsTest : public QObject {
  Q_OBJECT
  const Words& english_ = Words::in(Language::English);
  const Words& chinese_ = Words::in(Language::Chinese);

 private Q_SLOTS:
  void languageIsReadFromItsCode() {
    for (const char* code : {"zh_CN", "zh", "zh_CN.UTF-8", "zh-Hans"})
      QCOMPARE(languageFromCode(code), Language::Chinese);
    for (const char* code : {"en", "en_GB.UTF-8", "C", "", "de_DE"})
      QCOMPARE(languageFromCode(code), Language::English);
    QCOMPARE(codeOf(Language::English), std::string_view("en"));
    QCOMPARE(codeOf(Language::Chinese), std::string_view("zh_CN"));
  }

  void wordsComeInTheirLanguage() {
    QCOMPARE(english_("language.name"), std::string("English"));
    QVERIFY(chinese_("language.name") != english_("language.name"));
    QCOMPARE(english_.language(), Language::English);
    QCOMPARE(chinese_.language(), Language::Chinese);
  }

  void unknownKeyIsShownAsItIs() {
    QVERIFY(!english_.has("no.such.key"));
    QCOMPARE(english_("no.such.key"), std::string("no.such.key"));
  }

  void messageTakesItsArguments() {
    const Message message{"error.out_of_range",
                          {{"name", std::string("rate")},
                           {"value", std::string("7")},
                           {"minimum", 0.1},
                           {"maximum", std::int64_t{2}}}};
    for (const Words* words : {&english_, &chinese_}) {
      const QString sentence = QString::fromStdString((*words)(message));
      for (const char* part : {"rate", "7", "0.1", "2"}) QVERIFY(sentence.contains(part));
      QVERIFY(!sentence.contains('{'));
    }
  }

  void argumentThatIsAWordIsTranslated() {
    const Message message{"error.unreadable_value",
                          {{"name", std::string("p")},
                           {"value", std::string("x")},
                           {"expected", Word{"expected.toggle"}}}};
    QVERIFY(english_(message).find(english_("expected.toggle")) != std::string::npos);
    QVERIFY(chinese_(message).find(chinese_("expected.toggle")) != std::string::npos);
  }

  void recordIsNamedByItsParts() {
    const auto none = [](const std::string&) { return false; };
    const RecordName plain = partsOf("loss", none);
    QCOMPARE(plain.quantity, std::string("loss"));
    QVERIFY(plain.curve.empty() && plain.part.empty());
    const RecordName curve = partsOf("adam/f", none);
    QCOMPARE(curve.curve, std::string("adam"));
    QCOMPARE(curve.quantity, std::string("f"));
    const RecordName layer = partsOf("a/grad_norm/layer_07", none);
    QCOMPARE(layer.curve, std::string("a"));
    QCOMPARE(layer.quantity, std::string("grad_norm"));
    QCOMPARE(layer.part, std::string("layer"));
    QCOMPARE(layer.number, std::int64_t{7});
    for (const char* unnumbered : {"a/grad_norm/layer", "a/grad_norm/layer_", "a/grad_norm/x_1y"})
      QVERIFY(partsOf(unnumbered, none).part.empty());
    const auto whole = [](const std::string& name) { return name == "a/grad_norm/layer_07"; };
    QCOMPARE(partsOf("a/grad_norm/layer_07", whole).quantity, std::string("a/grad_norm/layer_07"));
  }

  void argumentWithBracesIsNotReadAgain() {
    const Message message{"error.wrong_kind",
                          {{"name", std::string("{value}")}, {"value", std::string("{name}")}}};
    const QString sentence = QString::fromStdString(english_(message));
    QVERIFY(sentence.contains("{value}"));
    QVERIFY(sentence.contains("{name}"));
  }

  void patternsOfAnyShapeAreSafe() {
    for (const char* key : {"{", "}", "{}", "{a", "a}", "{{a}}", ""})
      (void)english_(Message{key, {{"a", std::string("b")}}});
    QCOMPARE(english_(Message{"{a}{a}", {{"a", std::string("b")}}}), std::string("bb"));
    QCOMPARE(english_(Message{"{missing}", {}}), std::string("{missing}"));
  }

  void labelIsATermOrAWord() {
    QCOMPARE(english_.label(std::string("Adam")), std::string("Adam"));
    QCOMPARE(chinese_.label(Word{"axis.step"}), chinese_("axis.step"));
  }

  void wordOfAnExperimentFallsBackToTheSharedOneAndToTheId() {
    QVERIFY(!english_.has("no-such-experiment", "axis", "no-such-id"));
    QCOMPARE(english_.of("no-such-experiment", "axis", "no-such-id"), std::string("no-such-id"));
    QVERIFY(english_.has("no-such-experiment", "axis", "step"));
    QCOMPARE(english_.of("no-such-experiment", "axis", "step"), english_("axis.step"));
  }

  void numbersForPeopleAreShort() {
    QCOMPARE(readableNumber(0.123456), std::string("0.1235"));
    QCOMPARE(readableNumber(2), std::string("2"));
    QCOMPARE(readableNumber(1500), std::string("1500"));
    QCOMPARE(readableNumber(0.5), std::string("0.5"));
    QCOMPARE(readableNumber(0), std::string("0"));
    QCOMPARE(readableNumber(12543.4), std::string("12543"));
    QCOMPARE(readableNumber(999999.4), std::string("999999"));
    QCOMPARE(readableNumber(999999.6), std::string("1×10⁶"));
    QCOMPARE(readableNumber(1438700), std::string("1.44×10⁶"));
    QCOMPARE(readableNumber(-3.7654e-8), std::string("-3.77×10⁻⁸"));
    QCOMPARE(readableNumber(2e-100), std::string("2×10⁻¹⁰⁰"));
    QCOMPARE(readableNumber(std::numeric_limits<double>::infinity()), std::string("inf"));
    QCOMPARE(readableNumber(std::numeric_limits<double>::quiet_NaN()), std::string("nan"));
  }

  void keysAreSortedAndComplete() {
    QVERIFY(std::is_sorted(english_.keys().begin(), english_.keys().end()));
    for (const std::string& key : english_.keys()) QVERIFY(english_.has(key));
  }
};

QTEST_APPLESS_MAIN(WordsTest)
#include "words_test.moc"
