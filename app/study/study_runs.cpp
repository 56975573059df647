// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of the study store: kept, described, deleted, forgotten.
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/study/record_archive.h"
#include "app/study/study_store.h"

namespace viva {
namespace {

using Json = nlohmann::json;

constexpr int kRecentRuns = 50;
constexpr int kRunsListed = 500;
constexpr int kDaysToBringBack = 1;

const QString kColumns =
    "id, experiment, preset, time, steps, file, name, note, starred, status, finals, bytes, "
    "EXISTS (SELECT 1 FROM run_records WHERE run = id)";

QByteArray toJson(const std::vector<std::pair<QString, double>>& finals) {
  Json array = Json::array();
  for (const auto& [record, value] : finals)
    array.push_back({record.toStdString(), std::isfinite(value)
                                               ? Json(value)
                                               : Json(QString::number(value).toStdString())});
  return QByteArray::fromStdString(array.dump());
}

std::vector<std::pair<QString, double>> finalsFrom(const QString& json) {
  std::vector<std::pair<QString, double>> finals;
  for (const Json& pair : Json::parse(json.toStdString(), nullptr, false)) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) continue;
    const Json& value = pair[1];
    finals.emplace_back(QString::fromStdString(pair[0].get<std::string>()),
                        value.is_number() ? value.get<double>()
                        : value.is_string()
                            ? QString::fromStdString(value.get<std::string>()).toDouble()
                            : 0);
  }
  return finals;
}

RecentRun runIn(const QSqlQuery& row) {
  return {row.value(0).toLongLong(),
          row.value(1).toString(),
          row.value(2).toString(),
          momentOf(row.value(3)),
          row.value(4).toLongLong(),
          row.value(5).toByteArray(),
          row.value(6).toString(),
          row.value(7).toString(),
          row.value(8).toBool(),
          row.value(9).toString(),
          finalsFrom(row.value(10).toString()),
          row.value(12).toBool(),
          row.value(11).toLongLong()};
}

std::vector<RecentRun> allIn(QSqlQuery rows) {
  std::vector<RecentRun> runs;
  while (rows.next()) runs.push_back(runIn(rows));
  return runs;
}

void forget(Database& database, qint64 run) {
  database.run("DELETE FROM run_records WHERE run = ?", {run});
  database.run("DELETE FROM runs WHERE id = ?", {run});
}

}  // namespace

qint64 StudyStore::ran(const RecentRun& run, const QByteArray& records) {
  qint64 id = 0;
  const bool kept = change(
      [&] {
        const QDateTime time = run.time.isValid() ? run.time : QDateTime::currentDateTimeUtc();
        // A replay is the same run once more.
        id = database()
                 .value(
                     "SELECT id FROM runs WHERE experiment = ? AND preset = ? AND steps = ? AND "
                     "file = ? AND deleted IS NULL",
                     {run.experiment, run.preset, run.steps, run.file})
                 .toLongLong();
        if (id > 0) {
          database().run("UPDATE runs SET time = ? WHERE id = ?", {valueOf(time), id});
          return;
        }
        database().run(
            "INSERT INTO runs (experiment, preset, time, steps, file, name, note, starred, status, "
            "finals, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {run.experiment, run.preset, valueOf(time), run.steps, run.file, run.name, run.note,
             run.starred ? 1 : 0, run.status, QString::fromUtf8(toJson(run.finals)),
             run.file.size() + records.size()});
        id = database().value("SELECT last_insert_rowid()").toLongLong();
        if (!records.isEmpty())
          database().run("INSERT INTO run_records (run, records) VALUES (?, ?)", {id, records});
        forgetRuns();
      },
      Safe::Soon);
  return kept ? id : 0;
}

void StudyStore::forgetRuns() {
  const QDateTime long_ago = QDateTime::currentDateTimeUtc().addDays(-kDaysToBringBack);
  std::vector<qint64> gone;
  QSqlQuery deleted = database().run("SELECT id FROM runs WHERE deleted < ?", {valueOf(long_ago)});
  while (deleted.next()) gone.push_back(deleted.value(0).toLongLong());
  deleted.finish();
  for (const qint64 run : gone) forget(database(), run);
  qint64 bytes = database().value("SELECT total(bytes) FROM runs").toLongLong();
  if (bytes <= limit_of_runs_) return;
  std::vector<std::pair<qint64, qint64>> expendable;
  QSqlQuery row = database().run(
      "SELECT id, bytes FROM runs WHERE starred = 0 OR deleted IS NOT NULL "
      "ORDER BY deleted IS NULL, id");
  while (row.next()) expendable.emplace_back(row.value(0).toLongLong(), row.value(1).toLongLong());
  row.finish();
  for (const auto& [run, its] : expendable) {
    if (bytes <= limit_of_runs_) return;
    forget(database(), run);
    bytes -= its;
  }
}

std::vector<RecentRun> StudyStore::recentRuns() {
  std::vector<RecentRun> runs;
  read([&] {
    runs = allIn(
        database().run("SELECT " + kColumns +
                           " FROM runs WHERE deleted IS NULL ORDER BY time DESC, id DESC LIMIT ?",
                       {kRecentRuns}));
  });
  return runs;
}

std::vector<RecentRun> StudyStore::runsOf(const QString& experiment) {
  std::vector<RecentRun> runs;
  read([&] {
    runs = allIn(database().run("SELECT " + kColumns +
                                    " FROM runs WHERE experiment = ? AND deleted IS NULL "
                                    "ORDER BY starred DESC, time DESC, id DESC LIMIT ?",
                                {experiment, kRunsListed}));
  });
  return runs;
}

std::optional<KeptRecords> StudyStore::recordsOf(qint64 run) {
  std::optional<KeptRecords> records;
  read([&] {
    records = unpackRecords(
        database().value("SELECT records FROM run_records WHERE run = ?", {run}).toByteArray());
  });
  return records;
}

void StudyStore::describeRun(const RecentRun& run) {
  change([&] {
    database().run("UPDATE runs SET name = ?, note = ?, starred = ? WHERE id = ?",
                   {run.name, run.note, run.starred ? 1 : 0, run.id});
  });
}

void StudyStore::setRunsDeleted(const std::vector<qint64>& runs, bool deleted) {
  const QVariant time = deleted ? valueOf(QDateTime::currentDateTimeUtc()) : QVariant();
  change([&] {
    for (const qint64 run : runs)
      database().run("UPDATE runs SET deleted = ? WHERE id = ?", {time, run});
  });
}

qint64 StudyStore::bytesOfRuns() {
  qint64 bytes = 0;
  read([&] {
    bytes = database().value("SELECT total(bytes) FROM runs WHERE deleted IS NULL").toLongLong();
  });
  return bytes;
}

void StudyStore::setLimitOfRuns(qint64 bytes) {
  if (std::exchange(limit_of_runs_, bytes) == bytes || bytesOfRuns() <= bytes) return;
  change([&] { forgetRuns(); });
}

}  // namespace viva
