// SPDX-License-Identifier: GPL-3.0-or-later
// The study as a whole: out to a file, in from one, gone.
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <cerrno>

#include "app/export/file_writer.h"
#include "app/study/schema.h"
#include "app/study/study_store.h"

namespace viva {
namespace {

RequestError refused(const std::string& key, const QString& path) {
  return RequestError({key, {{"file", path.toStdString()}}});
}

/// A whole copy of what is to be imported, of this version, in a file of our own; what is not a
/// study file is refused. Nothing is written to `path`.
void copySound(const QString& path, const QString& copy) {
  if (QFileInfo(path).isDir()) throw cannotRead(path, systemReason(EISDIR));
  if (QFile file(path); !file.open(QIODevice::ReadOnly))
    throw cannotRead(path, systemReason(QFile::exists(path) ? EACCES : ENOENT));
  const int version = versionInHeader(path);
  if (version > studyVersion())
    throw RequestError(
        {"study.import_newer", {{"file", path.toStdString()}, {"version", std::int64_t{version}}}});
  if (version < 0) throw refused("study.import_not_ours", path);
  try {
    Database source(path, Database::Access::Read);
    if (!isWhole(source)) throw refused("study.import_damaged", path);
    if (source.version() < 1 || !hasItsTables(source)) throw refused("study.import_not_ours", path);
    writeWhole(source, copy);
  } catch (const DatabaseError& error) {
    if (error.isDamage()) throw refused("study.import_damaged", path);
    throw cannotRead(path, error.reason());
  }
  try {
    Database database(copy);
    database.run("PRAGMA trusted_schema = OFF");
    for (int step = database.version() + 1; step <= studyVersion(); ++step) migrate(database, step);
  } catch (const DatabaseError&) {
    throw refused("study.import_damaged", path);
  }
}

QString columnsOf(Database& database, const QString& table) {
  QStringList columns;
  QSqlQuery row = database.run("SELECT name FROM pragma_table_info(?)", {table});
  while (row.next()) columns.append(row.value(0).toString());
  return columns.join(", ");
}

/// Row by row into tables of ours: the file's triggers and views have nothing to say here, and
/// another window that has the file open goes on with the new rows.
void replaceRows(Database& database) {
  Transaction transaction(database);
  database.run("PRAGMA defer_foreign_keys = ON");
  for (const QString& table : studyTables(studyVersion())) {
    const QString columns = columnsOf(database, table);
    database.run(QString("DELETE FROM main.%1").arg(table));
    database.run(
        QString("INSERT INTO main.%1 (%2) SELECT %2 FROM imported.%1").arg(table, columns));
  }
  transaction.commit();
}

/// Detaches, whatever happened in between.
class Attached {
 public:
  Attached(Database& database, const QString& path) : database_(database) {
    database_.run("ATTACH DATABASE ? AS imported", {path});
  }
  ~Attached() {
    try {
      database_.run("DETACH DATABASE imported");
    } catch (const DatabaseError&) {
      // It goes with the connection.
    }
  }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

 private:
  Database& database_;
};

}  // namespace

bool StudyStore::isStudyFile(const QString& path) const {
  if (wanted_path_.isEmpty()) return false;
  const QFileInfo file(path), study(wanted_path_);
  // Files that are not there have no canonical path, and QFileInfo takes them all for the same.
  return file.exists() ? file.canonicalFilePath() == study.canonicalFilePath()
                       : file.absoluteFilePath() == study.absoluteFilePath();
}

void StudyStore::exportTo(const QString& path) {
  if (isStudyFile(path)) throw refused("study.export_itself", path);
  if (!opened_.database) throw RequestError({"study.no_driver", {}});
  writeWhole(database(), path);
}

void StudyStore::importFrom(const QString& path) {
  constexpr int kConstraint = 19, kError = 1;
  if (isStudyFile(path)) throw refused("study.import_itself", path);
  if (!opened_.database) throw RequestError({"study.no_driver", {}});
  QTemporaryDir folder;
  const QString copy = folder.filePath("imported.db");
  copySound(path, copy);
  if (!opened_.path.isEmpty()) writeWhole(database(), nameBeside(opened_.path, "before-import"));
  try {
    Attached attached(database(), copy);
    replaceRows(database());
  } catch (const DatabaseError& error) {
    // A table of the right name without our columns, or rows that break our rules.
    if (error.code() == kConstraint || error.code() == kError)
      throw refused("study.import_damaged", path);
    throw cannotWrite(opened_.path, error.reason());
  }
  undoable_.clear();
  deck_.reset();
  Q_EMIT changed();
}

void StudyStore::erase() {
  try {
    Transaction transaction(database());
    database().run("PRAGMA defer_foreign_keys = ON");
    for (const QString& table : studyTables(studyVersion()))
      database().run(QString("DELETE FROM %1").arg(table));
    transaction.commit();
  } catch (const DatabaseError& error) {
    throw cannotWrite(opened_.path, error.reason());
  }
  try {
    database().run("VACUUM");
    database().run("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const DatabaseError&) {
    // Another window is reading. The rows are gone, their pages go with the next VACUUM.
  }
  if (!opened_.path.isEmpty())
    for (const QString& file : filesBeside(opened_.path)) QFile::remove(file);
  undoable_.clear();
  deck_.reset();
  Q_EMIT changed();
}

}  // namespace viva
