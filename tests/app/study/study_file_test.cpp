// SPDX-License-Identifier: GPL-3.0-or-later
// The study file when all is not well: old, damaged, newer, unwritable, shared.
#include "app/study/schema.h"
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

/// A file as version 1 wrote it: one card with one review, one own card.
void writeVersionOne(const QString& path) {
  Database database(path);
  migrate(database, 1);
  database.run("INSERT INTO cards VALUES ('a-0', 2, 0, 8.2956, 1, 86400000, 0, 1, 0, 0)");
  database.run(
      "INSERT INTO reviews (card, time, grade, phase, step, stability, difficulty, reviews, lapses)"
      " VALUES ('a-0', 0, 4, 0, 0, 0, 0, 0, 0)");
  database.run(
      "INSERT INTO own_cards (id, lesson, question, answer, explanation) "
      "VALUES ('own-1', 'a', 'q', 'r', '')");
}

std::vector<Message> problemsOf(const QString& path) { return StudyStore(path).problems(); }

/// Overwrites bytes in the middle of every page but the first, which alone says what the file is.
void damage(const QString& path) {
  QByteArray content = contentOf(path);
  for (qsizetype page = 4096; page + 4096 <= content.size(); page += 4096)
    content.replace(page, 2000, QByteArray(2000, '\x5a'));
  QVERIFY(write(path, content));
}

}  // namespace

class StudyFileTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aFreshFileIsOfTheNewestVersion() {
    Place place;
    const QString path = place.folder.filePath("deep/below/study.db");
    QVERIFY(problemsOf(path).empty());
    QCOMPARE(versionInHeader(path), studyVersion());
    QVERIFY(studyVersion() >= 2);
    QCOMPARE(QDir(QFileInfo(path).path()).entryList(QDir::Files), QStringList{"study.db"});
  }

  void anOldFileIsMigratedAfterABackup() {
    Place place;
    writeVersionOne(place.path);
    StudyStore store(place.path);
    QVERIFY(store.problems().empty());
    store.setLessonCards(cardsOf("a", 2));
    QCOMPARE(store.card("a-0").memory.stability, 8.2956);
    QCOMPARE(store.ownCards().size(), std::size_t{1});
    store.visited("a", day(0));
    QCOMPARE(store.progressOf("a").visited, day(0));

    QCOMPARE(place.files("study.before-*"),
             (QStringList{"study.before-2.db", "study.before-3.db", "study.before-4.db",
                          "study.before-5.db"}));
    Database backup(place.folder.filePath("study.before-2.db"), Database::Access::Read);
    QCOMPARE(backup.version(), 1);
    QVERIFY(isWhole(backup) && hasItsTables(backup));
    QCOMPARE(backup.value("SELECT count(*) FROM reviews").toInt(), 1);
  }

  void everyVersionLeadsToTheNewest() {
    for (int version = 1; version <= studyVersion(); ++version) {
      Place place;
      {
        Database database(place.path);
        for (int step = 1; step <= version; ++step) migrate(database, step);
      }
      QVERIFY(problemsOf(place.path).empty());
      QCOMPARE(versionInHeader(place.path), studyVersion());
      QCOMPARE(place.files("study.before-*").size(), studyVersion() - version);
    }
  }

  void aMigrationThatCannotBeBackedUpIsNotMade() {
    Place place;
    writeVersionOne(place.path);
    QVERIFY(QDir(place.folder.path()).mkdir("study.before-2.db"));
    QCOMPARE(problemsOf(place.path).at(0).key, std::string("study.in_memory"));
    QCOMPARE(versionInHeader(place.path), 1);
  }

  void aDamagedFileIsSetAsideAndSaid_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("a word") << QByteArray("hello");
    QTest::newRow("random bytes") << QByteArray(20000, '\x91');
    QTest::newRow("a header and nothing behind it")
        << QByteArray("SQLite format 3\0", 16) + QByteArray(4080, '\0');
  }
  void aDamagedFileIsSetAsideAndSaid() {
    QFETCH(QByteArray, content);
    Place place;
    QVERIFY(write(place.path, content));
    StudyStore store(place.path);
    QCOMPARE(store.problems().size(), std::size_t{1});
    QCOMPARE(store.problems()[0].key, std::string("study.damaged"));
    QCOMPARE(store.path(), place.path);
    const QStringList aside = place.files("study.damaged-*.db");
    QCOMPARE(aside.size(), 1);
    QCOMPARE(contentOf(place.folder.filePath(aside[0])), content);
    store.setNote("a", "a note");
    QCOMPARE(StudyStore(place.path).note("a"), QString("a note"));
  }

  void damageInTheMiddleIsFound() {
    Place place;
    {
      StudyStore store(place.path);
      for (int number = 0; number < 50; ++number)
        store.setNote(QString::number(number), QString(500, 'x'));
    }
    damage(place.path);
    StudyStore store(place.path);
    QCOMPARE(store.problems().at(0).key, std::string("study.damaged"));
    QCOMPARE(store.path(), place.path);
    QCOMPARE(store.note("1"), QString());
  }

  void aTruncatedFileIsDamaged() {
    Place place;
    StudyStore(place.path).setNote("a", QString(20000, 'x'));
    QFile file(place.path);
    QVERIFY(file.resize(file.size() / 2 / 4096 * 4096));
    QCOMPARE(problemsOf(place.path).at(0).key, std::string("study.damaged"));
  }

  void theDatabaseOfAnotherProgramIsSetAside() {
    Place place;
    Database(place.path).run("CREATE TABLE theirs (x)");
    QCOMPARE(problemsOf(place.path).at(0).key, std::string("study.damaged"));
    QCOMPARE(place.files("study.damaged-*.db").size(), 1);
  }

  void twoDamagedFilesOfOneSecondAreBothKept() {
    Place place;
    for (int time = 0; time < 3; ++time) {
      QVERIFY(write(place.path, "rubbish"));
      QCOMPARE(problemsOf(place.path).size(), std::size_t{1});
      QVERIFY(QFile::remove(place.path));
    }
    QCOMPARE(place.files("study.damaged-*.db").size(), 3);
  }

  void aNewerFileIsLeftUntouched() {
    Place place;
    StudyStore(place.path).setNote("a", "from the future");
    Database(place.path).run(QString("PRAGMA user_version = %1").arg(studyVersion() + 5));
    const QByteArray before = contentOf(place.path);
    const QStringList files = place.files("*");
    {
      StudyStore store(place.path);
      QCOMPARE(store.problems().at(0).key, std::string("study.newer"));
      QVERIFY(
          sentence(store.problems().at(0)).contains(QString("version %1").arg(studyVersion() + 5)));
      QCOMPARE(store.path(), QString());
      store.setNote("a", "now");
      QCOMPARE(store.note("a"), QString("now"));
    }
    QCOMPARE(contentOf(place.path), before);
    QCOMPARE(place.files("*"), files);
  }

  void whereNothingCanBeWrittenTheSessionGoesOnInMemory_data() {
    QTest::addColumn<QString>("path");
    QTest::newRow("a file where the folder should be") << "file/study.db";
    QTest::newRow("a file above the folder") << "file/deep/study.db";
    QTest::newRow("a folder where the file should be") << "folder";
    QTest::newRow("a file system that takes nothing") << "/proc/viva/study.db";
    QTest::newRow("a folder that takes nothing") << "/proc/study.db";
  }
  void whereNothingCanBeWrittenTheSessionGoesOnInMemory() {
    QFETCH(QString, path);
    Place place;
    QVERIFY(write(place.folder.filePath("file"), "text"));
    QVERIFY(QDir(place.folder.path()).mkdir("folder"));
    StudyStore store(QDir(place.folder.path()).filePath(path));
    QCOMPARE(store.problems().size(), std::size_t{1});
    QCOMPARE(store.problems()[0].key, std::string("study.in_memory"));
    QVERIFY(sentence(store.problems()[0]).contains("cannot be used: "));
    QVERIFY(!sentence(store.problems()[0]).contains('{'));
    QCOMPARE(store.path(), QString());
    store.setLessonCards(cardsOf("a", 1));
    store.review("a-0", Grade::Good, day(0), 1000);
    QCOMPARE(store.card("a-0").memory.reviews, 1);
    QCOMPARE(contentOf(place.folder.filePath("file")), QByteArray("text"));
    // What would be lost can still be taken elsewhere.
    store.exportTo(place.folder.filePath("export.db"));
    StudyStore elsewhere(place.folder.filePath("export.db"));
    QCOMPARE(elsewhere.card("a-0").memory, store.card("a-0").memory);
  }

  /// A folder that cannot be made is not one that is missing.
  void whyTheFolderCannotBeMadeIsSaid() {
    const std::vector<Message> problems = problemsOf("/sys/viva/deep/below/study.db");
    QCOMPARE(problems.size(), std::size_t{1});
    QCOMPARE(problems[0].key, std::string("study.in_memory"));
    QVERIFY2(!sentence(problems[0]).contains("does not exist"), qPrintable(sentence(problems[0])));
  }

  void aNewerFileIsNotReplacedByAnExport() {
    Place place;
    StudyStore(place.path).setNote("a", "from the future");
    Database(place.path).run("PRAGMA user_version = 99");
    const QByteArray before = contentOf(place.path);
    StudyStore store(place.path);
    QCOMPARE(refusal([&] { store.exportTo(place.path); }), std::string("study.export_itself"));
    QCOMPARE(contentOf(place.path), before);
  }

  void problemsAreSaidToWhoConnectsLater() {
    Place place;
    QVERIFY(write(place.path, "rubbish"));
    StudyStore store(place.path);
    QSignalSpy failed(&store, &Study::failed);
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].value<Message>().key, std::string("study.damaged"));
    QSignalSpy later(&store, &Study::failed);
    QCoreApplication::processEvents();
    QCOMPARE(later.size(), 0);
  }

  void aFileThatAnotherProgramLocksIsLeftAlone() {
    Place place;
    StudyStore(place.path).setNote("a", "kept");
    Database other(place.path);
    other.run("PRAGMA locking_mode = EXCLUSIVE");
    Transaction transaction(other);
    StudyStore store(place.path);
    QCOMPARE(store.problems().at(0).key, std::string("study.in_memory"));
    QVERIFY(sentence(store.problems()[0]).contains("another program"));
    QCOMPARE(place.files("study.damaged*"), QStringList());
  }

  void twoStoresOnOneFileSeeEachOther() {
    Place place;
    StudyStore one(place.path), other(place.path);
    one.setLessonCards(cardsOf("a", 3));
    other.setLessonCards(cardsOf("a", 3));
    QCOMPARE(other.session(day(0)).fresh, 3);
    one.review("a-0", Grade::Easy, day(0), 1000);
    QCOMPARE(other.session(day(0)).fresh, 2);
    QCOMPARE(other.card("a-0").memory, one.card("a-0").memory);
    other.review("a-0", Grade::Good, day(30), 1000);
    QCOMPARE(one.card("a-0").memory.reviews, 2);
    // It is no longer the card's last review.
    QCOMPARE(one.undoReview(), QString());
    QCOMPARE(one.card("a-0").memory.reviews, 2);
    QCOMPARE(other.undoReview(), QString("a-0"));
    QCOMPARE(one.card("a-0").memory.reviews, 1);
  }

  void whatCannotBeKeptIsSaid() {
    Place place;
    StudyStore store(place.path);
    QSignalSpy failed(&store, &Study::failed), changed(&store, &Study::changed);
    Database other(place.path);
    other.run("CREATE TRIGGER no BEFORE INSERT ON notes BEGIN SELECT raise(ABORT, 'full'); END");
    store.setNote("a", "text");
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].value<Message>().key, std::string("study.not_kept"));
    QCOMPARE(changed.size(), 0);
    QCOMPARE(store.note("a"), QString());
    store.visited("a", day(0));
    QCOMPARE(changed.size(), 1);
  }
};

QTEST_GUILESS_MAIN(StudyFileTest)
#include "study_file_test.moc"
