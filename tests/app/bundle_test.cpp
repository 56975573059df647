// SPDX-License-Identifier: GPL-3.0-or-later
// bundle.zip, opened by Python's zipfile; zips that mean harm are made by it.
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "lessons/core/words.h"
#include "tests/app/program.h"

namespace viva {

class BundleTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  QString bundle_;

  /// What a Python program says; the folder is its first argument.
  QByteArray python(const QByteArray& script, const QStringList& more = {}) {
    QProcess process;
    process.start("/usr/bin/python3",
                  QStringList{"-c", QString::fromUtf8(script), folder_.path()} + more);
    process.waitForFinished();
    const QByteArray errors = process.readAllStandardError();
    [&] { QVERIFY2(process.exitCode() == 0, errors); }();
    return process.readAllStandardOutput();
  }
  /// Unpacks the bundle with a program that is not ours.
  QString unpacked() {
    python(
        "import sys, zipfile\n"
        "z = zipfile.ZipFile(sys.argv[2])\n"
        "assert z.testzip() is None\n"
        "z.extractall(sys.argv[1] + '/unpacked')\n",
        {bundle_});
    return folder_.filePath("unpacked");
  }

 private Q_SLOTS:
  void initTestCase() {
    const QString out = folder_.filePath("out");
    const Outcome outcome =
        Program().run({"run", "fake-descent", "--preset", "half", "--set", "note=it's", "--at",
                       "3:rate=0.25", "--out", out, "--export", "bundle,csv,weights", "--quiet"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    bundle_ = out + "/bundle.zip";
    QCOMPARE(filesIn(out),
             (QStringList{"bundle.zip", "records.csv", "run.viva", "summary.json", "weights.pt"}));
  }

  void theBundleHoldsEverythingAboutTheRun() {
    const QString inside = unpacked();
    QStringList expected{"README.md",    "records.csv", "run.viva",
                         "summary.json", "views.json",  "weights.pt"};
    for (const char* view : {"plane", "curves", "table", "bars", "matrix", "sizes", "verdict"})
      for (const char* ending : {"png", "svg", "pdf"})
        expected << QString("%1.%2").arg(view, ending);
    expected.sort();
    QCOMPARE(filesIn(inside), expected);
    for (const char* name : {"records.csv", "run.viva", "weights.pt"})
      QCOMPARE(contentOf(inside + "/" + name), contentOf(folder_.filePath("out/") + name));
    QStringList named;
    for (const QVariant& file : jsonOf(inside + "/summary.json")["files"].toVariant().toList())
      named << file.toString();
    named << "README.md";
    named.sort();
    QCOMPARE(named, expected);
  }

  /// `ravine-zigzag.claim` stood there once: a word that was missing, said by its key.
  void theReadmeSaysTheClaimAndNoKeyOfAWord() {
    Program program;
    program.set("VIVA_LESSONS_LIBRARY", QString(VIVA_BINARY_DIR) + "/libviva_lessons.so");
    const QString out = folder_.filePath("race");
    const Outcome outcome = program.run({"run", "optimizer-race", "--preset", "ravine-zigzag",
                                         "--steps", "3", "--out", out, "--export", "bundle"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    const QByteArray readme = python(
        "import sys, zipfile\n"
        "print(zipfile.ZipFile(sys.argv[1] + '/race/bundle.zip').read('README.md').decode())\n");
    const std::string claim =
        Words::in(Language::English).of("optimizer-race", "preset_claim", "ravine-zigzag");
    QVERIFY2(readme.contains(claim.c_str()), readme);
    QString said = QString::fromUtf8(readme);
    said.truncate(said.indexOf("    viva run"));
    for (const QJsonValue& sentence : jsonOf(out + "/summary.json")["verdicts"].toObject())
      said += '\n' + sentence.toString();
    static const QRegularExpression token("(?<![\\w./-])[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)+");
    for (auto all = token.globalMatch(said); all.hasNext();)
      QFAIL(qPrintable(all.next().captured()));
  }

  void theCommandOfTheReadmeGivesTheSameRecords() {
    const QByteArray readme = contentOf(unpacked() + "/README.md");
    const qsizetype at = readme.indexOf("    viva run");
    QVERIFY2(at > 0, readme);
    const QByteArray command = readme.mid(at + 9, readme.indexOf('\n', at) - at - 9);
    const Outcome outcome = Program().shell("\"$VIVA\" " + command + " --quiet");
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.output, contentOf(folder_.filePath("out/records.csv")));
  }

  void theBundleIsReplayed() {
    const Outcome outcome = Program().run({"replay", bundle_});
    QCOMPARE(outcome.status, 0);
    QVERIFY(outcome.output.contains("the same"));
    Program elsewhere;
    elsewhere.set("VIVA_FAKE_SHIFT", "1e-13");
    const Outcome other = elsewhere.run({"replay", bundle_});
    QCOMPARE(other.status, 4);
    QVERIFY2(other.isOneLine() && other.errors.contains("a/y"), other.errors);
  }

  void aBundleThatWasZippedAgainWithItsFolderIsReplayed() {
    unpacked();
    python(
        "import shutil, sys\n"
        "shutil.make_archive(sys.argv[1] + '/again', 'zip', sys.argv[1], 'unpacked')\n");
    QCOMPARE(Program().run({"replay", folder_.filePath("again.zip")}).status, 0);
  }

  void anotherCircumstanceIsToldEvenWhereTheNumbersAreTheSame() {
    python(
        "import sys, zipfile\n"
        "run = zipfile.ZipFile(sys.argv[2]).read('run.viva')\n"
        "assert b'\"fake 1.0\"' in run\n"
        "with zipfile.ZipFile(sys.argv[1] + '/other.zip', 'w') as z:\n"
        "    z.writestr('run.viva', run.replace(b'\"fake 1.0\"', b'\"fake 0.9\"'))\n",
        {bundle_});
    const Outcome outcome = Program().run({"replay", folder_.filePath("other.zip")});
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("fake 0.9"), outcome.errors);
  }

  void zipsThatMeanHarmAreRefusedInOneSentence_data() {
    QTest::addColumn<QByteArray>("make");
    QTest::addColumn<QByteArray>("named");
    const QByteArray begin = "z.writestr('run.viva', run)\n";
    QTest::newRow("no run") << QByteArray("z.writestr('a', 'b')\n") << QByteArray("carries no run");
    for (const char* name : {"../evil", "a/../../evil", "/etc/evil", "a\\\\..\\\\evil", "C:evil"})
      QTest::newRow(name) << begin + "z.writestr('" + name + "', 'x')\n" << QByteArray("names");
    QTest::newRow("link") << QByteArray(
                                 "i = zipfile.ZipInfo('run.viva')\n"
                                 "i.create_system = 3\n"
                                 "i.external_attr = 0o120777 << 16\n"
                                 "z.writestr(i, '/etc/passwd')\n")
                          << QByteArray("names");
    QTest::newRow("bomb") << QByteArray(
                                 "with z.open('run.viva', 'w') as f:\n"
                                 "    for i in range(300): f.write(bytes(1 << 20))\n")
                          << QByteArray("so large");
    QTest::newRow("many files") << begin + "for i in range(10001): z.writestr(str(i), '')\n"
                                << QByteArray("10000");
    QTest::newRow("unknown experiment")
        << QByteArray("z.writestr('run.viva', run.replace(b'fake-descent', b'nobody'))\n")
        << QByteArray("nobody");
    QTest::newRow("not a run") << QByteArray("z.writestr('run.viva', 'hello')\n")
                               << QByteArray("damaged");
  }
  void zipsThatMeanHarmAreRefusedInOneSentence() {
    QFETCH(QByteArray, make);
    QFETCH(QByteArray, named);
    python(
        "import sys, zipfile\n"
        "run = zipfile.ZipFile(sys.argv[2]).read('run.viva')\n"
        "z = zipfile.ZipFile(sys.argv[1] + '/bad.zip', 'w', zipfile.ZIP_DEFLATED)\n" +
            make + "z.close()\n",
        {bundle_});
    const QStringList before = filesIn(folder_.path());
    const Outcome outcome =
        Program().run({"replay", folder_.filePath("bad.zip"), "--out", folder_.filePath("never")});
    QVERIFY2(outcome.status == 3 || outcome.status == 2, outcome.errors);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains(named), outcome.errors);
    QCOMPARE(filesIn(folder_.path()), before);
  }

  void aZipThatIsCutOrBrokenIsRefused() {
    const QByteArray whole = contentOf(bundle_);
    const qsizetype run = whole.indexOf("run.viva");
    for (const qsizetype length : {qsizetype(4), qsizetype(100), run, whole.size() / 2}) {
      QFile file(folder_.filePath("cut.zip"));
      QVERIFY(file.open(QIODevice::WriteOnly));
      file.write(whole.left(length));
      file.close();
      const Outcome outcome = Program().run({"replay", file.fileName()});
      QCOMPARE(outcome.status, 3);
      QVERIFY2(outcome.isOneLine(), outcome.errors);
    }
  }

  void noRoomForTheBundleLeavesTheOldOne() {
    const QByteArray before = contentOf(bundle_);
    Program program;
    program.set("D", folder_.filePath("out"));
    const Outcome outcome = program.shell(
        "ulimit -f 16; exec \"$VIVA\" run fake-descent --steps 5000 --out \"$D\" --export bundle "
        "--force --quiet");
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("bundle.zip"), outcome.errors);
    QCOMPARE(contentOf(bundle_), before);
    QCOMPARE(filesIn(folder_.filePath("out")).size(), 5);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::BundleTest)
#include "bundle_test.moc"
