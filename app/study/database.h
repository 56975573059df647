// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite as the study store uses it: one connection, transactions, and errors that are thrown.
#pragma once

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>
#include <exception>

#include "lessons/core/message.h"

namespace viva {

/// What SQLite refused.
class DatabaseError : public std::exception {
 public:
  /// `code` is SQLite's primary result code, `text` what the driver says.
  DatabaseError(int code, const QString& text) : code_(code), text_(text.toUtf8()) {}
  int code() const { return code_; }
  const char* what() const noexcept override { return text_.constData(); }
  /// The file is not a database or its pages contradict each other.
  bool isDamage() const;
  /// Why, for people: a word for the common reasons.
  Argument reason() const;

 private:
  int code_;
  QByteArray text_;
};

/// A connection of its own, for the thread that makes it. Throws DatabaseError.
class Database {
 public:
  enum class Access { Write, Read };
  /// `path` empty: in memory. With Access::Write the file is made when it is not there.
  explicit Database(const QString& path, Access access = Access::Write);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs one statement with its `?` bound in order; the rows are read forwards only. Waits up to
  /// five seconds for another connection that is in the way.
  QSqlQuery run(const QString& sql, const QVariantList& values = {});
  /// The first column of the first row; invalid when there is none.
  QVariant value(const QString& sql, const QVariantList& values = {});
  int version() { return value("PRAGMA user_version").toInt(); }
  /// Without a view, an index or SQLite's own tables.
  QStringList tables();

 private:
  QSqlQuery attempt(const QString& sql, const QVariantList& values);
  void close();

  QString name_;
  QSqlDatabase connection_;
};

/// All changes until `commit`, or none. It has the only right to write from its beginning, so that
/// what it reads stays true; another window waits for up to five seconds.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace viva
