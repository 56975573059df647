// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the study file, version by version. A version that was released is never changed;
// what is new is a further version.
#pragma once

#include <QStringList>

#include "app/study/database.h"

namespace viva {

/// The newest version, which this Viva reads and writes (PRAGMA user_version).
int studyVersion();

/// What leads from version - 1 to `version`, statement by statement.
const QStringList& migrationTo(int version);

/// The names of the tables that a file of `version` has.
QStringList studyTables(int version);

/// In one transaction; the file has the version before, or nothing.
void migrate(Database& database, int version);

/// Every page is as SQLite wrote it.
bool isWhole(Database& database);
/// It has the tables of its version; version 0 has none.
bool hasItsTables(Database& database);

}  // namespace viva
