// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/database.h"

#include <QDeadlineTimer>
#include <QSqlError>
#include <QUuid>

namespace viva {
namespace {

/// SQLite's result codes that mean something here (https://sqlite.org/rescode.html).
enum Code {
  kBusy = 5,
  kLocked = 6,
  kReadOnly = 8,
  kDiskError = 10,
  kCorrupt = 11,
  kFull = 13,
  kCannotOpen = 14,
  kNotADatabase = 26
};

/// How long to wait for another window, in milliseconds. SQLite polls ever more rarely, down to ten
/// times a second, and four writers without a pause then starved one for five seconds; so it polls
/// for 20 ms, and is asked again.
constexpr int kPatience = 5000;
const QString kPolls = "QSQLITE_BUSY_TIMEOUT=20";

DatabaseError errorOf(const QSqlError& error) {
  // The driver gives extended codes; their last byte is the primary one.
  const int code = error.nativeErrorCode().toInt() & 0xff;
  return {code, error.databaseText().isEmpty() ? error.driverText() : error.databaseText()};
}

/// The driver would make NULL of a null text; here an invalid value alone is NULL.
QVariant bindable(const QVariant& value) {
  if (value.typeId() == QMetaType::QString && value.toString().isNull()) return QStringLiteral("");
  if (value.typeId() == QMetaType::QByteArray && value.toByteArray().isNull())
    return QByteArray("");
  return value;
}

}  // namespace

bool DatabaseError::isDamage() const { return code_ == kCorrupt || code_ == kNotADatabase; }

Argument DatabaseError::reason() const {
  switch (code_) {
    case kBusy:
    case kLocked:
      return Word{"study.reason.busy"};
    case kReadOnly:
      return Word{"command.reason.read_only"};
    case kFull:
      return Word{"command.reason.full"};
    case kDiskError:
      return Word{"study.reason.disk"};
    case kCannotOpen:
      return Word{"study.reason.cannot_open"};
    case kCorrupt:
    case kNotADatabase:
      return Word{"study.reason.damaged"};
    default:
      return text_.toStdString();
  }
}

Database::Database(const QString& path, Access access)
    : name_("viva-study-" + QUuid::createUuid().toString(QUuid::WithoutBraces)),
      connection_(QSqlDatabase::addDatabase("QSQLITE", name_)) {
  connection_.setDatabaseName(path.isEmpty() ? ":memory:" : path);
  connection_.setConnectOptions(access == Access::Read ? kPolls + ";QSQLITE_OPEN_READONLY"
                                                       : kPolls);
  if (!connection_.open()) {
    const DatabaseError error = errorOf(connection_.lastError());
    close();
    throw error;
  }
}

Database::~Database() { close(); }

void Database::close() {
  connection_.close();
  connection_ = {};  // the driver warns of connections that are removed while somebody holds them
  QSqlDatabase::removeDatabase(name_);
}

QSqlQuery Database::run(const QString& sql, const QVariantList& values) {
  const QDeadlineTimer patience(kPatience);
  while (true) {
    try {
      return attempt(sql, values);
    } catch (const DatabaseError& error) {
      if (error.code() != kBusy || patience.hasExpired()) throw;
    }
  }
}

QSqlQuery Database::attempt(const QString& sql, const QVariantList& values) {
  QSqlQuery query(connection_);
  query.setForwardOnly(true);
  if (!query.prepare(sql)) throw errorOf(query.lastError());
  for (const QVariant& value : values) query.addBindValue(bindable(value));
  if (!query.exec()) throw errorOf(query.lastError());
  return query;
}

QVariant Database::value(const QString& sql, const QVariantList& values) {
  QSqlQuery query = run(sql, values);
  return query.next() ? query.value(0) : QVariant();
}

QStringList Database::tables() {
  QStringList names;
  QSqlQuery query =
      run("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' "
          "ESCAPE '!' "
          "ORDER BY name");
  while (query.next()) names.append(query.value(0).toString());
  return names;
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const DatabaseError&) {
    // SQLite has rolled back by itself, as it does when the disk is full.
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace viva
