// SPDX-License-Identifier: GPL-3.0-or-later
// A figure remembers its run, and a hostile one is refused.
#include "app/export/figure_run.h"

#include <zlib.h>

#include <QFile>
#include <QImage>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/png_chunks.h"
#include "lessons/core/error.h"
#include "tests/app/program.h"

namespace viva {

class FigureRunTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  QByteArray run_file_;

  QString figure(const QString& ending) { return folder_.filePath("out/curves." + ending); }
  QString written(const QByteArray& bytes) {
    const QString path = folder_.filePath("figure");
    QFile file(path);
    [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
    file.write(bytes);
    return path;
  }
  static QByteArray outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return process.readAllStandardOutput();
  }
  static QByteArray chunk(const QByteArray& type, const QByteArray& data) {
    const QByteArray body = type + data;
    const auto sum = static_cast<quint32>(crc32_z(0, reinterpret_cast<const Bytef*>(body.data()),
                                                  static_cast<std::size_t>(body.size())));
    return number(static_cast<quint32>(data.size())) + body + number(sum);
  }
  static QByteArray number(quint32 value) {
    QByteArray bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
  }
  /// A whole PNG without our chunk, and `more` behind its header.
  static QByteArray pngWith(const QByteArray& more) {
    QByteArray bytes = QByteArray::fromHex("89504e470d0a1a0a");
    bytes += chunk("IHDR", QByteArray::fromHex("00000001000000010800000000"));
    bytes += more + chunk("IDAT", qCompress(QByteArray(2, '\0')).mid(4)) + chunk("IEND", {});
    return bytes;
  }

 private Q_SLOTS:
  void initTestCase() {
    const QString out = folder_.filePath("out");
    // A text that XML and PNG treat in their own way, and is not Latin.
    const Outcome outcome = Program().run({"run", "fake-descent", "--preset", "half", "--set",
                                           "note=<a href=\"&\"> 学习率 ]]>", "--at", "3:rate=0.25",
                                           "--out", out, "--export", "png,svg,pdf", "--quiet"});
    QCOMPARE(outcome.status, 0);
    run_file_ = contentOf(out + "/run.viva");
    QVERIFY(run_file_.contains("学习率"));
  }

  void aFigureOfEveryFormatIsReplayed() {
    for (const char* ending : {"png", "svg", "pdf"}) {
      const Outcome outcome = Program().run({"replay", figure(ending)});
      QVERIFY2(outcome.status == 0, outcome.errors);
      QVERIFY(outcome.output.contains("digest"));
      const QByteArray bytes = contentOf(figure(ending));
      const auto inside = runInFigure({bytes.constData(), static_cast<std::size_t>(bytes.size())});
      QVERIFY(inside);
      QCOMPARE(QByteArray::fromStdString(*inside), run_file_);
    }
  }

  void otherProgramsStillOpenTheFigureAndSeeTheRun() {
    QImage picture(figure("png"));
    QCOMPARE(picture.size(), QSize(960, 600));
    QCOMPARE(picture.text("viva-run").toUtf8(), run_file_);
    if (QStandardPaths::findExecutable("rsvg-convert").isEmpty() ||
        QStandardPaths::findExecutable("pdfinfo").isEmpty())
      QSKIP("librsvg2-bin and poppler-utils are not installed");
    const QByteArray drawn = outputOf("rsvg-convert", {figure("svg")});
    QVERIFY(!QImage::fromData(drawn).isNull());
    const QByteArray metadata = outputOf("pdfinfo", {"-meta", figure("pdf")});
    QVERIFY2(metadata.contains("&lt;a href"), metadata);
    QVERIFY(outputOf("pdfinfo", {figure("pdf")}).contains("Pages:           1"));
  }

  void aFigureThatAnotherProgramSavedAgainKeepsItsRun() {
    // Qt writes the text compressed, in a chunk of another kind.
    const QImage picture(figure("png"));
    const QString again = folder_.filePath("again.png");
    QVERIFY(picture.save(again));
    const QByteArray bytes = contentOf(again);
    QVERIFY(!bytes.contains("viva_run"));
    QCOMPARE(Program().run({"replay", again}).status, 0);
  }

  void withoutMetadataAFigureIsRefusedInOneSentence() {
    const QString out = folder_.filePath("bare");
    QCOMPARE(Program()
                 .run({"run", "fake-descent", "--out", out, "--export", "png,svg,pdf",
                       "--no-metadata", "--quiet"})
                 .status,
             0);
    for (const char* ending : {"png", "svg", "pdf"}) {
      const QString path = out + "/curves." + ending;
      QVERIFY(!contentOf(path).contains("viva_run"));
      const Outcome outcome = Program().run({"replay", path});
      QCOMPARE(outcome.status, 3);
      QVERIFY2(outcome.isOneLine() && outcome.errors.contains("carries no run"), outcome.errors);
    }
  }

