// SPDX-License-Identifier: GPL-3.0-or-later
// Studying and teaching in the window, with the real lessons and a study in memory.
#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/card_editor.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_plan.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/transport_bar.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/search/search_box.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/home_page.h"
#include "widgets/study/interview_page.h"
#include "widgets/study/review_view.h"
#include "widgets/study/sketch_pad.h"
#include "widgets/text/notes_view.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

std::unique_ptr<MainWindow> openWindow(const QString& study = {}, WindowRequest request = {}) {
  auto window = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(study));
  showUntilReady(*window);
  return window;
}

const RunState& stateOf(MainWindow& window) { return window.page().panel()->runner().state(); }

DemoPane& beginDemo(MainWindow& window, const char* experiment, const char* preset) {
  window.openPreset(experiment, preset);
  DemoPane& demo = *window.page().demo();
  demo.begin(preset);
  return demo;
}

void saySure(DemoPane& demo, int percent) {
  demo.findChild<QButtonGroup*>()->button(percent)->click();
}

}  // namespace

class StudyWindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit()); }
  void init() { QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear(); }

  void theFirstStartIsARaceThatSpaceStarts() {
    const auto window = openWindow();
    QCOMPARE(window->page().panel()->spec().id, std::string("optimizer-race"));
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    QTest::keyClick(window->focusWidget() ? window->focusWidget() : window.get(), Qt::Key_Space);
    QTRY_VERIFY(stateOf(*window).step > 5);
  }

  void aDemoAsksBeforeItRunsAndHidesTheAnswer() {
    const auto window = openWindow();
    DemoPane& demo = beginDemo(*window, "optimizer-race", "ravine-zigzag");
    QCOMPARE(demo.stage(), DemoPane::Stage::Predict);
    QTRY_COMPARE(stateOf(*window).step, 0);
    QVERIFY(!stateOf(*window).playing);
    bool claim_is_readable = false;
    for (const QLabel* label : window->page().panel()->findChildren<QLabel*>())
      claim_is_readable |= label->isVisible() && label->text().contains("turns back less often");
    QVERIFY(!claim_is_readable);
    demo.goOn();
    QCOMPARE(demo.stage(), DemoPane::Stage::Predict);  // nothing is predicted yet
  }

  void aPredictionIsComparedWithWhatHappenedAndKept() {
    const auto window = openWindow();
    DemoPane& demo = beginDemo(*window, "optimizer-race", "ravine-zigzag");
    QSignalSpy stages(&demo, &DemoPane::stageChanged);
    demo.findChildren<QRadioButton*>().at(2)->setChecked(true);  // "later", which is wrong
    saySure(demo, 90);
    demo.goOn();
    QCOMPARE(demo.stage(), DemoPane::Stage::Run);
    demo.goOn();  // to the end at once
    QTRY_COMPARE(demo.stage(), DemoPane::Stage::Reveal);
    const auto kept = window->study().predictions();
    QCOMPARE(kept.size(), std::size_t(1));
    QCOMPARE(kept[0].expected, QString("later"));
    QCOMPARE(kept[0].outcome, QString("sooner"));
    QCOMPARE(kept[0].confidence, 0.9);
    QVERIFY(!kept[0].right);
    QCOMPARE(window->study().calibration().count, 1);
    QVERIFY(window->study().progressOf("optimizers").predicted ==
            std::vector<QString>{"ravine-zigzag"});
  }

  void aNumberMustBeANumber() {
    const auto window = openWindow();
    DemoPane& demo = beginDemo(*window, "optimizer-race", "sgd-rate-sensitivity");
    auto* number = demo.findChild<QLineEdit*>();
    number->setText("rather high");
    saySure(demo, 60);
    demo.goOn();
    QCOMPARE(demo.stage(), DemoPane::Stage::Predict);
    number->setText("2e3");
    demo.goOn();
    demo.goOn();
    QTRY_COMPARE(demo.stage(), DemoPane::Stage::Reveal);
    QVERIFY(window->study().predictions()[0].right);
  }

  void aCurveIsSketchedOnThePlotByMouseOrKeyboard() {
    const auto window = openWindow();
    DemoPane& demo = beginDemo(*window, "optimizer-race", "adam-fast-start");
    auto* pad = window->page().panel()->findChild<SketchPad*>();
    QVERIFY(pad->isVisible());
    QTest::mousePress(pad, Qt::LeftButton, {}, {pad->width() / 3, pad->height() / 2});
    QTest::mouseMove(pad, {pad->width() / 2, pad->height() / 2});
    QTest::mouseRelease(pad, Qt::LeftButton);
    const std::size_t by_mouse = pad->sketch().size();
    QVERIFY(by_mouse > 0);
    pad->setFocus();
    QTest::keyClick(pad, Qt::Key_Up);
    for (int i = 0; i < 99; ++i) QTest::keyClick(pad, Qt::Key_Right);
    QCOMPARE(pad->sketch().size(), std::size_t(100));
    saySure(demo, 50);
    demo.goOn();
    demo.goOn();
    QTRY_COMPARE(demo.stage(), DemoPane::Stage::Reveal);
    QVERIFY(pad->isRevealed());
    QVERIFY(window->study().predictions()[0].outcome.startsWith("[["));
  }

  void leavingADemoGivesTheParametersBack() {
    const auto window = openWindow();
    DemoPane& demo = beginDemo(*window, "optimizer-race", "ravine-zigzag");
    QVERIFY(!window->page().panel()->parameterPanel().isVisible());
    demo.leave();
    QVERIFY(window->page().panel()->parameterPanel().isVisible());
    window->page().panel()->openPreset("ravine-zigzag");
  }

  void todaysCardsAreAnsweredByKeyboard() {
    const auto window = openWindow();
    window->showToday();
    ReviewView& review = window->review();
    const QString first = review.card();
    QVERIFY(!first.isEmpty());
    QTest::keyClick(&review, Qt::Key_3);  // not before the answer was seen
    QCOMPARE(review.card(), first);
    QTest::keyClick(&review, Qt::Key_Space);
    QVERIFY(review.isRevealed());
    QTest::keyClick(&review, Qt::Key_4);
    QVERIFY(review.card() != first);
    QCOMPARE(window->study().card(first).memory.phase, CardPhase::Review);
    QTest::keyClick(&review, Qt::Key_U);
    QCOMPARE(review.card(), first);
    QCOMPARE(window->study().card(first).memory.phase, CardPhase::New);
    QTest::keyClick(&review, Qt::Key_S);
    QVERIFY(window->study().card(first).suspended);
    QVERIFY(review.card() != first);
  }

  void aCardIsProvedWithOneKey() {
    const auto window = openWindow();
    window->openExperiment("gan-plane");
    window->page().showTab("interview");
    ReviewView& review = window->page().interview().review();
    QVERIFY(!review.card().isEmpty());
    QTest::keyClick(&review, Qt::Key_P);
    QCOMPARE(window->page().currentTab(), QString("lab"));
    QTRY_VERIFY(stateOf(*window).playing || stateOf(*window).step > 0);
  }

  void aMockInterviewLeavesTheScheduleAlone() {
    const auto window = openWindow();
    window->showMock();
    ReviewView& review = window->review();
    review.goOn();  // what is to come has been said
    for (int i = 0; i < 10; ++i) {
      QVERIFY(!review.card().isEmpty());
      review.goOn();
      review.goOn();
    }
    QVERIFY(review.card().isEmpty());
    QCOMPARE(window->study().statistics(QDateTime::currentDateTimeUtc()).begun, 0);
  }

  void anOwnCardIsWrittenFoundAndAnswered() {
    const auto window = openWindow();
    window->editCard("gan", {});
    auto* editor = window->findChild<CardEditor*>();
    QVERIFY(editor);
    const auto fields = editor->findChildren<QPlainTextEdit*>();
    fields[0]->setPlainText("What is zugzwang?");
    fields[1]->setPlainText("To have to move.");
    fields[3]->setPlainText("Is it always bad?");
    editor->accept();
    QCOMPARE(window->study().ownCards().size(), std::size_t(1));
    QCOMPARE(window->study().ownCards()[0].follow_ups, QString("Is it always bad?"));
    window->search();
    auto* box = qobject_cast<SearchBox*>(QApplication::activeModalWidget());
    QTest::keyClicks(box->line(), "zugzwang");
    QTest::keyClick(box->line(), Qt::Key_Return);
    QCOMPARE(window->page().currentTab(), QString("interview"));
    QCOMPARE(window->page().interview().review().card(), window->study().ownCards()[0].id);
  }

  void aBadCardOfAFileIsNamedWithFileLineAndCard() {
    const auto window = openWindow();
    QFile file(home().filePath("mine.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("question,answer,id\nq,r,fine\nq,,broken-card\n");
    file.close();
    window->importCardsFrom(file.fileName());
    const QString said = messageOnScreen();
    for (const char* named : {"mine.csv", "3", "broken-card"})
      QVERIFY2(said.contains(named), qPrintable(said));
    QVERIFY(window->study().ownCards().empty());
  }

  void aClozeWithoutABackIsNamedAndTheRestIsImported() {
    const auto window = openWindow();
    QFile file(home().filePath("anki.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n"
        "a1\tBasic\tO(n<sup>2</sup>)?\t2*3*4\n"
        "c1\tCloze\t{{c1::Paris}} is the capital\t\n"
        "a2\tBasic\t$5 or $6?\tyes\n");
    file.close();
    window->importCardsFrom(file.fileName());
    const QString said = messageOnScreen();
    for (const char* named : {"anki.txt", "6", "c1", "2 cards", "1"})
      QVERIFY2(said.contains(named), qPrintable(said));
    const auto cards = window->study().ownCards();
    QCOMPARE(cards.size(), std::size_t(2));
    QCOMPARE(cards[0].question, QString("O(n²)?"));
    QCOMPARE(cards[1].id, QString("a2"));
    // What is shown is what was written.
    window->showToday();
    window->review().startPractice({"a1"});
    window->review().reveal();
    const QString page = window->review().findChild<NotesView*>()->browser()->toPlainText();
    QVERIFY2(page.contains("O(n²)?") && page.contains("2*3*4"), qPrintable(page));
  }

  void twoWindowsThatWriteNotesLoseNothing() {
    const QString file = home().filePath("both.db");
    const auto one = openWindow(file), other = openWindow(file);
    const auto notesOf = [](MainWindow& window) {
      window.openExperiment("optimizer-race");
      window.page().showTab("own");
      for (auto* edit : window.page().findChildren<QPlainTextEdit*>())
        if (edit->accessibleName() == "My notes") return edit;
      return static_cast<QPlainTextEdit*>(nullptr);
    };
    notesOf(*one)->insertPlainText("before");
    one->page().saveOwnNotes();
    notesOf(*other)->moveCursor(QTextCursor::End);
    QCOMPARE(notesOf(*other)->toPlainText(), QString("before"));
    notesOf(*one)->appendPlainText("of the one");
    notesOf(*other)->appendPlainText("of the other");
    one->page().saveOwnNotes();
    other->page().saveOwnNotes();
    QCOMPARE(one->study().note("optimizers"), QString("before\nof the one\nof the other"));
    QCOMPARE(notesOf(*other)->toPlainText(), one->study().note("optimizers"));
  }

  void aPlanThatCannotBeWrittenIsNoPlan() {
    const auto window = openWindow();
    window->openPreset("optimizer-race", "ravine-zigzag");
    QTRY_COMPARE(stateOf(*window).step, 0);
    window->addToPlan(home().filePath("no/such/folder/first.viva-plan"));
    QString said;  // looking closes it, and QTRY looks once more
    const auto is_said = [&] { return !said.isEmpty() || !(said = messageOnScreen()).isEmpty(); };
    QTRY_VERIFY(is_said());
    QVERIFY2(said.contains("first.viva-plan"), qPrintable(said));
    // Presenting goes through the lesson, as without a plan.
    window->present(true);
    window->presentNext(1);
    QVERIFY(window->page().demo()->isOpen());
    window->present(false);
    // The next place is taken.
    const QString path = home().filePath("second.viva-plan");
    window->addToPlan(path);
    QTRY_VERIFY(QFile::exists(path));
    QCOMPARE(readPlan(path).steps.size(), std::size_t(1));
  }

  void ownNotesAreKept() {
    const QString file = home().filePath("notes.db");
    {
      const auto window = openWindow(file);
      window->openExperiment("optimizer-race");
      for (auto* edit : window->page().findChildren<QPlainTextEdit*>())
        if (edit->accessibleName() == "My notes") edit->insertPlainText("ask about κ");
    }
    const auto window = openWindow(file);
    QCOMPARE(window->study().note("optimizers"), QString("ask about κ"));
  }

  void ownNotesAreWrittenDownBeforeAnImportAndReadAfterIt() {
    const auto window = openWindow(home().filePath("import.db"));
    window->openExperiment("optimizer-race");
    const auto edits = window->page().findChildren<QPlainTextEdit*>();
    const auto notes = std::find_if(edits.begin(), edits.end(), [](const QPlainTextEdit* edit) {
      return edit->accessibleName() == "My notes";
    });
    QVERIFY(notes != edits.end());
    (*notes)->insertPlainText("first");
    const QString file = home().filePath("exported.db");
    window->exportProgress(file);
    (*notes)->insertPlainText(", then more");
    window->importProgress(file);
    QCOMPARE((*notes)->toPlainText(), QString("first"));
    QCOMPARE(window->study().note("optimizers"), QString("first"));
  }

  void aRunThatEndedIsOpenedAgainFromHome() {
    const auto window = openWindow();
    window->openPreset("optimizer-race", "ravine-zigzag");
    ExperimentPanel& panel = *window->page().panel();
    QTRY_COMPARE(stateOf(*window).generation, panel.runner().newestGeneration());
    panel.runner().setSpeed(Runner::kUnlimited);
    panel.play();
    QTRY_COMPARE(stateOf(*window).status, RunStatus::Completed);
    QTRY_VERIFY(!window->study().recentRuns().empty());
    QVERIFY(window->study().progressOf("optimizers").played ==
            std::vector<QString>{"ravine-zigzag"});
    const RecentRun run = window->study().recentRuns().front();
    QCOMPARE(run.steps, qint64(150));
    QSignalSpy replayed(window.get(), &MainWindow::replayed);
    window->showHome();
    QCOMPARE(window->place(), QString("home"));
    Q_EMIT window->home().runChosen(run);
    QVERIFY(replayed.wait(20000));
    QVERIFY(replayed[0][0].toBool());
    QCOMPARE(window->place(), QString("lesson"));
  }

  void besideADemoInLargeTypeThePlotsGetTheRoom() {
    const auto window = openWindow();
    DemoPane& demo = beginDemo(*window, "optimizer-race", "ravine-zigzag");
    const auto isBare = [&] { return window->page().panel()->transport().isHidden(); };
    QVERIFY(!isBare());
    window->setFontScale(2);
    QVERIFY(isBare());
    for (const ViewFrame* frame : window->page().panel()->frames())
      if (frame->isVisible()) QVERIFY(frame->height() >= 280);
    demo.leave();
    QVERIFY(!isBare());
    window->setFontScale(1);
  }

  void aClickerGoesThroughThePresetsAndTheirDemos() {
    const auto window = openWindow();
    window->present(true);
    QVERIFY(window->isPresenting());
    const std::string first = window->page().panel()->preset();
    const auto press = [&](Qt::Key key) { QTest::keyClick(window.get(), key); };
    window->setFocus();
    while (window->page().panel()->preset() == first) {
      const auto stage = window->page().demo()->stage();
      const bool open = window->page().demo()->isOpen();
      press(Qt::Key_PageDown);
      if (open && stage == DemoPane::Stage::Run)
        QTRY_COMPARE(window->page().demo()->stage(), DemoPane::Stage::Reveal);
    }
    QVERIFY(window->page().demo()->isOpen());
    QVERIFY(window->study().predictions().empty());  // a class predicts aloud
    press(Qt::Key_PageUp);
    QCOMPARE(window->page().panel()->preset(), first);
    press(Qt::Key_B);
    QCOMPARE(window->overlay().mode(), PresenterOverlay::Mode::Black);
    press(Qt::Key_Escape);
    QCOMPARE(window->overlay().mode(), PresenterOverlay::Mode::Nothing);
    QVERIFY(window->isPresenting());
    press(Qt::Key_Escape);
    QVERIFY(!window->isPresenting());
  }

  void thePenDrawsOverTheLab() {
    const auto window = openWindow();
    window->present(true);
    window->setFocus();
    QTest::keyClick(window.get(), Qt::Key_D);
    PresenterOverlay& overlay = window->overlay();
    QTest::mousePress(&overlay, Qt::LeftButton, {}, {50, 50});
    QTest::mouseMove(&overlay, {90, 60});
    QTest::mouseRelease(&overlay, Qt::LeftButton, {}, {90, 60});
    QCOMPARE(overlay.strokes().size(), std::size_t(1));
    QTest::keyClick(window.get(), Qt::Key_C);
    QVERIFY(overlay.strokes().empty());
  }

  void aCopiedLinkOpensTheSameState() {
    const auto window = openWindow();
    window->openPreset("optimizer-race", "ravine-zigzag");
    ExperimentPanel& panel = *window->page().panel();
    QTRY_COMPARE(stateOf(*window).generation, panel.runner().newestGeneration());
    panel.runner().stepForward(25);
    QTRY_COMPARE(stateOf(*window).step, 25);
    const std::string digest = stateOf(*window).records.digest();
    QApplication::clipboard()->clear();
    window->copyLink();
    QTRY_VERIFY(QApplication::clipboard()->text().startsWith("viva:optimizer-race?"));
    const QString link = QApplication::clipboard()->text();
    window->openExperiment("gan-plane");
    window->openLink(link);
    QCOMPARE(window->page().panel()->spec().id, std::string("optimizer-race"));
    QTRY_COMPARE(stateOf(*window).step, 25);
    QCOMPARE(stateOf(*window).records.digest(), digest);
  }

  void aLinkCanHideAndLockControls() {
    const auto window = openWindow();
    window->openLink("viva:optimizer-race?preset=ravine-zigzag&hide=kappa&locked=1");
    ParameterPanel& parameters = window->page().panel()->parameterPanel();
    QVERIFY(!parameters.isEnabled());
    QVERIFY(parameters.control("kappa")->isHidden());
    window->openLink("viva:optimizer-race");
    QVERIFY(parameters.isEnabled());
  }

  void aHostileLinkChangesNothing() {
    const auto window = openWindow();
    const std::string before = window->page().panel()->preset();
    const std::string experiment = window->page().panel()->spec().id;
    window->openLink("viva:gan-plane?set=hidden%3D1e30");
    QVERIFY(!messageOnScreen().isEmpty());
    QCOMPARE(window->page().panel()->spec().id, experiment);
    QCOMPARE(window->page().panel()->preset(), before);
  }

  void aPlanIsWalkedThroughStepByStep() {
    LabLink first, second;
    first.experiment = "optimizer-race";
    first.preset = "ravine-zigzag";
    second.experiment = "gan-plane";
    second.preset = "mode-collapse";
    const QString path = home().filePath("class.viva-plan");
    writePlan(path, {"A class", {{"One", first}, {"Two", second}}});
    const auto window = openWindow();
    window->openPlan(path);
    QCOMPARE(window->page().panel()->preset(), first.preset);
    window->present(true);
    window->setFocus();
    // The first one's question, run and answer come before the second.
    for (const auto stage : {DemoPane::Stage::Predict, DemoPane::Stage::Run}) {
      QTest::keyClick(window.get(), Qt::Key_PageDown);
      QVERIFY(window->page().demo()->isOpen());
      QCOMPARE(window->page().demo()->stage(), stage);
    }
    QTest::keyClick(window.get(), Qt::Key_PageDown);
    QTRY_COMPARE(window->page().demo()->stage(), DemoPane::Stage::Reveal);
    QCOMPARE(window->page().panel()->preset(), first.preset);
    QTest::keyClick(window.get(), Qt::Key_PageDown);
    QCOMPARE(window->page().panel()->preset(), second.preset);
    window->page().demo()->leave();
    QTest::keyClick(window.get(), Qt::Key_PageDown);
    QTest::keyClick(window.get(), Qt::Key_PageDown);
    QTest::keyClick(window.get(), Qt::Key_PageDown);  // there is no third
    QCOMPARE(window->page().panel()->preset(), second.preset);
    QTest::keyClick(window.get(), Qt::Key_PageUp);
    QCOMPARE(window->page().panel()->preset(), first.preset);
  }

  void everythingThatTakesTheKeyboardHasAName() {
    const auto window = openWindow();
    QStringList nameless;
    const auto look = [&](const QString& where) {
      QCoreApplication::processEvents();
      for (const QWidget* widget : window->findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus) continue;
        // Qt's own parts of a control that has a name itself.
        if (widget->objectName().startsWith("qt_") || widget->parentWidget()->inherits("QSpinBox"))
          continue;
        QAccessibleInterface* face =
            QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
        if (face && face->text(QAccessible::Name).isEmpty())
          nameless.append(where + ": " + widget->metaObject()->className());
      }
    };
    window->showHome();
    look("home");
    window->showToday();
    look("a question");
    window->review().reveal();
    look("an answer");
    window->openPreset("optimizer-race", "ravine-zigzag");
    look("lab");
    window->page().demo()->begin("sgd-rate-sensitivity");
    look("a number demo");
    window->page().demo()->begin("adam-fast-start");
    look("a curve demo");
    for (const char* tab : {"notes", "code", "interview", "own"}) {
      window->page().showTab(tab);
      look(tab);
    }
    window->showPreferences();
    look("preferences");
    nameless.removeDuplicates();
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join('\n')));
  }

  void changesOfParametersAreTakenBackAndRepeated() {
    const auto window = openWindow();
    window->openPreset("optimizer-race", "ravine-zigzag");
    ExperimentPanel& panel = *window->page().panel();
    const std::string before = formatValue(panel.parameters().value("momentum.beta"));
    Q_EMIT panel.parameterPanel().edited("momentum.beta", Value(0.5), false);
    Q_EMIT panel.parameterPanel().edited("momentum.beta", Value(0.6), true);
    QCOMPARE(panel.changes().count(), 1);  // a drag is one change
    panel.changes().undo();
    QCOMPARE(formatValue(panel.parameters().value("momentum.beta")), before);
    panel.changes().redo();
    QCOMPARE(formatValue(panel.parameters().value("momentum.beta")), std::string("0.6"));
  }
};

QTEST_MAIN(StudyWindowTest)
#include "study_window_test.moc"
