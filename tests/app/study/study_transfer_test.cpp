// SPDX-License-Identifier: GPL-3.0-or-later
// The study out to a file, in from one, and gone.
#include "app/study/schema.h"
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

void study(StudyStore& store, const QString& note) {
  store.setLessonCards(cardsOf("a", 3));
  store.review("a-0", Grade::Good, day(0), 100);
  store.review("a-1", Grade::Easy, day(0), 100);
  store.saveOwnCard({"own-1", "a", "q", "r", {}});
  store.setNote("a", note);
  store.setPlan({0.85, QDate(2026, 9, 1), 12, 150});
  store.predicted({"a", "race", "p", day(0), "x", 0.7, "y", false});
  store.visited("a", day(0));
  store.played("a", "race", "p", day(0));
  store.ran({0, "race", "p", day(0), 100, "{}"}, "records");
}

/// All rows of all tables.
QStringList rowsOf(const QString& path) {
  Database database(path, Database::Access::Read);
  QStringList rows;
  for (const QString& table : studyTables(studyVersion())) {
    QSqlQuery row = database.run("SELECT * FROM " + table + " ORDER BY 1");
    while (row.next()) {
      rows.append(table);
      for (int column = 0; !row.value(column).isNull() || column < 10; ++column)
        rows.back() += '|' + row.value(column).toString();
    }
  }
  return rows;
}

}  // namespace

class StudyTransferTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void anExportImportedElsewhereIsTheSame() {
    Place place, elsewhere;
    const QString file = place.folder.filePath("my export.db");
    StudyStore store(place.path);
    study(store, "mine");
    store.exportTo(file);
    QCOMPARE(rowsOf(file), rowsOf(place.path));

