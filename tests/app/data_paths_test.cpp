// SPDX-License-Identifier: GPL-3.0-or-later
// Where the user's files lie stands in the user's own run file, and nowhere else.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class DataPathsTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir home_;
  Program program_;

  QString path(const QString& name) const { return home_.filePath(name); }
  /// A run with a file of the user's, whose records are on standard output or in a folder.
  QStringList run(const QStringList& more) const {
    return QStringList{"run",
                       "capacity-lab",
                       "--steps",
                       "2",
                       "--quiet",
                       "--set",
                       "dataset=file",
                       "--set",
                       "data_file=" + path("private/points.csv")} +
           more;
  }
  /// Unpacks every zip and every compressed text of a PNG beside it, by a program that is not ours.
  void unpack(const QString& folder) const {
    QProcess python;
    python.start("/usr/bin/python3",
                 {"-c",
                  "import pathlib, struct, sys, zipfile, zlib\n"
                  "for path in list(pathlib.Path(sys.argv[1]).rglob('*.zip')):\n"
                  "    zipfile.ZipFile(path).extractall(str(path) + '.unpacked')\n"
                  "for path in list(pathlib.Path(sys.argv[1]).rglob('*.png')):\n"
                  "    data, at = path.read_bytes(), 8\n"
                  "    while at < len(data):\n"
                  "        size, kind = struct.unpack('>I4s', data[at:at + 8])\n"
                  "        body = data[at + 8:at + 8 + size]\n"
                  "        if kind == b'iTXt' and body[body.index(b'\\0') + 1]:\n"
                  "            body = zlib.decompress(body.split(b'\\0', 5)[-1])\n"
                  "            open(str(path) + '.text', 'wb').write(body)\n"
                  "        at += size + 12\n",
                  folder});
    python.waitForFinished(120000);
    QVERIFY2(python.exitCode() == 0, python.readAllStandardError());
  }
  /// The files that tell of `text`, without their folder.
  static QStringList filesThatHold(const QString& folder, const QByteArray& text) {
    QStringList found;
    for (QDirIterator entry(folder, QDir::Files, QDirIterator::Subdirectories); entry.hasNext();) {
      const QString file = entry.next();
      if (contentOf(file).contains(text)) found << QDir(folder).relativeFilePath(file);
    }
    found.sort();
    return found;
  }

 private Q_SLOTS:
  void initTestCase() {
    program_.set("VIVA_LESSONS_LIBRARY", QString(VIVA_BINARY_DIR) + "/libviva_lessons.so");
    QVERIFY(QDir(home_.path()).mkdir("private"));
    for (const char* name : {"points.csv", "others.csv"}) {
      QFile file(path("private/") + name);
      QVERIFY(file.open(QIODevice::WriteOnly));
      file.write("x,y,label\n");
      for (int i = 0; i < 40; ++i)
        file.write(QByteArray::number(i * 0.1) + "," + QByteArray::number(i % 7) +
                   (i % 2 ? ",a\n" : ",b\n"));
    }
  }

  void noFigureTableOrBundleTellsWhereTheDataLie() {
    for (const bool with_metadata : {true, false}) {
      const QString out = path(with_metadata ? "with" : "without");
      const Outcome outcome = program_.run(
          run({"--out", out, "--export",
               "csv,json,weights,safetensors,png,svg,pdf,bundle,tikz,matplotlib,tensorboard",
               "--size", "320x200"}) +
          (with_metadata ? QStringList() : QStringList{"--no-metadata"}));
      QVERIFY2(outcome.status == 0, outcome.errors);
      unpack(out);
      QCOMPARE(filesThatHold(out, home_.path().toUtf8()), QStringList("run.viva"));
      const QStringList named = filesThatHold(out, "points.csv");
      QVERIFY(named.contains("bundle.zip.unpacked/run.viva"));
      QVERIFY(named.contains("bundle.zip.unpacked/README.md"));
      QCOMPARE(!named.filter(QRegularExpression("^[^/]*\\.svg$")).isEmpty(), with_metadata);
      QVERIFY(!named.filter(QRegularExpression("\\.tex$")).isEmpty());
      QVERIFY(!named.filter(QRegularExpression("\\.py$")).isEmpty());
      QCOMPARE(jsonOf(out + "/run.viva")["parameters"].toObject()["data_file"].toString(),
               path("private/points.csv"));
      QCOMPARE(jsonOf(out + "/summary.json")["parameters"].toObject()["data_file"].toString(),
               QString("points.csv"));
    }
  }

  void aFigureFindsItsFileBesideIt() {
    const QString out = path("figures");
    QCOMPARE(program_.run(run({"--out", out, "--export", "svg", "--size", "320x200"})).status, 0);
    const QStringList figures = filesIn(out).filter(QRegularExpression("\\.svg$"));
    QVERIFY(!figures.isEmpty());
    QVERIFY(QDir(home_.path()).mkdir("mailed"));
    QVERIFY(QFile::copy(out + "/" + figures.front(), path("mailed/figure.svg")));
    const Outcome without = program_.run({"replay", path("mailed/figure.svg")});
    QCOMPARE(without.status, 3);
    QVERIFY2(without.isOneLine() && without.errors.contains("points.csv"), without.errors);
    QVERIFY(QFile::copy(path("private/points.csv"), path("mailed/points.csv")));
    const Outcome with = program_.run({"replay", path("mailed/figure.svg")});
    QVERIFY2(with.status == 0 && with.output.contains("the same"), with.errors);
  }

  void theResultsOfASweepNameItsFiles() {
    const QString out = path("sweep");
    const Outcome outcome = program_.run(
        {"sweep", "capacity-lab", "--steps", "2", "--quiet", "--set", "dataset=file", "--grid",
         "data_file=" + path("private/points.csv") + ";" + path("private/others.csv"), "--metric",
         "train_loss", "--out", out, "--export", "csv,svg,png"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    unpack(out);
    for (const QString& file : filesThatHold(out, home_.path().toUtf8()))
      QVERIFY2(file == "sweep.json" || file.startsWith("points/"), qPrintable(file));
    QVERIFY(contentOf(out + "/sweep.csv").contains("others.csv"));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::DataPathsTest)
#include "data_paths_test.moc"
