// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures on the command line, without a display.
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class PicturesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyViewIsDrawnInEveryFormat() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome =
        Program().run({"run", "fake-descent", "--out", out, "--export", "png,svg,pdf", "--size",
                       "500x400", "--scale", "2", "--quiet"});
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.errors, QByteArray());
    QStringList expected{"run.viva", "summary.json"};
    for (const char* view : {"plane", "curves", "table", "bars", "matrix", "sizes", "verdict"})
      for (const char* ending : {"png", "svg", "pdf"})
        expected << QString("%1.%2").arg(view, ending);
    expected.sort();
    QCOMPARE(filesIn(out), expected);
    const QImage picture(out + "/plane.png");
    QCOMPARE(picture.size(), QSize(1000, 800));
    QVERIFY(contentOf(out + "/curves.svg").contains("<svg"));
    QVERIFY(contentOf(out + "/curves.pdf").startsWith("%PDF"));
  }

  void darkPicturesAreDark() {
    const QTemporaryDir folder;
    for (const char* theme : {"light", "dark"}) {
      const QString out = folder.filePath(theme);
      QCOMPARE(Program()
                   .run({"run", "fake-descent", "--steps", "3", "--out", out, "--export", "png",
                         "--theme", theme})
                   .status,
               0);
      const int lightness = QImage(out + "/curves.png").pixelColor(0, 0).lightness();
      QCOMPARE(lightness < 128, QString(theme) == "dark");
    }
  }

  void theSameRunGivesTheSamePicture() {
    const QTemporaryDir folder;
    for (const char* name : {"one", "two"})
      QCOMPARE(Program()
                   .run({"run", "fake-descent", "--out", folder.filePath(name), "--export", "png"})
                   .status,
               0);
    QCOMPARE(QImage(folder.filePath("one/plane.png")), QImage(folder.filePath("two/plane.png")));
  }

  void aReplayDrawsToo() {
    const QTemporaryDir folder;
    QCOMPARE(Program().run({"run", "fake-descent", "--out", folder.filePath("run")}).status, 0);
    QCOMPARE(Program()
                 .run({"replay", folder.filePath("run/run.viva"), "--out", folder.filePath("again"),
                       "--export", "svg"})
                 .status,
             0);
    QVERIFY(filesIn(folder.filePath("again")).contains("plane.svg"));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::PicturesTest)
#include "pictures_test.moc"
