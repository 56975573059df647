// SPDX-License-Identifier: GPL-3.0-or-later
// What a file or a folder is now, against sha256sum.
#include "lessons/core/input_file.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "lessons/core/experiment.h"
#include "lessons/core/file_or_folder.h"
#include "lessons/core/folder_files.h"
#include "lessons/core/folder_hash.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/own_pictures.h"

using namespace viva;
using fakes::argumentOf;
using fakes::refusalOf;

class InputFileTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;

  std::string path() const { return folder_->path().toStdString(); }
  void write(const QString& name, const QByteArray& bytes) const {
    tests::writeBytes(folder_->filePath(name), bytes);
  }
  InputFile now() const { return inputFile("images", path()).value(); }
  /// What docs/formats.md says.
  QByteArray summed() const {
    QProcess shell;
    shell.start("/bin/sh", {"-c",
                            "cd \"$1\" && find -L . -type f -not -path '*/.*' -printf '%P\\0' | "
                            "LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum",
                            "sh", folder_->path()});
    return shell.waitForFinished() ? shell.readAllStandardOutput().left(64) : QByteArray();
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    write("b.png", "1");
    write("b/2 x.png", "22");
    write("B/猫.jpg", "333");
    write("a/empty", "");
  }

  void aFolderIsItsSortedNamesAndContents() {
    const InputFile input = now();
    QCOMPARE(input.parameter, std::string("images"));
    QCOMPARE(input.size, std::uint64_t(6));
    QCOMPARE(QByteArray::fromStdString(input.sha256), summed());
    QCOMPARE(inputSize(path()).value(), input.size);
    QCOMPARE(inputFile("images", path() + "/").value(), input);
    std::vector<std::string> names;
    for (const FolderFile& file : filesInFolder(path())) names.push_back(file.name);
    QCOMPARE(names, (std::vector<std::string>{"B/猫.jpg", "a/empty", "b.png", "b/2 x.png"}));
  }

  void everyChangeIsSeen() {
    const InputFile before = now();
    const auto changed = [&](const QString& name, const QByteArray& bytes) {
      write(name, bytes);
      const bool is_other = now() != before;
      init();
      return is_other && now() == before;
    };
    QVERIFY(changed("b.png", "2"));
    QVERIFY(changed("new", ""));
    QFile::rename(folder_->filePath("b.png"), folder_->filePath("c.png"));
    QVERIFY(now() != before);
  }

  void whatIsHiddenIsNoPartOfIt() {
    const InputFile before = now();
    write(".DS_Store", "x");
    write(".git/config", "x");
    write("b/.thumbnail", "x");
    QVERIFY(now() == before);
    QCOMPARE(QByteArray::fromStdString(before.sha256), summed());
  }

  void linksAreFollowedAndNeverEndless() {
    QTemporaryDir other;
    QVERIFY(QFile::link(other.path(), folder_->filePath("linked")));
    tests::writeBytes(other.filePath("1.png"), "4444");
    QCOMPARE(now().size, std::uint64_t(10));
    QCOMPARE(QByteArray::fromStdString(now().sha256), summed());
    QVERIFY(QFile::link("/nowhere", folder_->filePath("dangling")));
    QCOMPARE(now().size, std::uint64_t(10));
    QVERIFY(QFile::link(folder_->path(), folder_->filePath("loop")));
    QVERIFY(!inputFile("images", path()));
    QCOMPARE(refusalOf<FileError>([&] { filesInFolder(path()); }).key,
             std::string("error.folder.too_deep"));
  }

  void aFolderLargerThanARunReadsIsRefusedUnread() {
    QFile large(folder_->filePath("large"));  // of holes: it takes no room
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(kLargestFolder));
    const Message message = refusalOf<FileError>([&] { filesInFolder(path()); });
    QCOMPARE(message.key, std::string("error.folder.too_large"));
    QCOMPARE(argumentOf(message, "file"), path());
    QVERIFY(!inputFile("images", path()));
    QVERIFY(!inputSize(path()));
  }

  void readingAFolderIsGivenUpWhenAsked() {
    std::stop_source stop;
    stop.request_stop();
    QVERIFY_THROWS_EXCEPTION(Stopped, inputFile("images", path(), stop.get_token()));
  }

  void aFolderIsNoInputWhereAFileIsAskedFor() {
    const std::vector<ParameterSpec> specs{file("table"), fileOrFolder("images")};
    Parameters parameters(specs);
    parameters.set("table", File{path()});
    parameters.set("images", File{path()});
    const auto inputs = inputFilesOf(parameters);
    QCOMPARE(inputs.size(), 1u);
    QCOMPARE(inputs[0], now());
  }
};

QTEST_GUILESS_MAIN(InputFileTest)
#include "input_file_test.moc"
