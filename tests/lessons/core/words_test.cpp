// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/words.h"

#include <QTest>
#include <cstdlib>
#include <new>

using namespace viva;

namespace {
std::size_t bytes_allocated = 0;
}

void* operator new(std::size_t size) {
  bytes_allocated += size;
  if (void* place = std::malloc(size)) return place;
  throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }

class WordsTest : public QObject {
  Q_OBJECT
  const std::size_t english_bytes_ = bytesOf(Language::English);
  const std::size_t chinese_bytes_ = bytesOf(Language::Chinese);
  const Words& english_ = Words::in(Language::English);
  const Words& chinese_ = Words::in(Language::Chinese);

  /// What is allocated when the words of a language are first asked for.
  static std::size_t bytesOf(Language language) {
    const std::size_t before = bytes_allocated;
    Words::in(language);
    return bytes_allocated - before;
  }

 private Q_SLOTS:
  void aLanguageThatNobodyAskedForIsNotParsed() {
    QVERIFY2(english_bytes_ > 100'000, QByteArray::number(qulonglong(english_bytes_)));
    QVERIFY2(chinese_bytes_ > 100'000, QByteArray::number(qulonglong(chinese_bytes_)));
  }

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

  void aCountChoosesBetweenOneAndMany() {
    const auto said = [&](std::int64_t steps) {
      return english_(Message{
          "home.run",
          {{"name", std::string("Race")}, {"steps", steps}, {"time", std::string("noon")}}});
    };
    QCOMPARE(said(1), std::string("Race · 1 step · noon"));
    QCOMPARE(said(0), std::string("Race · 0 steps · noon"));
    QCOMPARE(said(150), std::string("Race · 150 steps · noon"));
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
    const RecordName head = partsOf("alignment/1.0", none);
    QCOMPARE(head.curve, std::string("1.0"));
    QCOMPARE(head.quantity, std::string("alignment"));
    QVERIFY(Words::in(Language::English).has("any", "curve", "1.0"));
    QVERIFY(!Words::in(Language::English).has("any", "curve", "1.0.0"));
    QCOMPARE(Words::in(Language::English).of("any", "curve", "12.3"), std::string("head 12.3"));
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

  void oneIsSingular() {
    const auto say = [&](Argument count) {
      return english_(Message{"{n} {n|step|steps} {n|is|are} left", {{"n", std::move(count)}}});
    };
    QCOMPARE(say(std::int64_t{1}), std::string("1 step is left"));
    QCOMPARE(say(1.0), std::string("1 step is left"));
    QCOMPARE(say(std::int64_t{0}), std::string("0 steps are left"));
    QCOMPARE(say(1.5), std::string("1.5 steps are left"));
    QCOMPARE(english_(Message{"{n|a|b}", {}}), std::string("{n|a|b}"));
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

  void keysAreSortedAndComplete() {
    QVERIFY(std::is_sorted(english_.keys().begin(), english_.keys().end()));
    for (const std::string& key : english_.keys()) QVERIFY(english_.has(key));
  }
};

QTEST_APPLESS_MAIN(WordsTest)
#include "words_test.moc"
