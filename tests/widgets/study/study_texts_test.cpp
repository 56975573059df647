// SPDX-License-Identifier: GPL-3.0-or-later
// Every lesson has its cards and its demos, the same in both languages, and each of them can be
// shown by the experiments that there are.
#include <QRegularExpression>
#include <QTest>
#include <set>

#include "lessons/core/catalog.h"
#include "widgets/study/card_library.h"
#include "widgets/study/demo_rule.h"
#include "widgets/study/demo_text.h"
#include "widgets/study/study_sections.h"
#include "widgets/text/lesson_texts.h"

using namespace viva;

extern "C" const viva::Catalog* viva_catalog();

namespace {

constexpr std::size_t kFewestCards = 8;

std::set<std::string> recordsIn(const Quantity& quantity) {
  std::set<std::string> records;
  if (!quantity.record.empty()) records.insert(quantity.record);
  for (const Quantity& part : quantity.parts) records.merge(recordsIn(part));
  return records;
}

std::set<std::string> recordsIn(const DemoRule& rule) {
  if (rule.kind == DemoRule::Kind::Curve) return {rule.record};
  std::set<std::string> records = recordsIn(rule.quantity);
  for (const auto& [option, quantity] : rule.candidates) records.merge(recordsIn(quantity));
  return records;
}

QStringList optionsOf(const DemoText& demo) {
  QStringList keys;
  for (const DemoOption& option : demo.options) keys.append(option.key);
  return keys;
}

}  // namespace

class StudyTextsTest : public QObject {
  Q_OBJECT

  void lessonRows() {
    QTest::addColumn<QString>("lesson");
    for (const LessonEntry& lesson : lessonList())
      QTest::newRow(lesson.id.c_str()) << QString::fromStdString(lesson.id);
  }
  /// Each preset of the lesson, with its experiment.
  static std::vector<std::pair<QString, const Preset*>> presetsOf(const QString& lesson) {
    std::vector<std::pair<QString, const Preset*>> presets;
    for (const ExperimentSpec* spec : viva_catalog()->lesson(lesson.toStdString()).experiments)
      for (const Preset& preset : spec->presets)
        presets.emplace_back(QString::fromStdString(spec->id), &preset);
    return presets;
  }

 private Q_SLOTS:
  void aSectionHasAHeadAndParts() {
    const auto sections = studySections(
        "# Title\n\n## one\nproof: a-b\nsource: X: "
        "y\n\nWhy?\n\n---\n\nBecause.\n\n---\n\nMore:\n\nso.\n\n## two\n\nQ\n");
    QCOMPARE(sections.size(), std::size_t(2));
    QCOMPARE(sections[0].head["proof"], QString("a-b"));
    QCOMPARE(sections[0].head["source"], QString("X: y"));
    QCOMPARE(sections[0].parts, QStringList({"Why?", "Because.", "More:\n\nso."}));
    QCOMPARE(sections[1].parts, QStringList("Q"));
  }

  void aLineWithAColonInTheQuestionIsPartOfIt() {
    const auto cards = cardTextsIn("## one\nproof: p\n\nnote: what is it?\n---\nA\n---\nB\n", "l");
    QCOMPARE(cards.front().question, QString("note: what is it?"));
  }

  void aFourthPartIsWhatTheyAskThen() {
    const QString text = "## one\n\nQ\n---\nA\n---\nL\n---\nAnd then?\n";
    const auto cards = cardTextsIn(text, "l");
    QCOMPARE(cards.size(), std::size_t(1));
    QCOMPARE(cards[0].explanation, QString("L"));
    QCOMPARE(cards[0].follow_ups, QString("And then?"));
    const Words& words = Words::in(Language::English);
    QVERIFY(!pageOf(cards[0], false, words).contains("And then?"));
    QVERIFY(pageOf(cards[0], true, words).endsWith("#### Then they ask\n\nAnd then?"));
    QVERIFY(malformedCardsIn(text).isEmpty());
  }

  void aSectionThatIsNoCardIsNamed() {
    const QString card = "\n\nQ\n---\nA\n---\nL\n";
    QCOMPARE(malformedCardsIn("## good" + card + "## two-parts\n\nQ\n---\nA\n## five-parts" + card +
                              "---\nF\n---\nG\n## no-answer\n\nQ\n---\n---\nL\n## good" + card),
             QStringList({"two-parts", "five-parts", "no-answer", "good"}));
  }

  /// They would be missing without a word.
  void everySectionOfTheTextsIsACardOrADemo_data() { lessonRows(); }
  void everySectionOfTheTextsIsACardOrADemo() {
    QFETCH(QString, lesson);
    for (const Language language : {Language::English, Language::Chinese}) {
      const auto text = [&](const char* name) {
        return lessonText(lesson.toStdString(), name, language);
      };
      const QString file = lesson + "/%1." + QString::fromStdString(std::string(codeOf(language)));
      const QStringList cards = malformedCardsIn(text("cards"));
      QVERIFY2(cards.isEmpty(), qPrintable(file.arg("cards") + ".md: " + cards.join(", ")));
      const auto sections = studySections(text("demos"));
      QStringList demos;
      for (const StudySection& section : sections)
        if (section.parts.size() != 2 || section.parts.contains("")) demos.append(section.id);
      QVERIFY2(demos.isEmpty(), qPrintable(file.arg("demos") + ".md: " + demos.join(", ")));
    }
  }

