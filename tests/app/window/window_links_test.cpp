// SPDX-License-Identifier: GPL-3.0-or-later
// Links in notes, on cards and in demos, clicked in the window.
#include <QSettings>
#include <QTemporaryDir>
#include <QTextCursor>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/interview_page.h"
#include "widgets/study/review_view.h"
#include "widgets/text/notes_view.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

/// Scrolled to the first link of this text, which is clicked in its middle.
void clickLink(NotesView& view, const QString& text) {
  QTextCursor found;
  do {
    found = view.browser()->document()->find(text, found);
    QVERIFY2(!found.isNull(), qPrintable(text));
  } while (!found.charFormat().isAnchor());
  QTextCursor first = found, last = found;
  first.setPosition(found.selectionStart());
  last.setPosition(found.selectionEnd());
  view.browser()->setTextCursor(first);
  view.browser()->ensureCursorVisible();
  const QPoint place =
      (view.browser()->cursorRect(first).center() + view.browser()->cursorRect(last).center()) / 2;
  QTest::mouseClick(view.browser()->viewport(), Qt::LeftButton, {}, place);
}

}  // namespace

class WindowLinksTest : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<MainWindow> window_;

  QString openPresetNow() const {
    const ExperimentPanel* panel = window_->page().panel();
    return QString::fromStdString(panel->spec().id + "/" + panel->preset());
  }
  QString addOwnCard(const QString& lesson, const QString& question) {
    const QString id = window_->study().saveOwnCard({{}, lesson, question, "an answer", {}});
    window_->review().reload();
    window_->page().interview().reload();
    return id;
  }
  void reviewCard(const QString& id) {
    window_->showToday();
    window_->review().startPractice({id});
    QCOMPARE(window_->review().card(), id);
  }

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit()); }
  void init() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.experiment = "gradient-flow";
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showUntilReady(*window_));
  }
  void cleanup() { window_.reset(); }

  /// Two lessons have a preset `warm-up`; Learning rate comes first.
  void aPresetInTheNotesIsOneOfTheirLesson() {
    window_->page().showTab("notes");
    clickLink(window_->page().notes(), "Warm-up");
    QCOMPARE(openPresetNow(), QString("gradient-flow/warm-up"));
    QCOMPARE(window_->page().currentTab(), QString("lab"));
  }

  void whatACardSaysIsProvedInItsLesson() {
    reviewCard("vanishing-warm-up");
    window_->openExperiment("optimizer-race");
    window_->review().prove();
    QCOMPARE(openPresetNow(), QString("gradient-flow/warm-up"));
  }

  void aLinkOnACardOpensTheLessonItNames() {
    reviewCard(addOwnCard({}, "See [the GAN](lesson:gan)"));
    clickLink(*window_->review().findChild<NotesView*>(), "the GAN");
    QCOMPARE(window_->place(), QString("lesson"));
    QCOMPARE(window_->page().lesson(), std::string("gan"));
    QCOMPARE(window_->page().currentTab(), QString("notes"));
  }

  void aLinkInTheInterviewTabSaysTheExperimentExactly() {
    const QString id = addOwnCard("vanishing-gradients", "See [it](preset:lr-schedules/warm-up)");
    window_->page().showTab("interview");
    window_->page().interview().showCard(id);
    clickLink(*window_->page().interview().findChild<NotesView*>(), "it");
    QCOMPARE(openPresetNow(), QString("lr-schedules/warm-up"));
  }

  void aLinkOfADemoIsFollowed() {
    Q_EMIT window_->page().demo()->linkActivated("lesson:lstm");
    QCOMPARE(window_->page().lesson(), std::string("lstm"));
  }

  void aLinkThatLeadsNowhereIsRefusedInASentence_data() {
    QTest::addColumn<QString>("lesson");
    QTest::addColumn<QString>("link");
    QTest::addColumn<QString>("named");
    QTest::newRow("of another lesson") << "gan"
                                       << "preset:warm-up"
                                       << "warm-up";
    QTest::newRow("of no lesson") << ""
                                  << "preset:warm-up"
                                  << "warm-up";
    QTest::newRow("an unknown lesson") << ""
                                       << "lesson:nothing"
                                       << "nothing";
  }
  void aLinkThatLeadsNowhereIsRefusedInASentence() {
    QFETCH(QString, lesson);
    QFETCH(QString, link);
    QFETCH(QString, named);
    const QString before = openPresetNow();
    reviewCard(addOwnCard(lesson, "See [it](" + link + ")"));
    clickLink(*window_->review().findChild<NotesView*>(), "it");
    const QString said = messageOnScreen();
    QVERIFY2(said.contains(named), qPrintable(said));
    QCOMPARE(openPresetNow(), before);
  }
};

QTEST_MAIN(WindowLinksTest)
#include "window_links_test.moc"
