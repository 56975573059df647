// SPDX-License-Identifier: GPL-3.0-or-later
// Where Qt's SQLite driver is not installed, the window goes on and says so.
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

class StudyDriverTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void withoutTheDriverNothingIsKeptAndEverythingAnswers() {
    QCoreApplication::setLibraryPaths({});
    if (QSqlDatabase::isDriverAvailable("QSQLITE")) QSKIP("the driver is part of this Qt");
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("QSqlDatabase: .*"));
    Place place;
    StudyStore store(place.path);
    QCOMPARE(store.problems().size(), std::size_t{1});
    QCOMPARE(store.problems()[0].key, std::string("study.no_driver"));
    QCOMPARE(store.path(), QString());
    store.setLessonCards(cardsOf("a", 3));
    QSignalSpy failed(&store, &Study::failed);
    store.review("a-0", Grade::Good, day(0), 100);
    store.setNote("a", "x");
    QTRY_COMPARE(failed.size(), 3);
    QVERIFY(store.session(day(0)).cards.empty());
    QCOMPARE(store.statistics(day(0)).forecast.size(), std::size_t{30});
    QCOMPARE(store.outlook("a-0", day(0)).size(), std::size_t{4});
    QCOMPARE(store.note("a"), QString());
    QCOMPARE(refusal([&] { store.exportTo(place.folder.filePath("x")); }),
             std::string("study.no_driver"));
    QCOMPARE(refusal([&] { store.erase(); }), std::string("study.cannot_write"));
  }
};

QTEST_GUILESS_MAIN(StudyDriverTest)
#include "study_driver_test.moc"
