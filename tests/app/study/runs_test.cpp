// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are kept: their records bit for bit, their names, their room on disk.
#include <bit>
#include <cmath>
#include <limits>

#include "app/study/record_archive.h"
#include "app/study/schema.h"
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

Records recordsOf(std::vector<std::vector<double>> columns) {
  std::vector<RecordSpec> specs;
  for (std::size_t i = 0; i < columns.size(); ++i)
    specs.push_back({"record/" + std::to_string(i), "", false});
  RecordTable table(std::move(specs), 256u << 20);
  for (std::size_t row = 0; row < columns.front().size(); ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) table.set(i, columns[i][row]);
    table.endRow();
  }
  return table.records();
}

std::vector<double> descent(std::size_t rows) {
  std::vector<double> values;
  for (std::size_t row = 0; row < rows; ++row)
    values.push_back(std::exp(-0.01 * static_cast<double>(row)) + 1e-3 * std::sin(double(row)));
  return values;
}

RecentRun run(const QString& name, const QByteArray& file = "{}") {
  RecentRun run{0, "race", "p", day(0), 100, file};
  run.name = name;
  return run;
}

QStringList names(StudyStore& store) {
  QStringList names;
  for (const RecentRun& run : store.runsOf("race")) names << run.name;
  names.sort();
  return names;
}

bool sameBits(const Records& one, const Records& other) {
  if (one.rows() != other.rows() || one.names() != other.names()) return false;
  for (std::int64_t row = 0; row < one.rows(); ++row)
    for (std::size_t column = 0; column < one.names().size(); ++column)
      if (std::bit_cast<std::uint64_t>(one.at(row, column)) !=
          std::bit_cast<std::uint64_t>(other.at(row, column)))
        return false;
  return true;
}

}  // namespace

class RunsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void packedRecordsComeBackBitForBit() {
    const double nan = std::nan("");
    const double infinity = std::numeric_limits<double>::infinity();
    const double tiny = std::numeric_limits<double>::denorm_min();
    const Records odd = recordsOf({{0.0, -0.0, nan, infinity, -infinity, tiny, 1e300},
                                   {absentValue(), 1, absentValue(), 2, 3, 4, absentValue()}});
    const auto back = unpackRecords(packRecords(odd));
    QVERIFY(back && sameBits(back->records, odd));
    const Records longer = recordsOf({descent(10000), descent(10000)});
    const QByteArray packed = packRecords(longer);
    QVERIFY(sameBits(unpackRecords(packed)->records, longer));
    QVERIFY(packed.size() < 10000 * 2 * 8);
  }

  void theTimesOfTheStepsAreKeptWithThem() {
    StepTimes times;
    times.add(0, 0);
    times.add(100, 0.25);
    times.add(299, 1);
    const auto back = unpackRecords(packRecords(recordsOf({descent(300)}), times));
    QVERIFY(back && back->times.marks() == times.marks());
    QVERIFY(unpackRecords(packRecords(recordsOf({descent(300)})))->times.empty());
    times.add(300, 2);  // a step that the records do not have
    QVERIFY(!unpackRecords(packRecords(recordsOf({descent(300)}), times)));
  }

  void recordsThatAreTooManyAreNotPacked() {
    const auto rows = static_cast<std::size_t>(kMostValuesKept / 2 + 1);
    const std::vector<double> zeros(rows, 0.0);
    QVERIFY(packRecords(recordsOf({zeros, zeros})).isEmpty());
    QVERIFY(packRecords(Records()).isEmpty());
  }

  void damagedBytesGiveNothing() {
    const QByteArray packed = packRecords(recordsOf({descent(500)}));
    QVERIFY(!unpackRecords({}));
    QVERIFY(!unpackRecords("rubbish"));
    for (qsizetype length = 0; length < packed.size(); length += 7)
      QVERIFY(!unpackRecords(packed.left(length)));
    QByteArray claims = packed;  // 2^40 rows
    claims[8 + 2] = 1;
    QVERIFY(!unpackRecords(claims));
  }

  void aRunIsThereAfterARestartWithItsRecords() {
    Place place;
    const Records records = recordsOf({descent(300), descent(300)});
    RecentRun made = run("first");
    made.status = "diverged";
    made.finals = {{"loss", 0.25}, {"norm", std::numeric_limits<double>::infinity()}};
    {
      StudyStore store(place.path);
      QVERIFY(store.ran(made, packRecords(records)) > 0);
    }
    StudyStore store(place.path);
    const auto runs = store.runsOf("race");
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs[0].name, QString("first"));
    QCOMPARE(runs[0].status, QString("diverged"));
    QVERIFY(runs[0].finals == made.finals);
    QVERIFY(runs[0].has_records && runs[0].bytes > 0);
    QVERIFY(sameBits(store.recordsOf(runs[0].id)->records, records));
    QVERIFY(store.runsOf("another").empty());
    QCOMPARE(store.bytesOfRuns(), runs[0].bytes);
  }

  void aRunWithoutRecordsSaysSo() {
    StudyStore store{QString()};
    const qint64 id = store.ran(run("long"), {});
    QVERIFY(!store.runsOf("race")[0].has_records);
    QVERIFY(!store.recordsOf(id));
  }

  void theSameRunOnceMoreIsTheSameRun() {
    StudyStore store{QString()};
    RecentRun made = run("first");
    const qint64 id = store.ran(made, {});
    made.name = {};
    made.time = day(3);
    QCOMPARE(store.ran(made, {}), id);
    QCOMPARE(store.runsOf("race").size(), std::size_t{1});
    QCOMPARE(store.runsOf("race")[0].name, QString("first"));
    QCOMPARE(store.runsOf("race")[0].time, day(3));
    made.steps = 200;
    QVERIFY(store.ran(made, {}) != id);
  }

  void namesNotesAndStarsAreKept() {
    Place place;
    {
      StudyStore store(place.path);
      RecentRun made = run("");
      made.id = store.ran(made, {});
      made.name = "the good one";
      made.note = "why? 中文";
      made.starred = true;
      store.describeRun(made);
    }
    const RecentRun kept = StudyStore(place.path).runsOf("race").at(0);
    QCOMPARE(kept.name, QString("the good one"));
    QCOMPARE(kept.note, QString("why? 中文"));
    QVERIFY(kept.starred);
  }

  void whatIsDeletedComesBackOrGoesAfterADay() {
    Place place;
    StudyStore store(place.path);
    const qint64 one = store.ran(run("one", "1"), "records"), two = store.ran(run("two", "2"), {});
    store.setRunsDeleted({one, two}, true);
    QVERIFY(store.runsOf("race").empty() && store.recentRuns().empty());
    QCOMPARE(store.bytesOfRuns(), qint64{0});
    store.setRunsDeleted({two}, false);
    QCOMPARE(names(store), QStringList{"two"});
    const auto rows = [&] {
      return Database(place.path).value("SELECT count(*) FROM runs").toInt();
    };
    store.ran(run("three", "3"), {});
    QCOMPARE(rows(), 3);
    Database(place.path).run("UPDATE runs SET deleted = deleted - 90000000 WHERE id = ?", {one});
    store.ran(run("four", "4"), {});
    QCOMPARE(rows(), 3);
    QCOMPARE(Database(place.path).value("SELECT count(*) FROM run_records").toInt(), 0);
  }

  void beyondTheLimitTheOldestWithoutAStarGo() {
    StudyStore store{QString()};
    const QByteArray records(1000, 'x');
    for (const char* name : {"1", "2", "3", "4"}) {
      RecentRun made = run(name, name);
      made.starred = *name == '1';
      store.ran(made, records);
    }
    QCOMPARE(store.bytesOfRuns(), qint64{4004});
    store.setLimitOfRuns(3100);
    QCOMPARE(names(store), (QStringList{"1", "3", "4"}));
    store.ran(run("5", "5"), records);
    QCOMPARE(names(store), (QStringList{"1", "4", "5"}));
    // What was deleted goes first.
    store.setRunsDeleted({store.runsOf("race").front().id}, true);
    store.ran(run("6", "6"), records);
    QCOMPARE(names(store).size(), 3);
    QVERIFY(store.bytesOfRuns() <= 3100);
  }

  void runsOfVersionTwoStay() {
    Place place;
    {
      Database database(place.path);
      migrate(database, 1);
      migrate(database, 2);
      database.run(
          "INSERT INTO runs (experiment, preset, time, steps, file) VALUES ('race', 'p', 0, 7, "
          "x'7b7d')");
    }
    StudyStore store(place.path);
    const auto runs = store.runsOf("race");
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs[0].file, QByteArray("{}"));
    QCOMPARE(runs[0].bytes, qint64{2});
    QVERIFY(!runs[0].has_records && !runs[0].starred);
  }
};

QTEST_GUILESS_MAIN(RunsTest)
#include "runs_test.moc"
