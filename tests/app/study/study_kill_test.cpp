// SPDX-License-Identifier: GPL-3.0-or-later
// A program that is killed while it writes loses at most what it had not yet said to be kept.
#include <signal.h>

#include <QMap>
#include <QProcess>
#include <QRandomGenerator>
#include <QTimeZone>

#include "app/study/schema.h"
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

const QDateTime kNoon = QDateTime(QDate(2026, 6, 1), QTime(12, 0), QTimeZone::utc()).toUTC();

using Counts = QMap<QByteArray, int>;

Counts countsIn(StudyStore& store, const QDateTime& now) {
  Counts counts;
  counts["own"] = static_cast<int>(store.ownCards().size());
  counts["prediction"] = static_cast<int>(store.predictions().size());
  counts["review"] = store.statistics(now).reviewed_today;
  return counts;
}

/// Each card's number of reviews is how many of them are listed.
int reviewsOfTheCards(StudyStore& store) {
  int reviews = 0;
  for (int number = 0; number < 7; ++number)
    reviews += store.card(QString("card-%1").arg(number)).memory.reviews;
  return reviews;
}

/// Lets the writer say `lines` and kills it at once, wherever it is by then.
Counts killAfter(const QString& path, int lines) {
  QProcess writer;
  writer.start(STUDY_WRITER, {path});
  Counts said;
  if (!writer.waitForStarted()) return said;
  QByteArray output;
  while (output.count('\n') < lines && writer.waitForReadyRead()) output += writer.readAll();
  ::kill(static_cast<pid_t>(writer.processId()), SIGKILL);
  writer.waitForFinished();
  output += writer.readAll();
  for (const QByteArray& line : output.split('\n'))
    if (!line.isEmpty()) ++said[line];
  return said;
}

}  // namespace

class StudyKillTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// The writer begins at noon, and all that it does is of one study day then.
  void initTestCase() { qputenv("TZ", "UTC"); }

  void killedAtAnyMomentItLosesAtMostTheActionInFlight() {
    Place place;
    QRandomGenerator random(20260601);
    Counts before;
    int kept_in_all = 0;
    const int kills =
        qEnvironmentVariableIsSet("VIVA_KILLS") ? qEnvironmentVariableIntValue("VIVA_KILLS") : 30;
    for (int kill = 0; kill < kills; ++kill) {
      // Every fifth one hardly lives to open the file.
      const int lines = kill % 5 == 0 ? 0 : random.bounded(1, 60);
      const Counts said = killAfter(place.path, lines);
      StudyStore store(place.path);
      QVERIFY(store.problems().empty());
      QCOMPARE(store.path(), place.path);
      const Counts now = countsIn(store, kNoon);
      int in_flight = 0;
      for (const QByteArray what : {"own", "prediction", "review"}) {
        const int more = now[what] - before.value(what) - said.value(what);
        QVERIFY2(more == 0 || more == 1, what + ": " + QByteArray::number(more));
        in_flight += more;
      }
      QVERIFY(in_flight <= 1);
      QCOMPARE(reviewsOfTheCards(store), now["review"]);
      kept_in_all = now["review"];
      before = now;
    }
    QVERIFY(kept_in_all > 100);
    QCOMPARE(place.files("study.damaged*"), QStringList());
  }

  /// A file that is not there, one of version 1, and one that is rubbish.
  void windowsThatOpenAtOnceAgreeOnOneFile_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("backups");
    QTest::addColumn<int>("damaged");
    QTest::newRow("fresh") << 0 << 0 << 0;
    QTest::newRow("old") << 1 << studyVersion() - 1 << 0;
    QTest::newRow("damaged") << -1 << 0 << 1;
  }
  void windowsThatOpenAtOnceAgreeOnOneFile() {
    QFETCH(int, version);
    QFETCH(int, backups);
    QFETCH(int, damaged);
    Place place;
    if (version == 1) {
      Database database(place.path);
      migrate(database, 1);
    }
    if (version < 0) QVERIFY(write(place.path, QByteArray(9000, 'x')));
    std::vector<std::unique_ptr<QProcess>> writers(4);
    for (auto& writer : writers) {
      writer = std::make_unique<QProcess>();
      writer->start(STUDY_WRITER, {place.path});
    }
    int said = 0;
    for (auto& writer : writers) {
      QByteArray output;
      while (output.count('\n') < 9 && writer->waitForReadyRead()) output += writer->readAll();
      QVERIFY(output.count('\n') >= 9);
      writer->kill();
      writer->waitForFinished();
      said += (output + writer->readAll()).count("own\n");
    }
    QCOMPARE(place.files("study.before-*.db").size(), backups);
    QCOMPARE(place.files("study.damaged-*.db").size(), damaged);
    StudyStore store(place.path);
    QVERIFY(store.problems().empty());
    const int kept = static_cast<int>(store.ownCards().size());
    QVERIFY(kept >= said && kept <= said + 4);
  }
};

QTEST_GUILESS_MAIN(StudyKillTest)
#include "study_kill_test.moc"
