// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the README to what it shows.
#include <QDirIterator>
#include <QFile>
#include <QtTest>

namespace {

QString read(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}
QString readOfProject(const char* path) { return read(QStringLiteral(VIVA_SOURCE_DIR "/") + path); }

const char* const kExample = "lessons/information/mode_seeking.cpp";

}  // namespace

class ExampleTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theReadmeQuotesALessonWordForWord() {
    const QString source = readOfProject(kExample), readme = readOfProject("README.md");
    QVERIFY(readme.contains(QString("`") + kExample + "`"));
    const QRegularExpression block(QStringLiteral("```cpp\n(.*?)```"),
                                   QRegularExpression::DotMatchesEverythingOption);
    int count = 0;
    for (auto match = block.globalMatch(readme); match.hasNext(); ++count) {
      const QString quoted = match.next().captured(1);
      QVERIFY2(source.contains(quoted), qPrintable(quoted));
    }
    QVERIFY(count >= 4);
  }

  void itIsTheShortestThatIsWholeInOneFile() {
    const auto lines = [](const QString& text) { return text.count('\n'); };
    const auto example = lines(readOfProject(kExample));
    QDirIterator sources(VIVA_SOURCE_DIR "/lessons", {"*.cpp"}, QDir::Files,
                         QDirIterator::Subdirectories);
    int whole = 0;
    while (sources.hasNext()) {
      const QString text = read(sources.next());
      // Declared beside the loop rather than in a file of its own.
      if (!text.contains("ExperimentSpec made") || !text.contains("bool step(Recorder")) continue;
      ++whole;
      QVERIFY2(lines(text) >= example, qPrintable(sources.filePath()));
    }
    QVERIFY(whole >= 2);
  }

  void everyPictureOfTheReadmeIsThere() {
    const QRegularExpression picture(QStringLiteral("\\]\\((docs/images/[^)]+)\\)"));
    int count = 0;
    for (auto match = picture.globalMatch(readOfProject("README.md")); match.hasNext(); ++count) {
      const QString path = match.next().captured(1);
      QVERIFY2(QFile::exists(QStringLiteral(VIVA_SOURCE_DIR "/") + path), qPrintable(path));
    }
    QVERIFY(count >= 2);
  }
};

QTEST_GUILESS_MAIN(ExampleTest)
#include "example_test.moc"
