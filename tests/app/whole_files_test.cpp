// SPDX-License-Identifier: GPL-3.0-or-later
// Files that appear whole, while others are written to the same place.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/file_lock.h"
#include "app/export/run_folder.h"
#include "app/export/whole_file.h"
#include "lessons/core/error.h"

using namespace viva;

class WholeFilesTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;

  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }
  QByteArray contentOf(const char* name) const {
    QFile file(folder_.filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
  }
  QStringList hidden() const {
    return QDir(folder_.path()).entryList({".*"}, QDir::Files | QDir::Hidden);
  }

 private Q_SLOTS:
  /// The bundle, exported twice: the second is done while the first is at work.
  void twoWritersOfOnePathDoNotDisturbEachOther() {
    writeWhole(path("twice"), [&](FileWriter& first) {
      first.write("the first ");
      writeWhole(path("twice"), [](FileWriter& second) { second.write("the second"); });
      QCOMPARE(contentOf("twice"), QByteArray("the second"));
      first.write("is whole");
    });
    QCOMPARE(contentOf("twice"), QByteArray("the first is whole"));
    QCOMPARE(hidden(), QStringList());
  }

  void aRunFolderLeavesAloneWhatAnotherIsWriting() {
    writeWhole(path("another"), [&](FileWriter& file) {
      RunFolder folder(folder_.path().toStdString(), {"records.csv"}, true);
      file.write("whole");
    });
    QCOMPARE(contentOf("another"), QByteArray("whole"));
    QCOMPARE(hidden(), QStringList());
  }

  /// Nothing is there until the end: a program that is killed leaves nothing behind.
  void whatIsWrittenHasNoNameUntilItIsWhole() {
    const int made = ::open(path("").c_str(), O_TMPFILE | O_WRONLY, 0600);
    if (made < 0) QSKIP("this file system has no files without a name");
    ::close(made);
    writeWhole(path("later"), [&](FileWriter& file) {
      file.write(std::string(1 << 20, 'x'));
      file.flush();
      QCOMPARE(hidden(), QStringList());
    });
    QCOMPARE(contentOf("later").size(), qsizetype(1 << 20));
  }

  void whoMayReadAFileIsNotChanged() {
    writeWhole(path("private"), [](FileWriter& file) { file.write("mine"); });
    QVERIFY(
        QFile::setPermissions(folder_.filePath("private"), QFile::ReadOwner | QFile::WriteOwner));
    writeWhole(path("private"), [](FileWriter& file) { file.write("still mine"); });
    struct stat now {};
    QCOMPARE(::stat(path("private").c_str(), &now), 0);
    QCOMPARE(now.st_mode & 0777u, 0600u);
    QCOMPARE(contentOf("private"), QByteArray("still mine"));
  }

  void aLinkLeadsToTheFileThatIsWritten() {
    QVERIFY(QDir(folder_.path()).mkdir("elsewhere"));
    writeWhole(path("elsewhere/file"), [](FileWriter& file) { file.write("old"); });
    QVERIFY(QFile::link("elsewhere/file", folder_.filePath("link")));
    writeWhole(path("link"), [](FileWriter& file) { file.write("new"); });
    QVERIFY(QFileInfo(folder_.filePath("link")).isSymLink());
    QCOMPARE(contentOf("elsewhere/file"), QByteArray("new"));
  }

  /// As root, renaming would have put a file where the device is.
  void aDeviceStaysADevice() {
    writeWhole("/dev/null", [](FileWriter& file) { file.write("nothing"); });
    QVERIFY(QFileInfo("/dev/null").exists() && !QFileInfo("/dev/null").isFile());
    try {
      writeWhole("/dev/full", [](FileWriter& file) { file.write("something"); });
      QFAIL("a full device has taken something");
    } catch (const FileError& error) {
      QCOMPARE(std::get<Word>(error.message().arguments.back().second).key,
               std::string("command.reason.full"));
    }
    QVERIFY(!QFileInfo("/dev/full").isFile());
    QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
    QVERIFY_EXCEPTION_THROWN(writeWhole(path("pipe"), [](FileWriter&) {}), FileError);
  }

  void aLockGoesWithItsHolder() {
    using namespace std::chrono_literals;
    {
      const FileLock first(path("lock"), 0ms);
      QVERIFY(!first.isHeldByAnother() && first.error() == 0);
      const FileLock second(path("lock"), 30ms);
      QVERIFY(second.isHeldByAnother());
    }
    QVERIFY(!QFile::exists(folder_.filePath("lock")));
    // What a program leaves that is killed while it holds it.
    QFile left(folder_.filePath("lock"));
    QVERIFY(left.open(QIODevice::WriteOnly));
    left.close();
    const FileLock third(path("lock"), 0ms);
    QVERIFY(!third.isHeldByAnother() && third.error() == 0);
    QCOMPARE(FileLock(path("no/lock"), 0ms).error(), ENOENT);
  }

  void theLongestNamesCanBeWritten() {
    const std::string name(255, 'x');
    writeWhole(path(name.c_str()), [](FileWriter& file) { file.write("whole"); });
    QCOMPARE(contentOf(name.c_str()), QByteArray("whole"));
  }
};

QTEST_APPLESS_MAIN(WholeFilesTest)
#include "whole_files_test.moc"