  void hostileFiguresAreRefusedInOneSentence_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const QByteArray text = "viva-run" + QByteArray(5, '\0');
    const auto zipped = [](const QByteArray& plain) { return qCompress(plain, 9).mid(4); };
    QTest::newRow("signature alone") << QByteArray::fromHex("89504e470d0a1a0a") << 3;
    QTest::newRow("chunk longer than the file") << pngWith(number(0x7fffffff) + "iTXt" + text) << 3;
    QTest::newRow("chunk of the largest length") << pngWith(number(0xffffffff) + "iTXt") << 3;
    QTest::newRow("wrong checksum") << pngWith(number(3) + "tEXtabc" + number(0)) << 3;
    QTest::newRow("no keyword") << pngWith(chunk("tEXt", "abc")) << 3;
    QTest::newRow("nothing behind the keyword")
        << pngWith(chunk("iTXt", QByteArray("viva-run\0", 9))) << 3;
    QTest::newRow("unknown compression")
        << pngWith(chunk("zTXt", QByteArray("viva-run\0\7", 10) + zipped("{}"))) << 3;
    QTest::newRow("not compressed at all")
        << pngWith(chunk("zTXt", QByteArray("viva-run\0\0", 10) + "rubbish")) << 3;
    QTest::newRow("compressed text that is cut off")
        << pngWith(
               chunk("zTXt", QByteArray("viva-run\0\0", 10) + zipped(QByteArray(999, 'x')).left(9)))
        << 3;
    QTest::newRow("300 MB in 300 KB")
        << pngWith(
               chunk("zTXt", QByteArray("viva-run\0\0", 10) + zipped(QByteArray(300 << 20, ' '))))
        << 3;
    QTest::newRow("text that is no run file") << pngWith(chunk("iTXt", text + "hello")) << 3;
    QTest::newRow("unknown experiment")
        << pngWith(chunk("iTXt", text + "{\"viva_run\": 1, \"experiment\": \"../../etc\", "
                                        "\"experiment_version\": 1}"))
        << 2;
    QTest::newRow("newer") << pngWith(chunk("iTXt", text + "{\"viva_run\": 99}")) << 3;
    QTest::newRow("deep JSON") << pngWith(chunk("iTXt", text + QByteArray(1 << 20, '['))) << 3;
    QTest::newRow("no end of PNG") << pngWith({}).chopped(12) << 3;
    QTest::newRow("tag that does not end") << QByteArray("<svg><viva:run") << 3;
    QTest::newRow("element that does not end") << QByteArray("<svg><viva:run>{}</svg>") << 3;
    QTest::newRow("unknown entity") << QByteArray("<svg><viva:run>&bomb;</viva:run></svg>") << 3;
    QTest::newRow("entity that does not end")
        << QByteArray("<svg><viva:run>&amp</viva:run></svg>") << 3;
    QTest::newRow("no character") << QByteArray("<svg><viva:run>&#xFFFFFFFF;</viva:run></svg>")
                                  << 3;
    QTest::newRow("web page") << QByteArray("<!DOCTYPE html><p>viva</p>") << 3;
    QTest::newRow("PDF of somebody else") << QByteArray("%PDF-1.4\n%%EOF\n") << 3;
    QTest::newRow("PDF with half a run") << QByteArray("%PDF-1.4\n<viva:run>{</viva:run>") << 3;
  }
  void hostileFiguresAreRefusedInOneSentence() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    const QString path = written(bytes);
    const QString out = folder_.filePath("nothing");
    const Outcome outcome = Program().run({"replay", path, "--out", out});
    QCOMPARE(outcome.status, status);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    QCOMPARE(outcome.output, QByteArray());
    QVERIFY(!QFile::exists(out));
  }

  void aFigureThatIsCutWithinItsRunIsRefused() {
    for (const char* ending : {"png", "svg", "pdf"}) {
      const QByteArray whole = contentOf(figure(ending));
      const qsizetype begin = whole.indexOf("viva_run");
      QVERIFY(begin > 0);
      for (const qsizetype length : {begin / 2, begin, begin + 100}) {
        const Outcome outcome = Program().run({"replay", written(whole.left(length))});
        QCOMPARE(outcome.status, 3);
        QVERIFY2(outcome.isOneLine(), outcome.errors);
      }
    }
  }

  void aRunFileOfAHundredMegabytesIsRefused() {
    QFile file(folder_.filePath("large.viva"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(100 << 20));
    file.close();
    const Outcome outcome = Program().run({"replay", file.fileName()});
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("so large"), outcome.errors);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::FigureRunTest)
#include "figure_run_test.moc"
