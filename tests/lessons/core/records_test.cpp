// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/records.h"

#include <QCryptographicHash>
#include <QTest>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <thread>

using namespace viva;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kRows = RecordChunk::kRows;
constexpr std::size_t kPlenty = 1u << 30;

std::vector<RecordSpec> specs(const std::vector<std::string>& names) {
  std::vector<RecordSpec> list;
  for (const std::string& name : names) list.push_back({name, "", false});
  return list;
}

/// A table with `rows` rows of two columns: the row's number, and its square root except in every
/// third row, where it is absent.
void fill(RecordTable& table, std::int64_t rows) {
  Recorder recorder(table);
  for (std::int64_t row = 0; row < rows; ++row) {
    recorder.add("number", static_cast<double>(row));
    if (row % 3 != 0) recorder.add("root", std::sqrt(static_cast<double>(row)));
    table.endRow();
  }
}

/// What the documentation of Records::digest promises, written again from its text.
QByteArray expectedDigest(const QByteArrayList& names, const QList<QList<double>>& rows) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  for (const QByteArray& name : names) hash.addData(name + '\n');
  for (const QList<double>& row : rows)
    for (const double value : row) {
      const quint64 bits = std::isnan(value) ? 0x7ff8000000000000 : std::bit_cast<quint64>(value);
      QByteArray bytes;
      for (int i = 0; i < 8; ++i) bytes.append(static_cast<char>(bits >> (8 * i)));
      hash.addData(bytes);
    }
  return hash.result().toHex();
}

}  // namespace

class RecordsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void absentIsNotAComputedNan() {
    QVERIFY(std::isnan(absentValue()));
    QVERIFY(isAbsent(absentValue()));
    QVERIFY(!isAbsent(kNan));
    QVERIFY(!isAbsent(std::sqrt(-1.0)));
    QVERIFY(!isAbsent(0));
  }

  void rowsReadBackAsTheyWereWritten() {
    RecordTable table(specs({"number", "root"}), kPlenty);
    fill(table, 2 * kRows + 5);
    const Records records = table.records();
    QCOMPARE(records.rows(), 2 * kRows + 5);
    QCOMPARE(records.chunks().size(), std::size_t{3});
    for (std::int64_t row = 0; row < records.rows(); ++row) {
      QCOMPARE(records.at(row, 0), static_cast<double>(row));
      if (row % 3 == 0)
        QVERIFY(isAbsent(records.at(row, 1)));
      else
        QCOMPARE(records.at(row, 1), std::sqrt(static_cast<double>(row)));
    }
  }

  void namesKeepTheirOrderAndAreFound() {
    RecordTable table(specs({"b", "a", "c/d"}), kPlenty);
    const Records records = table.records();
    QCOMPARE(records.names(), (std::vector<std::string>{"b", "a", "c/d"}));
    QCOMPARE(records.find("a"), 1);
    QCOMPARE(records.find("c"), -1);
    QCOMPARE(Records().rows(), std::int64_t{0});
    QVERIFY(Records().names().empty());
    QCOMPARE(Records().find("a"), -1);
  }

  void undeclaredRecordIsABugThatIsNamed() {
    RecordTable table(specs({"loss"}), kPlenty);
    Recorder recorder(table);
    QVERIFY_EXCEPTION_THROWN(recorder.add("lost", 1), std::logic_error);
  }

  void lastSkipsAbsentValues() {
    RecordTable table(specs({"number", "root"}), kPlenty);
    fill(table, 7);
    const Records records = table.records();
    QCOMPARE(records.last(1, 6), std::sqrt(5.0));
    QCOMPARE(records.last(1, 1), 1.0);
    QVERIFY(isAbsent(records.last(1, 0)));
    QCOMPARE(records.last(0, 100000), 6.0);
  }

  void copyStaysAsItWasWhileTheRunGoesOn() {
    RecordTable table(specs({"number", "root"}), kPlenty);
    fill(table, 10);
    const Records before = table.records();
    const std::string digest = before.digest();
    fill(table, 2 * kRows);
    QCOMPARE(before.rows(), std::int64_t{10});
    QCOMPARE(before.digest(), digest);
    QVERIFY(table.records().digest() != digest);
  }

  void theFirstRowsAreThoseThatThereOnceWere() {
    for (const std::int64_t rows : {std::int64_t{0}, std::int64_t{10}, kRows, kRows + 1}) {
      RecordTable table(specs({"number", "root"}), kPlenty);
      fill(table, rows);
      const Records then = table.records();
      QCOMPARE(then.first(rows + 7).digest(), then.digest());
      fill(table, kRows);
      const Records first = table.records().first(rows);
      QCOMPARE(first.rows(), rows);
      QCOMPARE(first.digest(), then.digest());
    }
  }

  void copyIsReadByAnotherThreadWhileRowsAreWritten() {
    RecordTable table(specs({"number", "root"}), 0);
    fill(table, kRows + 100);
    const Records copy = table.records();
    double sum = 0;
    std::thread reader([&] {
      for (std::int64_t row = 0; row < copy.rows(); ++row) sum += copy.at(row, 0);
      for (const auto& chunk : copy.chunks()) (void)chunk->extents(0).size();
    });
    fill(table, 3 * kRows);
    reader.join();
    const double rows = static_cast<double>(copy.rows());
    QCOMPARE(sum, rows * (rows - 1) / 2);
  }

  void digestIsWhatItsTextSays() {
    RecordTable table(specs({"a", "b/c"}), kPlenty);
    const QList<QList<double>> rows = {
        {1.5, absentValue()}, {-0.0, kNan}, {kInfinity, -kInfinity}, {5e-324, std::sqrt(-1.0)}};
    for (const QList<double>& row : rows) {
      for (int column = 0; column < 2; ++column)
        if (!isAbsent(row[column])) table.set(static_cast<std::size_t>(column), row[column]);
      table.endRow();
    }
    QCOMPARE(QByteArray::fromStdString(table.records().digest()),
             expectedDigest({"a", "b/c"}, rows));
    QList<QList<double>> second;
    for (const QList<double>& row : rows) second.append(QList<double>{row[1]});
    QCOMPARE(QByteArray::fromStdString(table.records().digest(1)), expectedDigest({"b/c"}, second));
  }

  void digestKnowsNamesAndSigns() {
    const auto digest = [](const char* name, double value) {
      RecordTable table(specs({name}), kPlenty);
      table.set(0, value);
      table.endRow();
      return table.records().digest();
    };
    QVERIFY(digest("a", 1) != digest("b", 1));
    QVERIFY(digest("a", 0.0) != digest("a", -0.0));
    QCOMPARE(digest("a", kNan), digest("a", -kNan));
  }

  void digestIsTheSameInMemoryAndOnDisk() {
    RecordTable memory(specs({"number", "root"}), kPlenty), disk(specs({"number", "root"}), 0);
    fill(memory, 3 * kRows + 17);
    fill(disk, 3 * kRows + 17);
    QCOMPARE(disk.records().digest(), memory.records().digest());
    QCOMPARE(disk.records().digest(1), memory.records().digest(1));
  }

  void diskThatIsNotThereFallsBackToMemory() {
    const QByteArray before = qgetenv("TMPDIR");
    qputenv("TMPDIR", VIVA_BINARY_DIR "/no/such/folder");
    RecordTable table(specs({"number", "root"}), 0);
    fill(table, kRows + 1);
    before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
    QCOMPARE(table.records().at(kRows, 0), static_cast<double>(kRows));
  }

  void chunksBeyondTheBudgetLeaveMemory() {
    RecordTable table(specs({"number", "root"}), kRows * 2 * sizeof(double));
    fill(table, 20 * kRows);
    // 19 of 20 chunks of 64 KiB are on disk and were let go of when they were sealed.
    QFile mappings("/proc/self/smaps");
    QVERIFY(mappings.open(QIODevice::ReadOnly));
    int mapped = 0;
    for (const QByteArray& line : mappings.readAll().split('\n'))
      if (line.contains("viva-records-")) ++mapped;
    QCOMPARE(mapped, 19);
  }

  void temporaryFilesHaveNoName() {
    RecordTable table(specs({"number", "root"}), 0);
    fill(table, 2 * kRows);
    QVERIFY(QDir::temp().entryList({"viva-records-*"}).isEmpty());
  }

  void extentsCoverTheFiniteValuesOfEachBlock() {
    RecordTable table(specs({"v", "none"}), kPlenty);
    std::mt19937 draw(3);
    std::normal_distribution<double> normal;
    std::vector<double> values;
    for (std::int64_t row = 0; row < kRows; ++row) {
      double value = normal(draw);
      if (row % 50 == 0) value = kNan;
      if (row % 77 == 0) value = row % 2 ? kInfinity : absentValue();
      values.push_back(value);
      table.set(0, value);
      table.endRow();
    }
    QVERIFY(table.records().chunks()[0]->extents(0).empty());  // not yet sealed
    table.endRow();
    const auto extents = table.records().chunks()[0]->extents(0);
    QCOMPARE(extents.size(), static_cast<std::size_t>(kRows / RecordChunk::kBlock));
    for (std::size_t block = 0; block < extents.size(); ++block) {
      float low = kInfinity, high = -kInfinity;
      for (std::size_t row = block * RecordChunk::kBlock; row < (block + 1) * RecordChunk::kBlock;
           ++row)
        if (std::isfinite(values[row])) {
          low = std::min(low, static_cast<float>(values[row]));
          high = std::max(high, static_cast<float>(values[row]));
        }
      QCOMPARE(extents[block].minimum, low);
      QCOMPARE(extents[block].maximum, high);
    }
    for (const auto& extent : table.records().chunks()[0]->extents(1))
      QVERIFY(extent.minimum > extent.maximum);
  }

  void extentsKeepFiniteValuesBeyondTheRangeOfFloat() {
    RecordTable table(specs({"v"}), kPlenty);
    for (std::int64_t row = 0; row <= kRows; ++row) {
      table.set(0, row == 3 ? 1e300 : row == 70 ? -1e300 : 1.0);
      table.endRow();
    }
    const auto extents = table.records().chunks()[0]->extents(0);
    QVERIFY(extents[0].maximum > 1e38f);
    QVERIFY(extents[1].minimum < -1e38f);
  }

  void tableWithoutRecordsCountsRows() {
    RecordTable table({}, 0);
    for (int row = 0; row < 5000; ++row) table.endRow();
    QCOMPARE(table.records().rows(), std::int64_t{5000});
    QCOMPARE(table.records().digest().size(), std::size_t{64});
  }
};

QTEST_GUILESS_MAIN(RecordsTest)
#include "records_test.moc"
