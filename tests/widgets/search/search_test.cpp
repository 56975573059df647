// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>

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

  void fullWidthLettersAreTheSame() { QCOMPARE(targets("ＧＡＮ").front(), QString("lesson:gan")); }

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
