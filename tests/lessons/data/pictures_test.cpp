// SPDX-License-Identifier: GPL-3.0-or-later
// PNG and JPEG against Pillow, and what is no picture.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <algorithm>

#include "lessons/data/image_folder.h"
#include "lessons/data/picture.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/own_pictures.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class PicturesTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  QList<QByteArray> printed_;

  QString path(const QString& name) const { return folder_.filePath(name); }
  Message refused(const QString& name, const QByteArray& bytes) const {
    writeBytes(path(name), bytes);
    return refusalOf<FileError>([&] { readPicture(path(name).toStdString()); });
  }

 private Q_SLOTS:
  void initTestCase() {
    printed_ =
        runPython({VIVA_SOURCE_DIR "/tests/lessons/data/pillow_pictures.py", folder_.path()}).lines;
    QVERIFY(!printed_.isEmpty());
  }

  void picturesAreWhatPillowSees_data() {
    QTest::addColumn<QString>("name");
    const QStringList names = QDir(path("pictures")).entryList(QDir::Files);
    QCOMPARE(names.size(), 32);
    for (const QString& name : names) QTest::newRow(qPrintable(name)) << name;
  }
  void picturesAreWhatPillowSees() {
    QFETCH(QString, name);
    const QByteArray expected = contentOf(path("expected/" + name));
    QVERIFY(expected.size() > 8);
    const Picture picture = readPicture(path("pictures/" + name).toStdString());
    QCOMPARE(picture.width, std::int64_t(qFromLittleEndian<quint32>(expected.data())));
    QCOMPARE(picture.height, std::int64_t(qFromLittleEndian<quint32>(expected.data() + 4)));
    QCOMPARE(qsizetype(picture.rgb.size()), expected.size() - 8);
    // What lies on white is rounded once here and twice there.
    const int tolerance = name.contains("alpha") ? 1 : 0;
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
      const int theirs = static_cast<unsigned char>(expected[static_cast<qsizetype>(i) + 8]);
      QVERIFY2(std::abs(picture.rgb[i] - theirs) <= tolerance, qPrintable(QString::number(i)));
    }
  }

  void classesAreThoseOfTorchvision() {
    const ImageFolder found = listImageFolder(path("classes").toStdString());
    QByteArray labels;
    for (const std::int64_t label : found.labels)
      labels += (labels.isEmpty() ? "" : " ") + QByteArray::number(qlonglong(label));
    QList<QByteArray> ours;
    for (const std::string& name : found.classes) ours << QByteArray::fromStdString(name);
    QCOMPARE(ours + QList<QByteArray>{labels}, printed_);
    QVERIFY(found.files[0].ends_with("/B/0.png"));
  }

  void everySmallestPixelOfAPngIsRead() {
    // Two bits of grey a pixel: 0, 85, 170, 255.
    writeBytes(path("two bits.png"), png(4, 1, 2, 0, QByteArray("\0\x1b", 2)));
    const Picture two = readPicture(path("two bits.png").toStdString());
    for (int i = 0; i < 4; ++i) QCOMPARE(int(two.rgb[static_cast<std::size_t>(3 * i)]), 85 * i);
    // 16 bits are rounded, not cut: 0x00ff is 0.99 of 255.
    writeBytes(path("wide.png"), png(1, 1, 16, 0, QByteArray("\0\0\xff", 3)));
    QCOMPARE(int(readPicture(path("wide.png").toStdString()).rgb[0]), 1);
  }

  void whatIsNoPictureIsNamedWithItsFault_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("fault");
    const QByteArray good = plainPng(4, {1, 2, 3});
    const QByteArray jpeg = contentOf(path("whole.jpg"));
    QVERIFY(jpeg.size() > 400);
    const auto changed = [](QByteArray bytes, qsizetype at, const QByteArray& to) {
      return bytes.replace(at, to.size(), to);
    };
    QTest::newRow("nothing") << QByteArray() << "empty";
    QTest::newRow("text") << QByteArray("I am no picture\n") << "unknown";
    QTest::newRow("the signature alone") << good.left(8) << "cut";
    QTest::newRow("png cut in its header") << good.left(20) << "cut";
    QTest::newRow("png cut in its pixels") << good.left(60) << "cut";
    QTest::newRow("png without its end") << good.left(good.size() - 12) << "cut";
    QTest::newRow("png without its last byte") << good.left(good.size() - 1) << "cut";
    QTest::newRow("png with another pixel") << changed(good, 52, "x") << "damaged";
    QTest::newRow("png of no width") << png(0, 4, 8, 2, {}) << "no_size";
    QTest::newRow("png of no height") << png(4, 0, 8, 2, {}) << "no_size";
    QTest::newRow("png of too many pixels") << png(50'000, 1'001, 8, 2, {}) << "too_large";
    QTest::newRow("png of an unknown kind") << png(4, 4, 8, 5, {}) << "damaged";
    QTest::newRow("png with fewer rows than it says") << png(4, 4, 8, 0, "\1\1\1") << "damaged";
    QTest::newRow("jpeg cut in its header") << jpeg.left(100) << "cut";
    QTest::newRow("jpeg cut in its pixels") << jpeg.left(jpeg.size() - 60) << "cut";
    QTest::newRow("jpeg without its end") << jpeg.left(jpeg.size() - 2) << "cut";
    const qsizetype frame = jpeg.indexOf("\xff\xc0");
    QVERIFY(frame > 0);
    QTest::newRow("jpeg of no width") << changed(jpeg, frame + 7, QByteArray(2, '\0')) << "no_size";
    QTest::newRow("jpeg of no height")
        << changed(jpeg, frame + 5, QByteArray(2, '\0')) << "no_size";
    QTest::newRow("jpeg of too many pixels")
        << changed(jpeg, frame + 5, QByteArray(4, '\x7f')) << "too_large";
    QTest::newRow("jpeg of 12 bits") << changed(jpeg, frame + 4, "\x0c") << "rare_jpeg";
    QTest::newRow("lossless jpeg") << changed(jpeg, frame, "\xff\xc3") << "rare_jpeg";
    QTest::newRow("jpeg with rubbish inside")
        << changed(jpeg, jpeg.size() - 120, QByteArray("\xff\0", 2).repeated(30)) << "damaged";
    QTest::newRow("print") << contentOf(path("print.jpg")) << "cmyk";
  }
  void whatIsNoPictureIsNamedWithItsFault() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, fault);
    const Message message = refused("it's 坏 one.png", bytes);
    QCOMPARE(QString::fromStdString(message.key), "error.images.picture_" + fault);
    for (const Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(message);
      QVERIFY2(sentence.find("it's 坏 one.png") != sentence.npos, sentence.c_str());
      QVERIFY2(sentence.find('{') == sentence.npos, sentence.c_str());
    }
  }

  void noByteThatIsWrongCrashes() {
    for (const char* name : {"whole.jpg", "whole.png", "pictures/turned 6.jpg"}) {
      const QByteArray good = contentOf(path(name));
      QVERIFY(!good.isEmpty());
      int read = 0, refusals = 0;
      for (qsizetype at = 0; at < good.size(); ++at) {
        QByteArray bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0xff);
        writeBytes(path("bad"), bad);
        try {
          readPicture(path("bad").toStdString());
          ++read;
        } catch (const FileError&) {
          ++refusals;
        }
      }
      QCOMPARE(read + refusals, int(good.size()));
      QVERIFY(refusals > 20);
    }
  }

  void whatIsMissingOrNoFileIsRefused() {
    for (const QString& name : {path("none.png"), path("classes")})
      QCOMPARE(refusalOf<FileError>([&] { readPicture(name.toStdString()); }).key,
               std::string("error.images.picture_unreadable"));
  }
};

QTEST_GUILESS_MAIN(PicturesTest)
#include "pictures_test.moc"
