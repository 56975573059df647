// SPDX-License-Identifier: GPL-3.0-or-later
// README's "Study and teach", done by keyboard and mouse in the real window.
#include <QAbstractButton>
#include <QClipboard>
#include <QComboBox>
#include <QDateEdit>
#include <QListView>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QScreen>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QToolButton>

#include "app/study/study_store.h"
#include "app/window/back_strip.h"
#include "app/window/card_editor.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_plan.h"
#include "app/window/main_window.h"
#include "app/window/plan_pane.h"
#include "app/window/preferences_dialog.h"
#include "app/window/presenter.h"
#include "app/window/presenter_line.h"
#include "lessons/core/catalog.h"
#include "tests/app/window/hands.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/timeline.h"
#include "widgets/search/search_box.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/home_page.h"
#include "widgets/study/interview_page.h"
#include "widgets/study/lesson_card.h"
#include "widgets/study/review_view.h"
#include "widgets/study/sketch_pad.h"

using namespace viva;
using namespace viva::hands;

class ReadmeStudyTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir home_;
  std::unique_ptr<MainWindow> window_;

  ExperimentPanel& lab() { return *window_->page().panel(); }
  DemoPane& demo() { return *window_->page().demo(); }
  ReviewView& review() { return window_->review(); }
  const RunState& state() { return lab().runner().state(); }
  bool isSettled() { return viva::isSettled(*window_); }
  QString fileNamed(const char* name) { return home_.filePath(name); }
  void open(const WindowRequest& request) {
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showInFront(*window_));
    QTRY_VERIFY(isSettled());
  }
  void sayHowSure(const char* percent) {
    click(buttonIn<QToolButton>(demo(), QString("%1 percent").arg(percent)));
  }
  void runItToTheAnswer() {
    click(buttonIn(demo(), "Run it"));
    QCOMPARE(demo().stage(), DemoPane::Stage::Run);
    click(buttonIn(demo(), "Skip to the end"));
    QTRY_COMPARE_WITH_TIMEOUT(demo().stage(), DemoPane::Stage::Reveal, 60000);
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CONFIG_HOME", home_.path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home_.path().toLocal8Bit());
  }
  void init() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.language = "en";
    open(request);
  }
  void cleanup() { window_.reset(); }

  // Predict first (Ctrl+D) turns a preset into a question: say what you expect (a choice, a number,
  // or a curve that you sketch) and how sure you are; then it runs, and what was measured stands
  // beside your prediction. Viva keeps count of how often you are right when you are sure.
  void aChoiceIsPredicted() {
    press(Qt::Key_D, Qt::ControlModifier);
    QVERIFY(demo().isOpen());
    QVERIFY(!buttonIn(demo(), "Run it")->isEnabled());
    QTRY_VERIFY(qobject_cast<QRadioButton*>(QApplication::focusWidget()));
    press(Qt::Key_Space);
    sayHowSure("80");
    runItToTheAnswer();
    QTRY_VERIFY(readIn(demo()).contains("You expected: Clearly sooner"));
    QVERIFY(readIn(demo()).contains("It was: "));
    QCOMPARE(window_->study().predictions().size(), std::size_t{1});
    QVERIFY(readIn(demo()).contains("Of 1 prediction"));
  }
  void aNumberAndACurveArePredicted() {
    window_->openPreset("optimizer-race", "sgd-rate-sensitivity");
    press(Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()));
    type("2000");
    sayHowSure("60");
    runItToTheAnswer();
    window_->openPreset("optimizer-race", "adam-fast-start");
    press(Qt::Key_D, Qt::ControlModifier);
    auto* pad = lab().findChild<SketchPad*>();
    QTRY_VERIFY(pad->isVisible());
    const int low = pad->height() * 2 / 3;
    drag(pad, {pad->width() / 8, low / 2}, {pad->width() * 15 / 16, low});
    sayHowSure("50");
    runItToTheAnswer();
    QVERIFY(pad->isRevealed());
    QCOMPARE(window_->study().calibration().count, 2);
  }

  // Interview has the lesson’s cards: question, short and long answer, source. P plays the
  // experiment that proves a card. After a proof Back to the card (Alt+Left) leads back.
  void theLessonsCardsAreAskedAndProved() {
    press(Qt::Key_4, Qt::AltModifier);
    QCOMPARE(window_->page().currentTab(), QString("interview"));
    ReviewView& cards = window_->page().interview().review();
    const QString card = cards.card();
    QVERIFY(!card.isEmpty());
    cards.setFocus();
    press(Qt::Key_Space);
    QVERIFY(cards.isRevealed());
    const QString page = cards.findChild<QTextBrowser*>()->toPlainText();
    for (const char* part : {"Short answer", "Long answer", "Source"})
      QVERIFY2(page.contains(part), qPrintable(page));
    press(Qt::Key_P);
    QTRY_COMPARE(window_->page().currentTab(), QString("lab"));
    QTRY_VERIFY(state().playing || state().step > 0);
    QVERIFY(window_->findChild<BackStrip*>()->isVisible());
    press(Qt::Key_Left, Qt::AltModifier);
    QTRY_COMPARE(window_->page().currentTab(), QString("interview"));
    QCOMPARE(cards.card(), card);
  }

  // Today’s cards (Ctrl+T) asks what is due. New cards come from the lessons that you work on.
  void todaysCardsAreAsked() {
    press(Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(window_->place(), QString("cards"));
    const QString card = review().card();
    QVERIFY2(card.startsWith("optimizer"), qPrintable(card));
    review().setFocus();
    press(Qt::Key_Space);
    press(Qt::Key_3);
    QVERIFY(review().card() != card);
    QVERIFY(window_->study().card(card).memory.phase != CardPhase::New);
  }

  // Preferences has the retention you want, the day of your interview and daily limits.
  void preferencesHaveRetentionDayAndLimits() {
    press(Qt::Key_Comma, Qt::ControlModifier);
    auto* dialog = qobject_cast<PreferencesDialog*>(QApplication::activeModalWidget());
    QVERIFY(dialog);
    const QString said = readIn(*dialog);
    for (const char* part : {"Wanted retention", "New cards a day", "Reviews a day, at most"})
      QVERIFY2(said.contains(part), part);
    QVERIFY(buttonIn(*dialog, "Interview or exam on"));
    QVERIFY(dialog->findChild<QDateEdit*>());
    press(Qt::Key_Escape);
  }

  // Home (Alt+Home) is a gallery: what each lesson computes, the question it answers, how far you
  // are, and whether you are right as often as you are sure.
  void homeIsAGallery() {
    press(Qt::Key_Home, Qt::AltModifier);
    QCOMPARE(window_->place(), QString("home"));
    const auto& cards = window_->home().cards();
    QCOMPARE(cards.size(), lessonList().size());
    for (const LessonCard* card : cards) {
      QVERIFY(card->content().question.endsWith('?'));
      QVERIFY(!card->content().progress.isEmpty());
    }
    QVERIFY(readIn(window_->home()).contains("sure"));
    window_->home().ensureWidgetVisible(cards[1]);
    click(cards[1]);
    QCOMPARE(window_->page().lesson(), lessonList()[1].id);
  }

  // All you do is kept in one file on your machine; Study exports, imports and erases it.
  void progressIsExportedErasedAndImported() {
    QVERIFY(window_->study().mergeNote("optimizers", "", "mine"));
    const QString file = fileNamed("progress.viva-study");
    nameFile(file);
    chooseFromMenu(*window_, "Study", "Export progress");
    QStringList written;
    QTRY_VERIFY(!(written = QDir(home_.path()).entryList({"progress*"})).isEmpty());
    whenOpen<QMessageBox>([](QMessageBox& box) {
      for (QAbstractButton* button : box.buttons())
        if (button->text().contains("Erase")) button->click();
    });
    chooseFromMenu(*window_, "Study", "Erase");
    QTRY_COMPARE(window_->study().note("optimizers"), QString());
    nameFile(home_.filePath(written.front()));
    chooseFromMenu(*window_, "Study", "Import progress");
    QTRY_COMPARE(window_->study().note("optimizers"), QString("mine"));
    messageOnScreen();
  }

  // Present (F5) is for a class: full screen, large type, a clicker goes through the presets and
  // their demos. B is black, L a spotlight, D a pen. Its keys and those of the menus work whatever
  // has the focus.
  void presentingIsForAClass() {
    lab().findChild<QComboBox*>()->setFocus();
    press(Qt::Key_F5);
    QVERIFY(window_->isPresenting());
    QTRY_VERIFY(window_->isFullScreen());
    QVERIFY(window_->appearance().font_scale >= 1.5);
    QVERIFY(window_->presenterLine()->isVisible());
    using Mode = PresenterOverlay::Mode;
    for (const auto& [key, mode] : {std::pair{Qt::Key_B, Mode::Black},
                                    {Qt::Key_L, Mode::Spotlight},
                                    {Qt::Key_D, Mode::Pen}}) {
      press(key);
      QCOMPARE(window_->overlay().mode(), mode);
      press(key);
      QCOMPARE(window_->overlay().mode(), Mode::Nothing);
    }
    const std::string first = lab().preset();
    press(Qt::Key_PageDown);
    QCOMPARE(demo().stage(), DemoPane::Stage::Predict);
    press(Qt::Key_PageDown);
    QCOMPARE(demo().stage(), DemoPane::Stage::Run);
    press(Qt::Key_PageDown);
    QTRY_COMPARE_WITH_TIMEOUT(demo().stage(), DemoPane::Stage::Reveal, 60000);
    press(Qt::Key_PageDown);
    QVERIFY(lab().preset() != first);
    press(Qt::Key_Escape);
    QVERIFY(!window_->isPresenting());
  }

  // Copy link (Ctrl+Shift+L) gives a viva: link to exactly what is on screen; Add this state to a
  // plan collects such states in a .viva-plan. viva LINK and viva FILE.viva-plan open them.
  void linksAndPlansOpenWhatWasOnScreen() {
    lab().runner().stepForward(23);
    QTRY_COMPARE(state().step, 23);
    const std::string digest = state().records.digest();
    press(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith("viva:optimizer-race?"));
    const std::string link = QGuiApplication::clipboard()->text().toStdString();
    const QString path = fileNamed("class.viva-plan");
    nameFile(path);
    press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY(QFile::exists(path));
    QTRY_VERIFY(window_->plan().isVisible());
    press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(readPlan(path).steps.size(), std::size_t{2});
    QListView* list = window_->plan().list();
    list->setFocus();
    press(Qt::Key_F2);
    type("The zigzag");
    press(Qt::Key_Return);
    QTRY_COMPARE(readPlan(path).steps[1].title, QString("The zigzag"));
    list->setFocus();
    press(Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(readPlan(path).steps[0].title, QString("The zigzag"));
    press(Qt::Key_Delete);
    QCOMPARE(readPlan(path).steps.size(), std::size_t{1});
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(readPlan(path).steps[0].title, QString("The zigzag"));
    for (const std::string& given : {link, path.toStdString()}) {
      window_.reset();
      WindowRequest request;
      request.language = "en";
      request.file = given;
      open(request);
      QTRY_COMPARE(state().step, 23);
      QCOMPARE(state().records.digest(), digest);
    }
  }
};

QTEST_MAIN(ReadmeStudyTest)
#include "readme_study_test.moc"
