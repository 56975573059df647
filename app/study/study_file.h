// SPDX-License-Identifier: GPL-3.0-or-later
// The study file as a file: opened, repaired, migrated, copied.
#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "app/study/database.h"
#include "lessons/core/error.h"

namespace viva {

struct OpenedStudy {
  std::unique_ptr<Database> database;  ///< nullptr: Qt has no driver for SQLite
  QString path;                        ///< empty: in memory only
  std::vector<Message> problems;       ///< what people must hear of
};

/// Opens the file, which is made when it is not there; never throws. Older versions are migrated,
/// each step after a backup beside the file (`study.before-2.db`). A damaged file is set aside
/// (`study.damaged-20240601-093000.db`) and a fresh one is begun. Where there is nothing to write
/// to, or a newer Viva wrote the file, that is left as it is and the data stay in memory. `path`
/// empty: in memory, which is no problem then.
OpenedStudy openStudy(const QString& path);

/// While one lives, what is written to the file is left to the system, which brings it to the disk
/// when it likes.
class WithoutSync {
 public:
  explicit WithoutSync(Database& database);
  ~WithoutSync();
  WithoutSync(const WithoutSync&) = delete;
  WithoutSync& operator=(const WithoutSync&) = delete;

 private:
  Database& database_;
};

/// Brings what was written to the study file to the disk, on another thread. `path` empty: nothing.
void syncSoon(const QString& path);

/// Writes the whole database to `target`, which it replaces at the end or not at all, and which
/// survives a power cut from then on. Throws FileError.
void writeWhole(Database& database, const QString& target);

/// The version in the first bytes of an SQLite file, without opening it; -1: it is none.
int versionInHeader(const QString& path);

/// `study.before-import-20240601-093000.db` beside `study.db` for the label `before-import`; no
/// file has the name.
QString nameBeside(const QString& path, const QString& label);

/// `study.*.db` beside `study.db`: backups and damaged files, with their companions.
QStringList filesBeside(const QString& path);

FileError cannotWrite(const QString& path, const Argument& reason);
FileError cannotRead(const QString& path, const Argument& reason);

}  // namespace viva
