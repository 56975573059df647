// SPDX-License-Identifier: GPL-3.0-or-later
// Animations, looked at by programs that are not ours.
#include <QDir>
#include <QImage>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

#include "tests/app/program.h"

namespace viva {

class AnimationsTest : public QObject {
  Q_OBJECT

 private:
  static QByteArray outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return process.readAllStandardOutput();
  }
  /// What is written in a picture, piece by piece: a sentence in two scripts is several.
  static QString textsOf(const QString& svg) {
    static const QRegularExpression piece(">([^<]*)</text>");
    QString texts;
    for (const auto& match : piece.globalMatch(svg)) texts += match.captured(1);
    return texts;
  }
  static Outcome animate(const QString& out, const QString& formats, const QStringList& more = {}) {
    return Program().run(QStringList{"run", "fake-descent", "--steps", "20", "--out", out,
                                     "--export", formats, "--size", "321x200", "--quiet"} +
                         more);
  }

 private Q_SLOTS:
  void aWebpHasAFrameEverySoManySteps() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome =
        animate(out, "webp,csv", {"--every", "5", "--fps", "10", "--views", "curves,plane"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    QCOMPARE(filesIn(out),
             (QStringList{"curves.webp", "plane.webp", "records.csv", "run.viva", "summary.json"}));
    if (QStandardPaths::findExecutable("webpmux").isEmpty()) QSKIP("webp is not installed");
    // Steps 0, 5, 10, 15, 20.
    const QByteArray info = outputOf("webpmux", {"-info", out + "/curves.webp"});
    QVERIFY2(info.contains("Canvas size: 321 x 200"), info);
    QVERIFY2(info.contains("Number of frames: 5"), info);
    QVERIFY2(info.contains("Loop Count : 0"), info);
    QCOMPARE(info.count(" 100 "), 5);  // milliseconds
  }

  void anAnimationThatIsNotToLoopPlaysOnce() {
    if (QStandardPaths::findExecutable("webpmux").isEmpty()) QSKIP("webp is not installed");
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(animate(out, "webp", {"--every", "5", "--views", "curves", "--no-loop"}).status, 0);
    const QByteArray info = outputOf("webpmux", {"-info", out + "/curves.webp"});
    QVERIFY2(info.contains("Loop Count : 1"), info);
  }

  void theWholePanelIsOneAnimationAndOnePicture() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome = animate(out, "webp,png,svg", {"--every", "10", "--views", "panel"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    QCOMPARE(filesIn(out),
             (QStringList{"panel.png", "panel.svg", "panel.webp", "run.viva", "summary.json"}));
    QCOMPARE(QImage(out + "/panel.png").size(), QSize(321, 200));
    // Large enough for titles: each view is named in it as in its own picture.
    const QString large = folder.filePath("large");
    QCOMPARE(animate(large, "svg", {"--views", "panel,bars,curves", "--size", "1600x1000"}).status,
             0);
    const QString panel = contentOf(large + "/panel.svg");
    for (const char* view : {"bars", "curves"}) {
      const QString alone = contentOf(QString("%1/%2.svg").arg(large, view));
      const auto title = QRegularExpression("<title>(.+)</title>").match(alone);
      QVERIFY2(title.hasMatch() && panel.contains('>' + title.captured(1) + '<'), view);
    }
  }

  void theLastFrameIsThePictureOfTheEnd() {
    if (QProcess::execute("/usr/bin/python3", {"-c", "import PIL"}) != 0)
      QSKIP("python3-pil is not installed");
    const QTemporaryDir folder;
    const QString out = folder.filePath("out"), last = folder.filePath("last.png");
    QCOMPARE(animate(out, "webp,png", {"--every", "7", "--views", "panel"}).status, 0);
    const QByteArray frames = outputOf(
        "/usr/bin/python3", {"-c",
                             "import sys; from PIL import Image; i = Image.open(sys.argv[1]); "
                             "print(i.n_frames); i.seek(i.n_frames - 1); "
                             "i.convert('RGB').save(sys.argv[2])",
                             out + "/panel.webp", last});
    QCOMPARE(frames.trimmed(), QByteArray("4"));  // steps 0, 7, 14, 20
    // At the lower right a histogram over time stands, of which the animation knows fewer moments.
    const QImage moving = QImage(last).convertToFormat(QImage::Format_RGB32);
    const QImage still = QImage(out + "/panel.png").convertToFormat(QImage::Format_RGB32);
    QCOMPARE(moving.size(), QSize(321, 200));
    for (const QRect& part : {QRect(0, 0, 235, 200), QRect(0, 0, 321, 145)})
      QCOMPARE(moving.copy(part), still.copy(part));
  }

  void aPanelSaysWhichRunItShows() {
    const QTemporaryDir folder;
    for (const char* language : {"en", "zh_CN"}) {
      const QString out = folder.filePath(language);
      QCOMPARE(animate(out, "svg",
                       {"--views", "panel,curves", "--size", "1600x1000", "--seed", "7", "--lang",
                        language})
                   .status,
               0);
      const QString panel = textsOf(contentOf(out + "/panel.svg"));
      const bool english = QString(language) == "en";
      QVERIFY(panel.contains(english ? "seed 7 · step 20" : "种子 7 · 第 20 步"));
      // In a figure of one view the caption of the paper says it.
      QVERIFY(!contentOf(out + "/curves.svg").contains("7 ·"));
      for (const char* word : {"scroll", "滚动"}) QVERIFY(!panel.contains(word));
    }
  }

  void theRunIsTheSameWithAndWithoutAnimations() {
    const QTemporaryDir folder;
    QCOMPARE(animate(folder.filePath("with"), "webp,csv", {"--set", "noisy=true"}).status, 0);
    QCOMPARE(animate(folder.filePath("without"), "csv", {"--set", "noisy=true"}).status, 0);
    QCOMPARE(contentOf(folder.filePath("with/records.csv")),
             contentOf(folder.filePath("without/records.csv")));
  }

  void gifAndMp4AreMadeByFfmpeg() {
    if (QStandardPaths::findExecutable("ffprobe").isEmpty()) QSKIP("ffmpeg is not installed");
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome =
        animate(out, "gif,mp4", {"--every", "5", "--fps", "10", "--views", "curves"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    for (const auto& [name, width] : {std::pair{"curves.gif", "321"}, {"curves.mp4", "322"}}) {
      const QByteArray info = outputOf(
          "ffprobe", {"-v", "error", "-count_frames", "-show_entries",
                      "stream=width,height,nb_read_frames", "-of", "csv=p=0", out + "/" + name});
      QCOMPARE(info.trimmed(), QByteArray(width) + ",200,5");
    }
  }

  void noRoomForFfmpegIsOneSentenceAndLeavesTheOldFiles() {
    if (QStandardPaths::findExecutable("ffmpeg").isEmpty()) QSKIP("ffmpeg is not installed");
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(animate(out, "gif", {"--views", "curves"}).status, 0);
    const QByteArray before = contentOf(out + "/curves.gif");
    Program program;
    program.set("D", out);
    program.set("TMPDIR", folder.path());
    const Outcome outcome = program.shell(
        "ulimit -f 1; exec \"$VIVA\" run fake-descent --out \"$D\" --export gif --views curves "
        "--force --quiet");
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("space left"), outcome.errors);
    QCOMPARE(contentOf(out + "/curves.gif"), before);
    for (const QString& name : filesIn(folder.path()))
      QVERIFY2(!name.endsWith(".gif"), name.toUtf8());
  }

  void withoutFfmpegOneSentenceNamesThePackage() {
    const QTemporaryDir folder;
    Program program;
    program.set("PATH", folder.path());
    for (const char* format : {"gif", "mp4"}) {
      const Outcome outcome =
          program.run({"run", "fake-descent", "--out", folder.filePath("out"), "--export", format});
      QCOMPARE(outcome.status, 2);
      QVERIFY2(outcome.isOneLine() && outcome.errors.contains("apt install ffmpeg"),
               outcome.errors);
    }
    QVERIFY(filesIn(folder.path()).isEmpty());
  }

  void aReplayIsAnimatedToo() {
    const QTemporaryDir folder;
    QCOMPARE(animate(folder.filePath("run"), "csv").status, 0);
    const Outcome outcome =
        Program().run({"replay", folder.filePath("run/run.viva"), "--out", folder.filePath("again"),
                       "--export", "webp", "--views", "plane", "--every", "10"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    QVERIFY(contentOf(folder.filePath("again/plane.webp")).startsWith("RIFF"));
  }

  void ctrlCFinishesTheAnimationOfWhatThereIs() {
    const QTemporaryDir folder;
    Program program;
    program.set("VIVA_FAKE_STARTED", folder.filePath("started"));
    const QString out = folder.filePath("out");
    const auto process = program.start({"run", "fake-descent", "--set", "pause=5", "--steps",
                                        "1000000", "--every", "1", "--out", out, "--export", "webp",
                                        "--views", "curves", "--size", "200x150", "--quiet"});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath("started")), 30000);
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    QCOMPARE(Program::finish(*process).status, 130);
    QVERIFY(contentOf(out + "/curves.webp").startsWith("RIFF"));
    QCOMPARE(jsonOf(out + "/summary.json")["status"].toString(), QString("cancelled"));
  }

  void noRoomLeavesTheOldFiles() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(animate(out, "webp", {"--views", "curves"}).status, 0);
    const QByteArray before = contentOf(out + "/curves.webp");
    Program program;
    program.set("D", out);
    const Outcome outcome = program.shell(
        "ulimit -f 16; exec \"$VIVA\" run fake-descent --out \"$D\" --export webp --views curves "
        "--force --quiet");
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.isOneLine() && outcome.errors.contains("curves.webp"), outcome.errors);
    QCOMPARE(contentOf(out + "/curves.webp"), before);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::AnimationsTest)
#include "animations_test.moc"