    StudyStore other(elsewhere.path);
    study(other, "theirs");
    other.setNote("b", "only here");
    QSignalSpy changed(&other, &Study::changed);
    other.importFrom(file);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(rowsOf(elsewhere.path), rowsOf(place.path));
    QCOMPARE(other.note("a"), QString("mine"));
    QCOMPARE(other.card("a-0").memory, store.card("a-0").memory);
    QCOMPARE(other.undoReview(), QString());
    // What was there lies beside it and can be imported again.
    const QStringList backups = elsewhere.files("study.before-import-*.db");
    QCOMPARE(backups.size(), 1);
    other.importFrom(elsewhere.folder.filePath(backups[0]));
    QCOMPARE(other.note("b"), QString("only here"));
  }

  void anotherWindowGoesOnWithWhatWasImported() {
    Place place, elsewhere;
    const QString file = elsewhere.folder.filePath("export.db");
    {
      StudyStore store(elsewhere.path);
      study(store, "imported");
      store.exportTo(file);
    }
    StudyStore one(place.path), other(place.path);
    other.setLessonCards(cardsOf("a", 3));
    QCOMPARE(other.session(day(0)).fresh, 3);
    one.importFrom(file);
    QCOMPARE(other.note("a"), QString("imported"));
    QCOMPARE(other.card("a-1").memory.reviews, 1);
    other.setNote("a", "written after");
    QCOMPARE(one.note("a"), QString("written after"));
  }

  void anOldExportIsMigratedOnTheWayInAndStaysAsItWas() {
    Place place;
    const QString file = place.folder.filePath("old.db");
    {
      Database database(file);
      migrate(database, 1);
      database.run("INSERT INTO notes VALUES ('a', 'from version 1')");
    }
    const QByteArray before = contentOf(file);
    StudyStore store(place.path);
    study(store, "new");
    store.importFrom(file);
    QCOMPARE(store.note("a"), QString("from version 1"));
    QVERIFY(store.predictions().empty());
    QCOMPARE(contentOf(file), before);
  }

  void rubbishIsRefusedAndChangesNothing_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("key");
    const QByteArray none;
    QTest::newRow("text") << QByteArray("question,answer\n") << ""
                          << "study.import_not_ours";
    QTest::newRow("empty") << QByteArray("") << ""
                           << "study.import_not_ours";
    QTest::newRow("a header alone")
        << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\0') << ""
        << "study.import_damaged";
    QTest::newRow("another program's") << none << "CREATE TABLE theirs (x)"
                                       << "study.import_not_ours";
    QTest::newRow("another program's version")
        << none << "CREATE TABLE theirs (x);PRAGMA user_version = 2"
        << "study.import_not_ours";
    QTest::newRow("newer") << none << "CREATE TABLE cards (x);PRAGMA user_version = 99"
                           << "study.import_newer";
    QString hollow;
    for (const QString& table : studyTables(studyVersion()))
      hollow += "CREATE TABLE " + table + " (x);INSERT INTO " + table + " VALUES (1);";
    QTest::newRow("our names alone")
        << none << hollow + QString("PRAGMA user_version = %1").arg(studyVersion())
        << "study.import_damaged";
  }
  void rubbishIsRefusedAndChangesNothing() {
    QFETCH(QByteArray, content);
    QFETCH(QString, sql);
    QFETCH(QString, key);
    Place place;
    const QString file = place.folder.filePath("rubbish");
    if (sql.isEmpty()) QVERIFY(write(file, content));
    for (const QString& statement : sql.split(';', Qt::SkipEmptyParts))
      Database(file).run(statement);
    StudyStore store(place.path);
    study(store, "mine");
    const QStringList before = rowsOf(place.path);
    QCOMPARE(refusal([&] { store.importFrom(file); }), key.toStdString());
    QCOMPARE(rowsOf(place.path), before);
    store.setNote("a", "goes on");
    QCOMPARE(store.note("a"), QString("goes on"));
  }

  void aDamagedExportIsRefused() {
    Place place;
    const QString file = place.folder.filePath("export.db");
    StudyStore store(place.path);
    for (int number = 0; number < 40; ++number)
      store.setNote(QString::number(number), QString(900, 'x'));
    store.exportTo(file);
    QByteArray content = contentOf(file);
    for (qsizetype page = 4096; page + 4096 <= content.size(); page += 4096)
      content.replace(page, 1000, QByteArray(1000, '\x77'));
    QVERIFY(write(file, content));
    QCOMPARE(refusal([&] { store.importFrom(file); }), std::string("study.import_damaged"));
    QCOMPARE(refusal([&] { store.importFrom(place.folder.filePath("none")); }),
             std::string("study.cannot_read"));
    QCOMPARE(refusal([&] { store.importFrom(place.folder.path()); }),
             std::string("study.cannot_read"));
    QCOMPARE(store.note("1"), QString(900, 'x'));
    QCOMPARE(place.files("study.before-import*"), QStringList());
  }

  void triggersOfAnImportedFileDoNothing() {
    Place place;
    const QString file = place.folder.filePath("export.db");
    StudyStore store(place.path);
    study(store, "mine");
    store.exportTo(file);
    Database(file).run("CREATE TRIGGER bad AFTER INSERT ON notes BEGIN DELETE FROM reviews; END");
    store.importFrom(file);
    store.setNote("c", "x");
    QCOMPARE(store.statistics(day(0)).reviewed_today, 2);
  }

  void anExportReplacesWholeOrNotAtAll() {
    Place place;
    StudyStore store(place.path);
    study(store, "mine");
    const QString file = place.folder.filePath("export.db");
    QVERIFY(write(file, "something else"));
    store.exportTo(file);
    QVERIFY(versionInHeader(file) == studyVersion());
    for (const QString& nowhere : {place.folder.filePath("no/such/folder.db"), place.folder.path(),
                                   QString("/proc/study.db"), QString(file + "/below.db")}) {
      QVERIFY(refusal([&] { store.exportTo(nowhere); }) == "study.cannot_write");
    }
    QCOMPARE(place.files("*.part-*"), QStringList());
    QCOMPARE(place.files("export.db"), QStringList{"export.db"});
  }

  void theFileInUseIsNeitherExportNorImport() {
    Place place;
    StudyStore store(place.path);
    study(store, "mine");
    QCOMPARE(refusal([&] { store.exportTo(place.path); }), std::string("study.export_itself"));
    QCOMPARE(refusal([&] { store.importFrom(place.path); }), std::string("study.import_itself"));
    QCOMPARE(store.note("a"), QString("mine"));
  }

  void whatIsInMemoryCanBeExportedAndImportedToo() {
    Place place;
    const QString file = place.folder.filePath("export.db");
    StudyStore store(QString{});
    QVERIFY(store.problems().empty());
    study(store, "in memory");
    store.exportTo(file);
    StudyStore other(QString{});
    other.importFrom(file);
    QCOMPARE(other.note("a"), QString("in memory"));
  }

  void erasedMeansErased() {
    Place place;
    {
      StudyStore store(place.path);
      study(store, "a secret of mine");
      const QString file = place.folder.filePath("export.db");
      store.exportTo(file);
      store.importFrom(file);  // leaves a backup
      store.erase();
      QVERIFY(QFile::remove(file));
      QCOMPARE(store.note("a"), QString());
      QCOMPARE(store.card("a-0").memory, CardMemory{});
      QCOMPARE(store.plan(), StudyPlan{});
      QVERIFY(store.recentRuns().empty());
      QCOMPARE(store.undoReview(), QString());
    }
    QCOMPARE(place.files("*"), QStringList{"study.db"});
    QVERIFY(!contentOf(place.path).contains("a secret of mine"));
    QVERIFY(StudyStore(place.path).problems().empty());
  }
};

QTEST_GUILESS_MAIN(StudyTransferTest)
#include "study_transfer_test.moc"
