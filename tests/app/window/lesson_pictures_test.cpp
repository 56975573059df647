// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of the lessons on Home, of an experiment without tensors.
#include "app/window/lesson_pictures.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/fakes/fake_experiment.h"

using namespace viva;
using namespace viva::fakes;

namespace {

const Appearance kDarkChinese{true, Language::Chinese, 1};

QStringList filesIn(const QTemporaryDir& folder) {
  return QDir(folder.path()).entryList(QDir::Files, QDir::Name);
}

}  // namespace

class LessonPicturesTest : public QObject {
  Q_OBJECT

  FakeRuntime runtime_;

  void makeAll(LessonPictures& pictures) {
    QSignalSpy done(&pictures, &LessonPictures::done);
    pictures.begin({{"fakes", &fakeSpec()}}, runtime_, nullptr);
    QVERIFY(!done.isEmpty() || done.wait(30000));
    QVERIFY(pictures.isDone());
  }

 private Q_SLOTS:
  void init() { probe() = {}; }

  void aPictureIsWhatTheHeroShowsAfterARun() {
    const QTemporaryDir folder;
    LessonPictures pictures(folder.path());
    QSignalSpy made(&pictures, &LessonPictures::made);
    pictures.setAppearance(kDarkChinese);
    makeAll(pictures);
    QCOMPARE(made.size(), 1);
    QCOMPARE(made[0][0].toString(), QString("fakes"));

    RunSettings settings{fakeSpec().parametersOf("calm")};
    settings.preset = "calm";
    settings.steps = 50;
    Run run(fakeSpec(), settings, runtime_);
    run.advance(50);
    QCOMPARE(heroOf(fakeSpec()).id, std::string("plane"));
    const QImage expected = lessonPicture(fakeSpec(), heroOf(fakeSpec()), settings.parameters,
                                          run.records(), run.frame(), kDarkChinese)();
    QVERIFY(!expected.isNull());
    QCOMPARE(made[0][1].value<QImage>().convertToFormat(QImage::Format_ARGB32),
             expected.convertToFormat(QImage::Format_ARGB32));
  }

  void theFirstViewThatAPresetNamesIsItsHero() {
    ExperimentSpec spec = fakeSpec();
    spec.presets.front().views = {"gradient", "plane"};
    QCOMPARE(heroOf(spec).id, std::string("gradient"));
  }

  void eachIsDrawnInBothThemesAndLanguagesAndKeptForTheNextStart() {
    const QTemporaryDir folder;
    QFile old(folder.filePath("0123456789abcdef-fakes-light-en.png"));
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("of another build") > 0);
    old.close();
    {
      LessonPictures pictures(folder.path());
      makeAll(pictures);
    }
    QCOMPARE(probe().made, 1);
    QCOMPARE(filesIn(folder).size(), 4);
    QVERIFY(!old.exists());

    LessonPictures again(folder.path());
    QSignalSpy made(&again, &LessonPictures::made);
    again.setAppearance(kDarkChinese);
    makeAll(again);
    QCOMPARE(probe().made, 1);
    QCOMPARE(made.size(), 1);
    const QImage dark = made[0][1].value<QImage>();
    QVERIFY(!dark.isNull());
    again.setAppearance({false, Language::Chinese, 1});
    QCOMPARE(made.size(), 2);
    QVERIFY(made[1][1].value<QImage>() != dark);
  }

  void aDamagedFileIsNoPicture() {
    const QTemporaryDir folder;
    {
      LessonPictures pictures(folder.path());
      makeAll(pictures);
    }
    for (const QString& name : filesIn(folder)) {
      QFile file(folder.filePath(name));
      QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no picture") > 0);
    }
    LessonPictures again(folder.path());
    QSignalSpy made(&again, &LessonPictures::made);
    makeAll(again);
    QCOMPARE(made.size(), 1);
    QVERIFY(!made[0][1].value<QImage>().isNull());
  }

  void nothingIsComputedWhileSomebodyElseComputes() {
    const QTemporaryDir folder;
    LessonPictures pictures(folder.path());
    bool busy = true;
    int asked = 0;
    pictures.setMayCompute([&] {
      ++asked;
      return !busy;
    });
    QSignalSpy done(&pictures, &LessonPictures::done);
    pictures.begin({{"fakes", &fakeSpec()}}, runtime_, nullptr);
    QTRY_VERIFY(asked > 2);
    QCOMPARE(probe().made, 0);
    busy = false;
    QVERIFY(done.wait(30000));
    QCOMPARE(probe().made, 1);
  }

  void aFolderThatCannotBeWrittenIsNoReasonToHaveNone() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("a file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    LessonPictures pictures(file.fileName() + "/pictures");
    QSignalSpy made(&pictures, &LessonPictures::made);
    makeAll(pictures);
    QCOMPARE(made.size(), 1);
  }

  void anExperimentThatFailsHasNone() {
    static ExperimentSpec spec = fakeSpec();
    spec.presets.front().settings = {{"fail_at", "0"}};
    const QTemporaryDir folder;
    LessonPictures pictures(folder.path());
    QSignalSpy made(&pictures, &LessonPictures::made), done(&pictures, &LessonPictures::done);
    pictures.begin({{"fails", &spec}, {"fakes", &fakeSpec()}}, runtime_, nullptr);
    QVERIFY(done.wait(30000));
    QCOMPARE(made.size(), 1);
    QCOMPARE(made[0][0].toString(), QString("fakes"));
  }
};

QTEST_MAIN(LessonPicturesTest)
#include "lesson_pictures_test.moc"
