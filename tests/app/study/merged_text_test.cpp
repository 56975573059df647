// SPDX-License-Identifier: GPL-3.0-or-later
// Notes that two windows have written at the same time.
#include "app/study/merged_text.h"

#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

class MergedTextTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void nothingOfEitherIsLost_data() {
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("mine");
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<QString>("merged");
    const auto row = [](const char* name, const char* before, const char* mine, const char* theirs,
                        const char* merged) {
      QTest::newRow(name) << QString(before) << QString(mine) << QString(theirs) << QString(merged);
    };
    row("only mine", "a", "a\nb", "a", "a\nb");
    row("only theirs", "a", "a", "a\nb", "a\nb");
    row("both the same", "a", "a\nb", "a\nb", "a\nb");
    row("both from nothing", "", "mine", "theirs", "theirs\nmine");
    row("at both ends", "a\nb", "m\na\nb", "a\nb\nt", "m\na\nb\nt");
    row("in the middle of other lines", "a\nb\nc", "a\nM\nc", "a\nb\nc\nT", "a\nM\nc\nT");
    row("a line that grew, and one below", "x", "x y", "x\nz", "x y\nz");
    row("the same line", "a\nb\nc", "a\nm\nc", "a\nt\nc", "a\nt\nm\nc");
    row("both at the end", "a", "a\nm", "a\nt", "a\nt\nm");
    row("one removes, the other adds elsewhere", "a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd");
    row("one removes what the other changed", "a\nb\nc", "a\nc", "a\nB\nc", "a\nB\nc");
    row("all removed by one", "a\nb", "", "a\nb", "");
    row("empty lines are lines", "a\n\nb", "a\n\nb\n", "t\n\nb", "t\n\nb\n");
    row("two changes of one over one of the other", "a\nb\nc\nd", "A\nb\nC\nd", "a\nb\nc\nD",
        "A\nb\nC\nD");
  }
  void nothingOfEitherIsLost() {
    QFETCH(QString, before);
    QFETCH(QString, mine);
    QFETCH(QString, theirs);
    QFETCH(QString, merged);
    QCOMPARE(mergedText(before, mine, theirs), merged);
  }

  void textsTooLongToCompareLineByLineKeepAllLinesOfBoth() {
    QStringList before, mine, theirs;
    for (int line = 0; line < 3000; ++line) {
      before.append("old " + QString::number(line));
      mine.append("mine " + QString::number(line));
      theirs.append("theirs " + QString::number(line));
    }
    const QString merged = mergedText(before.join('\n'), mine.join('\n'), theirs.join('\n'));
    QCOMPARE(merged, (theirs + mine).join('\n'));
  }

  void twoStoresOfAFileKeepWhatWasWrittenInEither() {
    Place place;
    StudyStore first(place.path), second(place.path);
    first.setNote("a", "old");
    QCOMPARE(first.mergeNote("a", "old", "old\nfirst"), std::optional<QString>("old\nfirst"));
    QCOMPARE(second.mergeNote("a", "old", "second\nold"),
             std::optional<QString>("second\nold\nfirst"));
    QCOMPARE(first.note("a"), QString("second\nold\nfirst"));
    QCOMPARE(first.mergeNote("a", "second\nold\nfirst", ""), std::optional<QString>(""));
    QCOMPARE(second.note("a"), QString());
  }
};

QTEST_GUILESS_MAIN(MergedTextTest)
#include "merged_text_test.moc"
