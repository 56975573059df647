// SPDX-License-Identifier: GPL-3.0-or-later
// A test is run again when something that it depends on has changed, and not for anything else.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

class UnlessUnchangedTest : public QObject {
  Q_OBJECT

  QTemporaryDir project_;

  void write(const QString& path, const QByteArray& content) const {
    const QString file_name = project_.filePath(path);
    QVERIFY(QDir().mkpath(QFileInfo(file_name).path()));
    QFile file(file_name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
  }

  /// Whether the program was run, as the test of a topic that has this lesson.
  bool runs(const QString& program, const QString& lesson) const {
    QProcess script;
    script.start(project_.filePath("tests/unless_unchanged.sh"),
                 {project_.filePath("kept/" + QFileInfo(program).fileName() + lesson),
                  "^libviva_(lesson_list|word_tables)[.]so", program,
                  project_.filePath("resources/lessons/" + lesson)});
    if (!script.waitForFinished(60000) || script.exitCode() != 0)
      qWarning("%s", script.readAllStandardError().constData());
    return !script.readAllStandardOutput().contains("Unchanged since it passed");
  }

  const QString with_words_ = PROGRAM_WITH_WORDS, without_ = PROGRAM_WITHOUT_WORDS;

 private Q_SLOTS:
  void initTestCase() {
    qunsetenv("VIVA_TEST_ALL");  // the suite itself may have been told to run everything
    QVERIFY(QDir().mkpath(project_.filePath("tests")));
    QVERIFY(QFile::copy(VIVA_SOURCE_DIR "/tests/unless_unchanged.sh",
                        project_.filePath("tests/unless_unchanged.sh")));
    write("resources/i18n/core.en.json", "{}");
    for (const char* lesson : {"gan", "lstm"})
      for (const char* name : {"words.en.json", "program.py", "demos.json", "notes.en.md"})
        write(QString("resources/lessons/%1/%2").arg(lesson, name), "as it was");
  }

  void init() {
    for (const QString& program : {with_words_, without_})
      for (const char* lesson : {"gan", "lstm"}) runs(program, lesson);
  }

  void nothingChangesAndNothingRuns() {
    for (const QString& program : {with_words_, without_})
      for (const char* lesson : {"gan", "lstm"}) QVERIFY(!runs(program, lesson));
  }

  void aWordRunsWhatUsesWordsInItsLesson() {
    write("resources/lessons/gan/words.en.json", "another word");
    QVERIFY(runs(with_words_, "gan"));
    QVERIFY(!runs(with_words_, "lstm"));
    QVERIFY(!runs(without_, "gan"));
  }

  void aWordOfAllLessonsRunsWhatUsesWords() {
    write("resources/i18n/core.en.json", "{ }");
    QVERIFY(runs(with_words_, "gan"));
    QVERIFY(runs(with_words_, "lstm"));
    QVERIFY(!runs(without_, "gan"));
  }

  void aProgramOrADemoRunsTheTestsOfItsLesson() {
    for (const char* name : {"program.py", "demos.json"}) {
      write(QString("resources/lessons/gan/") + name, "another");
      QVERIFY(runs(without_, "gan"));
      QVERIFY(!runs(without_, "lstm"));
      QVERIFY(!runs(with_words_, "lstm"));
    }
  }

  void aNoteRunsNothing() {
    write("resources/lessons/gan/notes.en.md", "another note");
    QVERIFY(!runs(with_words_, "gan"));
    QVERIFY(!runs(without_, "gan"));
  }
};

QTEST_GUILESS_MAIN(UnlessUnchangedTest)
#include "unless_unchanged_test.moc"
