// SPDX-License-Identifier: GPL-3.0-or-later
// Files that appear whole, while others are written to the same place.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/run_folder.h"
#include "app/export/whole_file.h"

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

  void theLongestNamesCanBeWritten() {
    const std::string name(255, 'x');
    writeWhole(path(name.c_str()), [](FileWriter& file) { file.write("whole"); });
    QCOMPARE(contentOf(name.c_str()), QByteArray("whole"));
  }
};

QTEST_APPLESS_MAIN(WholeFilesTest)
#include "whole_files_test.moc"
