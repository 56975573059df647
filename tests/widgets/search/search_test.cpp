// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>

#include "widgets/search/found_rows.h"
#include "widgets/search/search_box.h"
#include "widgets/search/search_index.h"
#include "widgets/text/mnemonic.h"
#include "widgets/text/plain_line.h"

using namespace viva;

extern "C" const viva::Catalog* viva_catalog();

namespace {

const SearchIndex& indexIn(Language language) {
  static const SearchIndex english(viva_catalog(), Language::English, {});
  static const SearchIndex chinese(viva_catalog(), Language::Chinese, {});
  return language == Language::English ? english : chinese;
}

QStringList targets(const QString& query, Language language = Language::English) {
  QStringList found;
  for (const SearchItem* item : indexIn(language).find(query)) found.append(item->target);
  return found;
}

}  // namespace

class SearchTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aTitleComesBeforeWhatOnlyMentionsIt() {
    QCOMPARE(targets("gan").front(), QString("lesson:gan"));
    QCOMPARE(targets("optimizer race").front(), QString("experiment:optimizer-race"));
  }

  void everythingThatCanBeOpenedIsFound() {
    QVERIFY(targets("ravine-zigzag").contains("preset:optimizer-race/ravine-zigzag"));
    QVERIFY(targets("forget_bias").contains("parameter:lstm-gates/forget_bias"));
    QVERIFY(targets("Wasserstein").filter("note:gan#").size() > 0);
    QVERIFY(targets("momentum").filter("card:").size() > 0);
  }

  void chineseWordsOfOneOrTwoCharactersAreFound() {
    QVERIFY(targets("梯度", Language::Chinese).contains("lesson:vanishing-gradients"));
    QVERIFY(targets("门", Language::Chinese).filter("lstm").size() > 0);
  }

  void eitherLanguageFindsInEitherWindow() {
    QVERIFY(targets("梯度消失", Language::English).contains("lesson:vanishing-gradients"));
    QVERIFY(targets("vanishing", Language::Chinese).contains("lesson:vanishing-gradients"));
  }

  void allWordsMustBeThereInAnyOrderAndCase() {
    QCOMPARE(targets("RACE optimizer").front(), QString("experiment:optimizer-race"));
    QVERIFY(targets("race nosuchword").isEmpty());
  }

  void whatTheyAskThenIsFoundToo() {
    const SearchIndex index(nullptr, Language::English,
                            {{"own", "", "", "", "Q", "A", "E", "Why not zugzwang?"}});
    QCOMPARE(index.find("zugzwang").size(), std::size_t(1));
    QCOMPARE(index.find("zugzwang").front()->target, QString("card:own"));
  }

  void whatIsCalledSoComesFirstThenQuestionsThenTexts() {
    const auto kindOf = [](const QString& target) { return target.section(':', 0, 0); };
    const QStringList found = targets("momentum");
    qsizetype first_card = -1;
    for (qsizetype i = 0; i < found.size(); ++i)
      if (kindOf(found[i]) == "card" && first_card < 0) first_card = i;
    QVERIFY(first_card > 0);
    for (qsizetype i = 0; i < first_card; ++i) {
      const SearchItem* item = indexIn(Language::English).item(found[i]);
      QVERIFY2(item->names.contains("momentum"), qPrintable(found[i]));
    }
    QCOMPARE(targets("LSTM").front(), QString("lesson:lstm"));
    QCOMPARE(targets("vanishing gradients").front(), QString("lesson:vanishing-gradients"));
    // The whole name before one that only begins so.
    const SearchIndex index(nullptr, Language::English,
                            {{"own", "", "", "", "What is momentum?", "A", "E"}});
    QVERIFY(index.find("what is momentum").front()->names.contains("momentum"));
  }

  void oneTypingErrorIsForgiven_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("target");
    const auto row = [](const char* typed, const char* target) {
      QTest::newRow(typed) << QString(typed) << QString(target);
    };
    row("optimzers", "lesson:optimizers");           // left out
    row("overfittting", "lesson:overfitting");       // added
    row("vanushing", "lesson:vanishing-gradients");  // another one
    row("explodign", "lesson:exploding-gradients");  // exchanged
    row("nomentum race", "");                        // the first one; none has both
  }
  void oneTypingErrorIsForgiven() {
    QFETCH(QString, typed);
    QFETCH(QString, target);
    const QStringList found = targets(typed);
    QVERIFY2(!found.isEmpty(), qPrintable(typed));
    if (!target.isEmpty()) QCOMPARE(found.front(), target);
  }

  void twoTypingErrorsAreNot() {
    QVERIFY(targets("optmzers").isEmpty());
    QVERIFY(targets("gxq").isEmpty());
  }

  void aWholeQuestionIsUnderstood() {
    QVERIFY(targets("Why does my GAN collaps?").filter("gan").size() > 0);
    QVERIFY(targets("why does momentum not zigzag").size() > 0);
    const QStringList found = targets(QString::fromUtf8("为什么梯度会消失？"), Language::Chinese);
    QVERIFY(found.filter("vanishing").size() > 0);
  }

  void whatHasAllWordsHidesWhatHasOnlySome() {
    const SearchIndex index(
        nullptr, Language::English,
        {{"both", "", "", "", "Qwerty zxcvbn", "A", "E"}, {"one", "", "", "", "Qwerty", "A", "E"}});
    QCOMPARE(index.find("qwerty zxcvbn").size(), std::size_t(1));
    const SearchIndex apart(
        nullptr, Language::English,
        {{"two", "", "", "", "Zxcvbn", "A", "E"}, {"one", "", "", "", "Qwerty", "A", "E"}});
    QCOMPARE(apart.find("qwerty zxcvbn").size(), std::size_t(2));
  }

  void anErrorIsALetterLeftOutAddedChangedOrExchanged() {
    for (const char* other : {"cat", "ct", "cart", "cut", "act", "ca", "cats", "at"})
      QVERIFY2(isOneErrorFrom("cat", other), other);
    for (const char* other : {"dog", "c", "carts", "tac", "", "atc"})
      QVERIFY2(!isOneErrorFrom("cat", other), other);
  }

  void whileNothingIsTypedTheBoxOffersWhatIsAtHand() {
    SearchBox box(std::make_shared<SearchIndex>(indexIn(Language::English)), Language::English,
                  nullptr);
    box.offer({"lesson:gan", "card:gone"}, {"lesson:lstm", "lesson:gan"});
    box.show();
    const auto shown = [&] {
      QStringList rows;
      for (int i = 0; i < box.list()->count(); ++i)
        if (const QString target = box.list()->item(i)->data(Qt::UserRole).toString();
            !target.isEmpty())
          rows.append(target);
      return rows;
    };
    QCOMPARE(shown(), (QStringList{"lesson:gan", "lesson:lstm"}));
    QTest::keyClick(box.line(), Qt::Key_Down);  // over the heading between
    QTest::keyClick(box.line(), Qt::Key_Up);
    QTest::keyClick(box.line(), Qt::Key_Up);
    QCOMPARE(box.list()->currentItem()->data(Qt::UserRole).toString(), QString("lesson:gan"));
    QTest::keyClicks(box.line(), "optimizers");
    QCOMPARE(shown().front(), QString("lesson:optimizers"));
    box.line()->clear();
    QSignalSpy chosen(&box, &SearchBox::chosen);
    QTest::keyClick(box.line(), Qt::Key_Return);
    QCOMPARE(chosen[0][0].toString(), QString("lesson:gan"));
  }

  void whatWasTypedIsMarkedInWhatWasFound() {
    QCOMPARE(markedHtml("Momentum & more", {"momentum"}), QString("<b>Momentum</b> &amp; more"));
    QCOMPARE(markedHtml("a<b>c", {"b>"}), QString("a&lt;<b>b&gt;</b>c"));
    QCOMPARE(markedHtml("aaa", {"aa"}), QString("<b>aaa</b>"));
  }

  void fullWidthLettersAreTheSame() { QCOMPARE(targets("ＧＡＮ").front(), QString("lesson:gan")); }

  void whatACommandChoosesIsFoundByItsNameAlone() {
    SearchIndex index(viva_catalog(), Language::English, {});
    index.addCommand("menu.language_en", "Language: English", {});
    index.addCommand("menu.language_zh_CN", "Language: 简体中文 (Chinese)", {});
    const auto first = [&](const QString& query) { return index.find(query).front()->target; };
    // Before the preset of the lesson GPT whose name has the word as well.
    QCOMPARE(first("Chinese"), QString("command:menu.language_zh_CN"));
    QCOMPARE(first("简体中文"), QString("command:menu.language_zh_CN"));
    QCOMPARE(first("english"), QString("command:menu.language_en"));
    QCOMPARE(first("gan"), QString("lesson:gan"));
  }

  void nothingIsFoundForNothing() {
    QVERIFY(targets("").isEmpty());
    QVERIFY(targets("   ").isEmpty());
    QVERIFY(targets(QString(100000, 'x')).isEmpty());
  }

  void theBoxIsUsedByKeyboardAlone() {
    SearchBox box(std::make_shared<SearchIndex>(indexIn(Language::English)), Language::English,
                  nullptr);
    QSignalSpy chosen(&box, &SearchBox::chosen);
    box.show();
    QTest::keyClicks(box.line(), "gan");
    QVERIFY(box.list()->count() > 1);
    QTest::keyClick(box.line(), Qt::Key_Down);
    const QString second = box.list()->item(1)->data(Qt::UserRole).toString();
    QTest::keyClick(box.line(), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toString(), second);
    QVERIFY(!box.isVisible());
  }

  void aMenuEntryIsFoundWithoutTheMarkOfItsKey() {
    QCOMPARE(withoutMnemonic("Light &theme"), QString("Light theme"));
    QCOMPARE(withoutMnemonic(QStringLiteral("浅色主题(&I)…")), QStringLiteral("浅色主题…"));
  }

  void markdownBecomesAPlainLine() {
    QCOMPARE(plainLine("**Why** does `lr` [matter](preset:x)\nat $\\eta = 0.1$?"),
             QString("Why does lr matter at eta = 0.1?"));
  }
};

QTEST_MAIN(SearchTest)
#include "search_test.moc"