  void everyLessonHasCardsThatAreEqualInBothLanguages_data() { lessonRows(); }
  void everyLessonHasCardsThatAreEqualInBothLanguages() {
    QFETCH(QString, lesson);
    const auto english = cardTexts(lesson, Language::English);
    const auto chinese = cardTexts(lesson, Language::Chinese);
    QVERIFY2(english.size() >= kFewestCards, qPrintable(QString::number(english.size())));
    QCOMPARE(chinese.size(), english.size());
    static const QRegularExpression formula("\\$+[^$]+\\$+");
    const auto formulas = [&](const CardText& card) {
      std::multiset<QString> all;
      for (auto match = formula.globalMatch(card.question + card.answer + card.explanation +
                                            card.follow_ups);
           match.hasNext();)
        all.insert(match.next().captured().simplified());
      return all;
    };
    for (std::size_t i = 0; i < english.size(); ++i) {
      const CardText &one = english[i], &other = chinese[i];
      QCOMPARE(other.id, one.id);
      QCOMPARE(other.proof, one.proof);
      QVERIFY2(!one.source.isEmpty() && !other.source.isEmpty(), qPrintable(one.id));
      QVERIFY2(formulas(one) == formulas(other), qPrintable(one.id + ": formulas differ"));
      QVERIFY2(other.question != one.question, qPrintable(one.id));
      QVERIFY2(other.follow_ups.isEmpty() == one.follow_ups.isEmpty(), qPrintable(one.id));
    }
  }

  void everyCardHasANameOfItsOwn() {
    std::set<QString> ids;
    for (const CardKey& key : lessonCardKeys())
      QVERIFY2(ids.insert(key.id).second, qPrintable(key.id));
  }

  void everyPresetHasADemoInBothLanguages_data() { lessonRows(); }
  void everyPresetHasADemoInBothLanguages() {
    QFETCH(QString, lesson);
    const auto rules = demoRules(lesson);
    const auto english = demoTexts(lesson, Language::English);
    const auto chinese = demoTexts(lesson, Language::Chinese);
    QCOMPARE(chinese.size(), english.size());
    QCOMPARE(rules.size(), english.size());
    for (std::size_t i = 0; i < english.size(); ++i) {
      const QString& preset = english[i].preset;
      QVERIFY2(rules.count(preset), qPrintable(preset));
      QCOMPARE(chinese[i].preset, preset);
      QCOMPARE(optionsOf(chinese[i]), optionsOf(english[i]));
      QStringList options = optionsOf(english[i]);
      QStringList decided(rules.at(preset).options.begin(), rules.at(preset).options.end());
      options.sort();
      decided.sort();
      QVERIFY2(options == decided, qPrintable(preset + ": " + options.join(' ')));
      QVERIFY2(!english[i].question.isEmpty() && !chinese[i].question.isEmpty(),
               qPrintable(preset));
      QVERIFY2(!english[i].explanation.isEmpty() && !chinese[i].explanation.isEmpty(),
               qPrintable(preset));
    }
    for (const auto& [experiment, preset] : presetsOf(lesson))
      QVERIFY2(demoOf(english, experiment, QString::fromStdString(preset->name)),
               preset->name.c_str());
  }

  void everyDemoIsDecidedByRecordsThatItsPresetHas_data() { lessonRows(); }
  void everyDemoIsDecidedByRecordsThatItsPresetHas() {
    QFETCH(QString, lesson);
    const auto rules = demoRules(lesson);
    for (const auto& [experiment, preset] : presetsOf(lesson)) {
      const DemoRule* rule = demoOf(rules, experiment, QString::fromStdString(preset->name));
      QVERIFY2(rule, preset->name.c_str());
      const ExperimentSpec& spec = viva_catalog()->experiment(experiment.toStdString());
      std::set<std::string> there;
      for (const RecordSpec& record : spec.records(spec.parametersOf(preset->name)))
        there.insert(record.name);
      for (const std::string& record : recordsIn(*rule))
        QVERIFY2(there.count(record), (preset->name + ": " + record).c_str());
    }
  }

  /// `warm-up` of two experiments of one lesson would be anybody's.
  void whatTwoExperimentsCallAlikeHasItsFullNameInTheDemos_data() { lessonRows(); }
  void whatTwoExperimentsCallAlikeHasItsFullNameInTheDemos() {
    QFETCH(QString, lesson);
    const auto presets = presetsOf(lesson);
    const auto rules = demoRules(lesson);
    std::set<QString> allowed;
    for (const auto& [experiment, preset] : presets) {
      const QString name = QString::fromStdString(preset->name);
      const bool alone = std::count_if(presets.begin(), presets.end(), [&](const auto& other) {
                           return QString::fromStdString(other.second->name) == name;
                         }) == 1;
      allowed.insert(experiment + '/' + name);
      if (alone) allowed.insert(name);
    }
    for (const auto& [name, rule] : rules) QVERIFY2(allowed.count(name), qPrintable(name));
    QCOMPARE(rules.size(), presets.size());
  }
};

QTEST_GUILESS_MAIN(StudyTextsTest)
#include "study_texts_test.moc"
