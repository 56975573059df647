// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/study_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QThreadPool>
#include <QtEndian>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "app/export/file_lock.h"
#include "app/export/file_writer.h"
#include "app/study/schema.h"

namespace viva {
namespace {

/// Long enough for another window to migrate a large file.
constexpr std::chrono::milliseconds kPatience{10000};

const QString kSync = "PRAGMA synchronous = FULL";

QString beginningOfName(const QString& path) {
  const QFileInfo file(path);
  return file.dir().filePath(file.completeBaseName());
}

int flushed(const QByteArray& name, int flags) {
  const int descriptor = ::open(name.constData(), flags | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return failed;
}

/// Whether the folder is there and takes a file; made with those above it.
void makeFolder(const QString& path) {
  const QString folder = QFileInfo(path).absolutePath();
  std::error_code error;
  std::filesystem::create_directories(QFile::encodeName(folder).toStdString(), error);
  if (error) throw cannotWrite(folder, systemReason(error.value()));
  if (::access(QFile::encodeName(folder).constData(), W_OK | X_OK) != 0)
    throw cannotWrite(folder, systemReason(errno));
  if (QFileInfo(path).isDir()) throw cannotWrite(path, systemReason(EISDIR));
}

RequestError newerVersion(const QString& path, int version) {
  return RequestError(
      {"study.newer", {{"file", path.toStdString()}, {"version", std::int64_t{version}}}});
}

/// With what every connection to the file needs. WAL lets two windows read while one writes;
/// FULL, because a review that was answered must survive a power cut, and costs one fsync each.
/// What is done without a question, at every Play, is WithoutSync.
std::unique_ptr<Database> connectTo(const QString& path) {
  auto database = std::make_unique<Database>(path);
  database->run("PRAGMA journal_mode = WAL");
  database->run(kSync);
  database->run("PRAGMA foreign_keys = ON");
  database->run("PRAGMA secure_delete = ON");  // erased means erased
  database->run("PRAGMA trusted_schema = OFF");
  return database;
}

/// Throws what refuses to write; an unwritable file opens all the same.
void probe(Database& database) { Transaction attempt(database); }

void migrateAll(Database& database, const QString& path) {
  const int begun = database.version();
  for (int version = begun + 1; version <= studyVersion(); ++version) {
    if (begun > 0 && !path.isEmpty())
      writeWhole(database, beginningOfName(path) + QString(".before-%1.db").arg(version));
    migrate(database, version);
  }
}

QString setAside(const QString& path) {
  const QString aside = nameBeside(path, "damaged");
  if (std::rename(QFile::encodeName(path).constData(), QFile::encodeName(aside).constData()) != 0)
    throw cannotWrite(path, systemReason(errno));
  if (QFile::exists(path + "-wal")) QFile::rename(path + "-wal", aside + "-wal");
  QFile::remove(path + "-shm");
  return aside;
}

/// nullptr: the file is damaged.
std::unique_ptr<Database> openSound(const QString& path) {
  if (const int version = versionInHeader(path); version > studyVersion())
    throw newerVersion(path, version);
  try {
    auto database = connectTo(path);
    // Not yet in the header when it is in the write-ahead log.
    if (const int version = database->version(); version > studyVersion())
      throw newerVersion(path, version);
    if (isWhole(*database) && hasItsTables(*database)) return database;
  } catch (const DatabaseError& error) {
    if (!error.isDamage()) throw;
  }
  return nullptr;
}

std::unique_ptr<Database> openOnDisk(const QString& path, std::vector<Message>& problems) {
  makeFolder(path);
  // Of two windows that open a damaged or an old file, one repairs it and the other finds it good.
  const FileLock lock(QFile::encodeName(path + ".lock").toStdString(), kPatience);
  if (lock.error() == EACCES || lock.error() == EPERM || lock.error() == EROFS)
    throw cannotWrite(path, systemReason(lock.error()));
  // Of a Viva that was killed while it made a copy.
  const QFileInfo file(path);
  for (const QString& part :
       file.dir().entryList({file.completeBaseName() + ".before-*.db.part-??????"}, QDir::Files))
    QFile::remove(file.dir().filePath(part));
  auto database = openSound(path);
  if (!database) {
    const QString aside = setAside(path);
    problems.push_back({"study.damaged", {{"file", aside.toStdString()}}});
    database = connectTo(path);
  }
  probe(*database);
  migrateAll(*database, path);
  return database;
}

}  // namespace

WithoutSync::WithoutSync(Database& database) : database_(database) {
  database_.run("PRAGMA synchronous = NORMAL");
}

WithoutSync::~WithoutSync() {
  try {
    database_.run(kSync);
  } catch (const DatabaseError&) {
    // What follows says what is wrong with the file.
  }
}

void syncSoon(const QString& path) {
  if (path.isEmpty()) return;
  // Where there is no log any more, SQLite has brought it into the main file, and that to the disk.
  QThreadPool::globalInstance()->start(
      [log = QFile::encodeName(path + "-wal")] { flushed(log, O_RDONLY); });
}

OpenedStudy openStudy(const QString& path) {
  OpenedStudy opened;
  if (!path.isEmpty()) {
    const auto inMemory = [&](const Argument& reason) {
      opened.problems.push_back(
          {"study.in_memory", {{"file", path.toStdString()}, {"reason", reason}}});
    };
    try {
      opened.database = openOnDisk(path, opened.problems);
      opened.path = path;
      return opened;
    } catch (const DatabaseError& error) {
      inMemory(error.reason());
    } catch (const FileError& error) {
      // The message of cannotWrite: a file or folder, and why.
      opened.problems.push_back(error.message());
      opened.problems.back().key = "study.in_memory";
    } catch (const RequestError& error) {
      opened.problems.push_back(error.message());
    }
  }
  try {
    opened.database = connectTo({});
    migrateAll(*opened.database, {});
  } catch (const DatabaseError&) {
    opened.database.reset();
    opened.problems = {{"study.no_driver", {}}};
  }
  return opened;
}

void writeWhole(Database& database, const QString& target) {
  const QByteArray name = QFile::encodeName(target);
  if (QFileInfo(target).isDir()) throw cannotWrite(target, systemReason(EISDIR));
  QByteArray part = name + ".part-XXXXXX";
  const int descriptor = ::mkstemp(part.data());
  if (descriptor < 0) throw cannotWrite(target, systemReason(errno));
  ::close(descriptor);
  const auto give_up = [&](const Argument& reason) {
    ::unlink(part.constData());
    return cannotWrite(target, reason);
  };
  try {
    database.run("VACUUM INTO ?", {QFile::decodeName(part)});
  } catch (const DatabaseError& error) {
    throw give_up(error.reason());
  }
  if (const int failed = flushed(part, O_RDWR)) throw give_up(systemReason(failed));
  if (std::rename(part.constData(), name.constData()) != 0) throw give_up(systemReason(errno));
  // Some file systems cannot flush a folder; the file is there all the same.
  flushed(QFile::encodeName(QFileInfo(target).absolutePath()), O_RDONLY | O_DIRECTORY);
}

int versionInHeader(const QString& path) {
  constexpr int kVersionAt = 60;  // https://sqlite.org/fileformat.html, 1.3
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return -1;
  const QByteArray header = file.read(100);
  if (header.size() < 100 || !header.startsWith(QByteArray("SQLite format 3\0", 16))) return -1;
  return qFromBigEndian<qint32>(header.constData() + kVersionAt);
}

QString nameBeside(const QString& path, const QString& label) {
  const QString name = beginningOfName(path) + '.' + label + '-' +
                       QDateTime::currentDateTime().toString("yyyyMMdd-HHmmss");
  QString free = name + ".db";
  for (int number = 2; QFile::exists(free); ++number)
    free = name + '-' + QString::number(number) + ".db";
  return free;
}

QStringList filesBeside(const QString& path) {
  const QFileInfo file(path);
  const QString name = file.completeBaseName();
  QStringList files;
  for (const char* label : {".before-", ".damaged-"})
    for (const QString& found : file.dir().entryList({name + label + "*.db*"}, QDir::Files))
      files.append(file.dir().filePath(found));
  return files;
}

FileError cannotWrite(const QString& path, const Argument& reason) {
  return FileError({"study.cannot_write", {{"file", path.toStdString()}, {"reason", reason}}});
}

FileError cannotRead(const QString& path, const Argument& reason) {
  return FileError({"study.cannot_read", {{"file", path.toStdString()}, {"reason", reason}}});
}

}  // namespace viva
