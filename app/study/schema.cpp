// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/schema.h"

#include <QRegularExpression>
#include <algorithm>
#include <vector>

namespace viva {
namespace {

// Moments are milliseconds since 1970, UTC; NULL: never. STRICT holds every column to its type.
const std::vector<QStringList>& versions() {
  static const std::vector<QStringList> all = {
      // 1: cards and what was remembered of them.
      {"CREATE TABLE cards ("
       "  id TEXT PRIMARY KEY,"
       "  phase INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 3),"
       "  step INTEGER NOT NULL, stability REAL NOT NULL, difficulty REAL NOT NULL,"
       "  due INTEGER, last INTEGER,"
       "  reviews INTEGER NOT NULL, lapses INTEGER NOT NULL,"
       "  suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1))"
       ") STRICT, WITHOUT ROWID",
       // With the memory as it was before, so that a review can be taken back exactly.
       "CREATE TABLE reviews ("
       "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
       "  card TEXT NOT NULL REFERENCES cards (id),"
       "  time INTEGER NOT NULL,"
       "  grade INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 4),"
       "  phase INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 3),"
       "  step INTEGER NOT NULL, stability REAL NOT NULL, difficulty REAL NOT NULL,"
       "  due INTEGER, last INTEGER,"
       "  reviews INTEGER NOT NULL, lapses INTEGER NOT NULL"
       ") STRICT",
       "CREATE INDEX reviews_by_card ON reviews (card)",
       "CREATE TABLE own_cards ("
       "  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, lesson TEXT NOT NULL,"
       "  question TEXT NOT NULL, answer TEXT NOT NULL, explanation TEXT NOT NULL"
       ") STRICT",
       "CREATE TABLE plan (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
       "CREATE TABLE notes (lesson TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT"},
      // 2: what was done in the lab, and how long a review took.
      {"ALTER TABLE reviews ADD COLUMN milliseconds INTEGER NOT NULL DEFAULT 0",
       "CREATE INDEX reviews_by_time ON reviews (time, phase, grade)",
       "CREATE TABLE visits (lesson TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT",
       "CREATE TABLE plays ("
       "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
       "  lesson TEXT NOT NULL, experiment TEXT NOT NULL, preset TEXT NOT NULL,"
       "  time INTEGER NOT NULL, UNIQUE (lesson, experiment, preset)"
       ") STRICT",
       "CREATE TABLE predictions ("
       "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
       "  lesson TEXT NOT NULL, experiment TEXT NOT NULL, preset TEXT NOT NULL,"
       "  time INTEGER NOT NULL, expected TEXT NOT NULL,"
       "  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),"
       "  outcome TEXT NOT NULL, correct INTEGER NOT NULL CHECK (correct IN (0, 1))"
       ") STRICT",
       "CREATE INDEX predictions_by_lesson ON predictions (lesson)",
       "CREATE TABLE runs ("
       "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
       "  experiment TEXT NOT NULL, preset TEXT NOT NULL, time INTEGER NOT NULL,"
       "  steps INTEGER NOT NULL, file BLOB NOT NULL"
       ") STRICT"},
      // 3: what a run gave. Its records have a table of their own, so that a list of runs reads
      // few pages. No cascade: an import replaces the rows of one table after the other.
      {"ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT ''",
       "ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT ''",
       "ALTER TABLE runs ADD COLUMN starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1))",
       "ALTER TABLE runs ADD COLUMN status TEXT NOT NULL DEFAULT ''",
       "ALTER TABLE runs ADD COLUMN finals TEXT NOT NULL DEFAULT '[]'",
       "ALTER TABLE runs ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
       "ALTER TABLE runs ADD COLUMN deleted INTEGER", "UPDATE runs SET bytes = length(file)",
       "CREATE INDEX runs_by_experiment ON runs (experiment, id)",
       "CREATE TABLE run_records ("
       "  run INTEGER PRIMARY KEY REFERENCES runs (id), records BLOB NOT NULL"
       ") STRICT"},
      // 4: what they ask then.
      {"ALTER TABLE own_cards ADD COLUMN follow_ups TEXT NOT NULL DEFAULT ''"},
      // 5: plain text, and what belongs to the program that a card came from. All were Markdown.
      {"ALTER TABLE own_cards ADD COLUMN plain INTEGER NOT NULL DEFAULT 0 CHECK (plain IN (0, 1))",
       "ALTER TABLE own_cards ADD COLUMN note_type TEXT NOT NULL DEFAULT ''",
       "ALTER TABLE own_cards ADD COLUMN deck TEXT NOT NULL DEFAULT ''",
       "ALTER TABLE own_cards ADD COLUMN tags TEXT NOT NULL DEFAULT ''"}};
  return all;
}

}  // namespace

int studyVersion() { return static_cast<int>(versions().size()); }

const QStringList& migrationTo(int version) {
  return versions().at(static_cast<std::size_t>(version) - 1);
}

QStringList studyTables(int version) {
  static const QRegularExpression made("^CREATE TABLE (\\w+)");
  QStringList names;
  for (int step = 1; step <= version; ++step)
    for (const QString& statement : migrationTo(step))
      if (const auto match = made.match(statement); match.hasMatch())
        names.append(match.captured(1));
  names.sort();
  return names;
}

void migrate(Database& database, int version) {
  Transaction transaction(database);
  if (database.version() >= version) return;  // another window was faster
  for (const QString& statement : migrationTo(version)) database.run(statement);
  database.run(QString("PRAGMA user_version = %1").arg(version));
  transaction.commit();
}

bool isWhole(Database& database) {
  return database.value("PRAGMA quick_check(1)").toString() == "ok";
}

bool hasItsTables(Database& database) {
  const int version = database.version();
  const QStringList tables = database.tables();
  if (version == 0) return tables.isEmpty();
  if (version < 0 || version > studyVersion()) return false;
  const QStringList needed = studyTables(version);
  return std::all_of(needed.begin(), needed.end(),
                     [&](const QString& table) { return tables.contains(table); });
}

}  // namespace viva
