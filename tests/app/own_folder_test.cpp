// SPDX-License-Identifier: GPL-3.0-or-later
// Folders of images that users bring, from the command line: run files, replays, bundles, sweeps.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"
#include "tests/lessons/own_pictures.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using tests::plainPng;
using tests::writeBytes;

class OwnFolderTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;

  QString path(const QString& name) const { return folder_->filePath(name); }
  Program program() const {
    Program program;
    program.set("VIVA_LESSONS_LIBRARY", QString(VIVA_BINARY_DIR) + "/libviva_lessons.so");
    program.set("XDG_CACHE_HOME", path("cache"));
    return program;
  }
  QStringList training(const QString& out) const {
    return {"run",          "gan-images", "--set",
            "data=file",    "--set",      "image_file=" + path("my pets, 猫") + "/",
            "--set",        "width=4",    "--set",
            "batch_size=8", "--steps",    "2",
            "--out",        path(out)};
  }
  QString recorded(const QString& out, const QStringList& further = {}) const {
    const Outcome outcome = program().run(training(out) + further);
    [&] { QVERIFY2(outcome.status == 0, outcome.errors); }();
    return path(out);
  }
  static QByteArray python(const QByteArray& script, const QStringList& arguments) {
    const auto printed = tests::runPython(QStringList{"-c", QString::fromUtf8(script)} + arguments);
    [&] { QVERIFY2(!printed.lines.isEmpty(), printed.errors); }();
    return printed.lines.join('\n');
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    tests::writeClasses(path("my pets, 猫"), {"Bär", "cat"}, 6);
  }

  void theRunAndItsSummarySayWhatWasRead() {
    const QString out = recorded("said");
    const QByteArray sum = python(
        "import hashlib, pathlib, sys\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob('*.png'))\n"
        "lines = [hashlib.sha256((folder / n).read_bytes()).hexdigest() + '  ' + n + '\\n' for n "
        "in "
        "names]\n"
        "print(hashlib.sha256(''.join(lines).encode()).hexdigest(), end='')\n",
        {path("my pets, 猫")});
    for (const char* name : {"run.viva", "summary.json"}) {
      const QJsonObject input =
          jsonOf(out + "/" + name)["inputs"].toObject()["image_file"].toObject();
      QCOMPARE(input["sha256"].toString().toUtf8(), sum);
      QCOMPARE(input["size"].toInt(), 12 * int(plainPng(4, {0, 0, 0}).size()));
    }
    const QJsonObject summary = jsonOf(out + "/summary.json");
    QCOMPARE(summary["parameters"]["image_file"].toString(), QString("my pets, 猫"));
    QVERIFY(summary["reading"].toString().contains("Bär, cat"));
  }

  void aReplayNamesTheFolderThatHasChanged() {
    const QString run = recorded("changed") + "/run.viva";
    const Outcome same = program().run({"replay", run});
    QVERIFY2(same.status == 0 && same.errors.isEmpty(), same.errors);
    writeBytes(path("my pets, 猫/cat/new.png"), plainPng(4, {255, 255, 255}));
    const Outcome other = program().run({"replay", run});
    QCOMPARE(other.status, 4);
    QVERIFY2(other.errors.contains("image_file") && other.errors.contains("my pets, 猫"),
             other.errors);
  }

  void aBundleCarriesTheFolderAndIsReplayedWhereItIsNot() {
    const QString out = recorded("bundled", {"--export", "bundle,csv"});
    const QString bundle = out + "/bundle.zip";
    const QByteArray records = contentOf(out + "/records.csv");
    // Under their names, for every program that reads zips.
    const QByteArray listed = python(
        "import sys, zipfile\n"
        "z = zipfile.ZipFile(sys.argv[1])\n"
        "print(sum(n.startswith('data/image_file/Bär/') for n in z.namelist()))\n"
        "print(sum(n.startswith('data/image_file/') for n in z.namelist()))\n"
        "z.extractall(sys.argv[2])\n",
        {bundle, path("unzipped")});
    QCOMPARE(listed, QByteArray("6\n12"));
    const QByteArray readme = contentOf(path("unzipped/README.md"));
    QVERIFY2(
        readme.contains("the folder my pets, 猫") && readme.contains("image_file=data/image_file"),
        readme);
    QVERIFY(QDir(path("my pets, 猫")).removeRecursively());
    QCOMPARE(program().run({"replay", out + "/run.viva"}).status, 3);
    for (const QString& there : {QString(), QString("another"), QString("a file")}) {
      if (there == "another") tests::writeClasses(path("my pets, 猫"), {"cat", "dog"}, 2);
      if (there == "a file") {
        QVERIFY(QDir(path("my pets, 猫")).removeRecursively());
        writeBytes(path("my pets, 猫"), "x");
      }
      const QString again = path("again" + there);
      Program viva = program();
      viva.set("LC_ALL", there.isEmpty() ? "C" : "C.UTF-8");
      const Outcome outcome = viva.run({"replay", bundle, "--out", again, "--export", "csv"});
      QVERIFY2(outcome.status == 0 && outcome.errors.contains("bundle"), outcome.errors);
      QCOMPARE(contentOf(again + "/records.csv"), records);
    }
  }

  void aBundleThatWasZippedAgainWithItsFolderIsReplayed() {
    const QString out = recorded("bundled", {"--export", "bundle"});
    QVERIFY(QDir(path("my pets, 猫")).removeRecursively());
    python(
        "import shutil, sys, zipfile\n"
        "zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2] + '/in/run')\n"
        "shutil.make_archive(sys.argv[2] + '/again', 'zip', sys.argv[2] + '/in')\n",
        {out + "/bundle.zip", folder_->path()});
    const Outcome outcome = program().run({"replay", path("again.zip")});
    QVERIFY2(outcome.status == 0, outcome.errors);
  }

  void aBundleSaysWhichFolderIsMissingAndWhy() {
    writeBytes(path("my pets, 猫/cat/10:30.png"), plainPng(4, {1, 2, 3}));
    const QString named = recorded("named", {"--export", "bundle"}) + "/bundle.zip";
    QFile::remove(path("my pets, 猫/cat/10:30.png"));
    QByteArray large = plainPng(4, {1, 2, 3});
    large.insert(33, tests::pngChunk("viVa", QByteArray(5 << 20, 'x')));
    writeBytes(path("my pets, 猫/cat/large.png"), large);
    const QString heavy = recorded("heavy", {"--export", "bundle"}) + "/bundle.zip";
    for (const auto& [bundle, why] : {std::pair(named, "a name in it"), std::pair(heavy, "4 MB")}) {
      const QByteArray readme = python(
          "import sys, zipfile\n"
          "z = zipfile.ZipFile(sys.argv[1])\n"
          "assert not any(n.startswith('data/') for n in z.namelist())\n"
          "print(z.read('README.md').decode())\n",
          {bundle});
      QVERIFY2(readme.contains("Not in here: my pets, 猫") && readme.contains(why), readme);
    }
  }

  void aSweepDoesNotMixTheResultsOfTwoFolders() {
    const QStringList grid{"sweep",     "gan-images", "--quiet",
                           "--grid",    "width=4,5",  "--set",
                           "data=file", "--set",      "image_file=" + path("my pets, 猫"),
                           "--metric",  "g_loss",     "--steps",
                           "1",         "--out",      path("sweep")};
    const Outcome first = program().run(grid);
    QVERIFY2(first.status == 0, first.errors);
    writeBytes(path("my pets, 猫/cat/.hidden"), "x");
    QCOMPARE(program().run(grid).status, 0);
    writeBytes(path("my pets, 猫/cat/0.png"), plainPng(4, {255, 255, 255}));
    const Outcome refused = program().run(grid);
    QCOMPARE(refused.status, 2);
    QVERIFY2(refused.isOneLine() && refused.errors.contains("my pets, 猫"), refused.errors);
  }

  void aBrokenPictureIsOneSentenceAndNothingIsWritten() {
    writeBytes(path("my pets, 猫/cat/0.png"), plainPng(4, {1, 2, 3}).left(50));
    const Outcome outcome = program().run(training("broken"));
    QVERIFY2(outcome.status == 3 && outcome.isOneLine(), outcome.errors);
    QVERIFY2(outcome.errors.contains("my pets, 猫/cat/0.png"), outcome.errors);
    QVERIFY(!QFile::exists(path("broken/run.viva")));
  }
};

QTEST_GUILESS_MAIN(OwnFolderTest)
#include "own_folder_test.moc"
