// SPDX-License-Identifier: GPL-3.0-or-later
// How a card is shown, and how long one waits for it.
#include <QTest>
#include <ctime>

#include "widgets/study/card_library.h"
#include "widgets/text/markdown.h"

using namespace viva;

namespace {

const Words& english() { return Words::in(Language::English); }

OwnCard card(bool plain) {
  OwnCard card{"x", {}, "What is 2*3*4?\nAnd $5 or $6?", "*a*", {}};
  card.plain = plain;
  return card;
}

QString textIn(const QString& markdown) {
  QString text;
  for (const MarkdownEvent& event : parseMarkdown(markdown))
    if (event.kind == MarkdownEvent::Kind::Text) text += event.text + ' ';
  return text.simplified();
}

CardMemory due(const QDateTime& moment, CardPhase phase = CardPhase::Review) {
  return {phase, 0, 5, 5, moment.toUTC(), moment.addDays(-3).toUTC(), 2, 0};
}

}  // namespace

class CardsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    qputenv("TZ", "Europe/Berlin");
    tzset();
  }

  void aPlainCardShowsWhatWasWritten() {
    const QString page = pageOf(textOf(card(true)), true, english());
    QVERIFY(outlineOf(page).formulas.empty());
    QCOMPARE(outlineOf(page).headings.front().text, QString("What is 2*3*4?"));
    const QString shown = textIn(page).remove(' ');
    for (const char* part : {"2*3*4", "$5or$6", "*a*"})
      QVERIFY2(shown.contains(part), qPrintable(shown));
    QCOMPARE(lineOf(textOf(card(true))), QString("What is 2*3*4? And $5 or $6?"));
  }

  void aCardInMarkdownHasItsFormulasAndMarks() {
    OwnCard written = card(false);
    written.question = "What is 2*3*4?\nAnd $5+6$?";  // md4c 0.5 sees no formula in $5 or $6
    const QString page = pageOf(textOf(written), true, english());
    QCOMPARE(outlineOf(page).formulas.size(), std::size_t{1});
    QVERIFY(textIn(page).remove(' ').contains("234"));
  }

  void aDayIsADayWhenTheClocksChange() {
    // 29 March has 23 hours in Berlin.
    const QDateTime now(QDate(2026, 3, 28), QTime(12, 0));
    const QDateTime tomorrow(QDate(2026, 3, 29), QTime(12, 0));
    QCOMPARE(waitText(due(tomorrow), now.toUTC(), english()), QString("1 d"));
    QCOMPARE(waitText(due(now.addSecs(600), CardPhase::Learning), now.toUTC(), english()),
             QString("10 min"));
  }

  void aReviewIsDueOnItsWholeDay() {
    const QDateTime evening(QDate(2026, 6, 1), QTime(20, 0));
    QVERIFY(isDue(due(evening), evening.addSecs(-15 * 3600)));
    QVERIFY(!isDue(due(evening), evening.addSecs(-17 * 3600)));
    QVERIFY(!isDue(due(evening, CardPhase::Learning), evening.addSecs(-60)));
    QVERIFY(isDue(due(evening, CardPhase::Learning), evening));
  }
};

QTEST_GUILESS_MAIN(CardsTest)
#include "cards_test.moc"
