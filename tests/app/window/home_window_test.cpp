// SPDX-License-Identifier: GPL-3.0-or-later
// Home, the tree of lessons, and study without dead ends, in the window with the real lessons.
#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/back_strip.h"
#include "app/window/card_editor.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "tests/app/window/open_window.h"
#include "widgets/search/search_box.h"
#include "widgets/study/calibration_plot.h"
#include "widgets/study/forecast_bars.h"
#include "widgets/study/home_page.h"
#include "widgets/study/interview_page.h"
#include "widgets/study/lesson_card.h"
#include "widgets/study/review_view.h"
#include "widgets/text/notes_view.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

std::unique_ptr<MainWindow> openWindow(const QString& study = {}) {
  WindowRequest request;
  request.experiment = "optimizer-race";
  auto window = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(study));
  showUntilReady(*window);
  window->activateWindow();
  if (!QTest::qWaitForWindowActive(window.get())) qWarning("the window has no keyboard");
  return window;
}

/// As from the keyboard: to what has the focus.
void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
  QWidget* focus = QApplication::focusWidget();
  QTest::keyClick(focus ? focus : QApplication::activeWindow(), key, modifiers);
}

QStringList labelsOf(const QWidget& page) {
  QStringList words;
  for (const QLabel* label : page.findChildren<QLabel*>()) words.append(label->text());
  return words;
}

QPushButton* buttonOf(const QWidget& page, const QString& begins) {
  for (QPushButton* button : page.findChildren<QPushButton*>())
    if (button->isVisible() && button->text().startsWith(begins)) return button;
  return nullptr;
}

QString pageOf(const ReviewView& review) {
  return review.findChild<NotesView*>()->browser()->toPlainText();
}

/// The rows that can be seen, without sections.
QStringList rowsOf(const LessonTree& tree) {
  QStringList rows;
  for (QTreeWidgetItemIterator item(tree.tree()); *item; ++item) {
    bool seen = !(*item)->isHidden() && (*item)->flags() != Qt::ItemIsEnabled;
    for (const QTreeWidgetItem* above = (*item)->parent(); above; above = above->parent())
      seen = seen && above->isExpanded() && !above->isHidden();
    if (seen) rows.append((*item)->text(0));
  }
  return rows;
}

QPlainTextEdit* notesOf(MainWindow& window) {
  window.page().showTab("own");
  return qobject_cast<QPlainTextEdit*>(window.page().currentWidget());
}

}  // namespace

class HomeWindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit()); }
  /// Not the first start, which may play by itself.
  void init() {
    QSettings settings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva");
    settings.clear();
    settings.setValue("experiment", "optimizer-race");
  }

  void everyLessonIsACardWithItsQuestionAndProgress() {
    const auto window = openWindow();
    for (const Language language : {Language::English, Language::Chinese}) {
      window->setLanguage(language);
      window->showHome();
      const auto& cards = window->home().cards();
      QCOMPARE(cards.size(), lessonList().size());
      for (std::size_t i = 0; i < cards.size(); ++i) {
        const std::string key = "lesson_question." + lessonList()[i].id;
        QCOMPARE(cards[i]->content().question.toStdString(), Words::in(language)(key));
        QCOMPARE(cards[i]->accessibleName().toStdString(),
                 Words::in(language)("lesson." + lessonList()[i].id));
        QVERIFY(cards[i]->accessibleDescription().contains(cards[i]->content().question));
        QCOMPARE(cards[i]->content().done, 0.0);
      }
    }
    window->setLanguage(Language::English);
    window->study().played("lstm", "lstm-gates", "adding-50", QDateTime::currentDateTimeUtc());
    for (const LessonCard* card : window->home().cards())
      QCOMPARE(card->content().done > 0, card->objectName() == "lstm");
  }

  void aCardIsOpenedByMouseAndByKeyboard() {
    const auto window = openWindow();
    for (const bool by_mouse : {true, false}) {
      window->openExperiment("optimizer-race");
      window->showHome();
      LessonCard* card = window->home().cards().front();
      window->home().ensureWidgetVisible(card);
      if (by_mouse) {
        QTest::mouseClick(card, Qt::LeftButton);
      } else {
        card->setFocus();
        press(Qt::Key_Return);
      }
      QCOMPARE(window->place(), QString("lesson"));
      QCOMPARE(window->page().lesson(), lessonList().front().id);
    }
  }

  void everyPartOfEveryCardHasRoomAtAnySizeAndType() {
    const auto window = openWindow();
    window->showHome();
    for (const QSize size : {QSize(900, 600), QSize(1280, 800), QSize(1920, 1080)})
      for (const double type : {1.0, 2.0}) {
        window->setFontScale(type);
        window->resize(size);
        QCoreApplication::processEvents();
        for (const LessonCard* card : window->home().cards()) {
          QVERIFY(card->height() >= card->heightForWidth(card->width()));
          QVERIFY(card->width() <= window->home().viewport()->width());
        }
      }
    window->setFontScale(1);
  }

  void thePictureOfALessonIsComputedWhileTheLabIsAtRest() {
    const auto window = openWindow();
    window->showHome();
    const auto pictured = [&] {
      for (const LessonCard* card : window->home().cards())
        if (!card->picture().isNull()) return true;
      return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(pictured(), 120000);
  }

  void typingOnHomeSearches() {
    const auto window = openWindow();
    window->showHome();
    auto* field = window->home().findChild<QLineEdit*>("search");
    field->setFocus();
    press(Qt::Key_G);
    auto* box = qobject_cast<SearchBox*>(QApplication::activeModalWidget());
    QVERIFY(box);
    QCOMPARE(box->line()->text(), QString("g"));
    QTest::keyClicks(box->line(), "an");
    QTest::keyClick(box->line(), Qt::Key_Return);
    QCOMPARE(window->page().lesson(), std::string("gan"));
    window->showHome();
    QTest::mouseClick(window->home().findChild<QLineEdit*>("search"), Qt::LeftButton);
    box = qobject_cast<SearchBox*>(QApplication::activeModalWidget());
    QVERIFY(box);
    // What was opened last comes first, without a word typed.
    QCOMPARE(box->list()->currentItem()->data(Qt::UserRole).toString(), QString("lesson:gan"));
    box->reject();
  }

  void whereThereIsNothingYetHomeSaysWhatToDo() {
    const auto window = openWindow();
    window->showHome();
    const Words& words = Words::in(Language::English);
    for (const char* key : {"home.cards_empty", "home.calibration_empty", "home.no_runs"})
      QVERIFY2(labelsOf(window->home()).contains(QString::fromStdString(words(key))), key);
    QVERIFY(!window->home().findChild<CalibrationPlot*>());
    QVERIFY(!window->home().findChild<ForecastBars*>());
    QVERIFY(buttonOf(window->home(), "Begin: "));
    const QDateTime now = QDateTime::currentDateTimeUtc();
    window->study().played("optimizers", "optimizer-race", "ravine-zigzag", now);
    window->study().review("optimizer-momentum-ravine", Grade::Good, now, 1000);
    window->study().predicted(
        {"optimizers", "optimizer-race", "ravine-zigzag", now, "sooner", 0.8, "sooner", true});
    QVERIFY(window->home().findChild<CalibrationPlot*>());
    QVERIFY(window->home().findChild<ForecastBars*>());
    QVERIFY(buttonOf(window->home(), "Continue: "));
    QVERIFY(labelsOf(window->home()).filter("Of 1 prediction, 100 % was right").size() == 1);
    QVERIFY(labelsOf(window->home()).filter("1 of ").size() > 0);
  }

  void calibrationIsAPlotWithItsDiagonal() {
    CalibrationPlot plot({});
    plot.resize(400, 300);
    Calibration calibration;
    calibration.bins = {{0.6, 4, 1}, {0.9, 2, 2}};
    calibration.count = 6;
    plot.setCalibration(calibration);
    const QImage image = plot.grab().toImage();
    const QPointF low = plot.placeOf(0.5, 0.5), middle = plot.placeOf(0.75, 0.75),
                  high = plot.placeOf(1, 1);
    QCOMPARE(middle, (low + high) / 2);
    QVERIFY(low.x() < high.x() && low.y() > high.y());
    const auto colourAt = [&](const QPointF& place) {
      return image.pixelColor((place * image.devicePixelRatio()).toPoint());
    };
    QCOMPARE(colourAt(plot.placeOf(0.6, 0.25)), colourAt(plot.placeOf(0.9, 1)));
    QVERIFY(colourAt(plot.placeOf(0.6, 0.25)) != colourAt(plot.placeOf(0.55, 0.9)));
    QVERIFY(plot.accessibleDescription().contains("60 % sure: 25 % of 4 predictions right"));
  }

  void theTreeShowsTheExperimentsOfTheOpenLessonOnly() {
    const auto window = openWindow();
    const auto& tree = *window->findChild<LessonTree*>();
    QVERIFY(rowsOf(tree).contains("Race of the optimizers"));
    QCOMPARE(rowsOf(tree).size(), 2 + qsizetype(lessonList().size()) + 3);
    window->openExperiment("lstm-gates");
    QVERIFY(!rowsOf(tree).contains("Race of the optimizers"));
    QCOMPARE(rowsOf(tree).size(), 2 + qsizetype(lessonList().size()) + 2);
  }

  void theTreeIsWalkedByKeyboardInBothDirections() {
    const auto window = openWindow();
    const auto& tree = *window->findChild<LessonTree*>();
    window->openExperiment("gan-plane");
    tree.tree()->setFocus();
    press(Qt::Key_Up);  // the lesson itself
    QCOMPARE(tree.tree()->currentItem()->text(0), QString("GAN"));
    press(Qt::Key_Up);
    QCOMPARE(tree.tree()->currentItem()->text(0), QString("LSTM"));
    QCOMPARE(window->page().lesson(), std::string("lstm"));
    press(Qt::Key_Down);
    press(Qt::Key_Down);
    QCOMPARE(window->page().panel()->spec().id, std::string("cell-race"));
  }

  void theTreeIsFilteredInEitherLanguage() {
    const auto window = openWindow();
    auto& tree = *window->findChild<LessonTree*>();
    tree.filter()->setFocus();
    QTest::keyClicks(tree.filter(), "race");
    for (const QString& row : rowsOf(tree)) QVERIFY2(row != "GAN", qPrintable(row));
    QVERIFY(rowsOf(tree).contains("Race of the optimizers"));
    press(Qt::Key_Escape);
    QCOMPARE(tree.filter()->text(), QString());
    tree.filter()->insert(QString::fromUtf8("生成对抗"));  // of an input method
    QCOMPARE(rowsOf(tree).front(), QString("GAN"));
    press(Qt::Key_Return);
    QCOMPARE(window->page().lesson(), std::string("gan"));
    QCOMPARE(tree.filter()->text(), QString());
    tree.filter()->setFocus();
    QTest::keyClicks(tree.filter(), "optimizers anatomy");
    QCOMPARE(rowsOf(tree), (QStringList{"Optimizers", "Anatomy of a step"}));
    press(Qt::Key_Down);
    QCOMPARE(QApplication::focusWidget(), tree.tree());
    QCOMPARE(tree.tree()->currentItem()->text(0), QString("Anatomy of a step"));
    tree.filter()->setText("no such lesson");
    QVERIFY(rowsOf(tree).isEmpty());
    QVERIFY(labelsOf(tree).contains(
        QString::fromStdString(Words::in(Language::English)("window.filter_nothing"))));
  }

  void afterAProofThereIsAWayBackAndNothingIsForgotten() {
    const auto window = openWindow();
    window->showToday();
    ReviewView& review = window->review();
    for (int i = 0; i < 2; ++i) {
      press(Qt::Key_Space);
      press(Qt::Key_4);
    }
    press(Qt::Key_Space);
    const QString card = review.card();
    auto* strip = window->findChild<BackStrip*>();
    QVERIFY(!strip->isVisible());
    press(Qt::Key_P);
    QCOMPARE(window->place(), QString("lesson"));
    QVERIFY(strip->isVisible());
    // What was asked can be read, and nothing of the strip is cut.
    const auto* asked = strip->findChild<QLabel*>();
    QTRY_VERIFY(asked->width() > 200 && asked->text().size() > 20);
    QVERIFY(asked->accessibleName().startsWith(asked->text().chopped(1)));
    press(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(window->place(), QString("cards"));
    QVERIFY(!strip->isVisible());
    QCOMPARE(review.card(), card);
    QVERIFY(review.isRevealed());
    review.undo();
    review.undo();
    QCOMPARE(window->study().statistics(QDateTime::currentDateTimeUtc()).begun, 0);
  }

  void todaysCardsGoOnWhereTheyWereLeft() {
    const auto window = openWindow();
    window->showToday();
    ReviewView& review = window->review();
    press(Qt::Key_Space);
    press(Qt::Key_4);
    const QString card = review.card();
    window->showHome();
    window->openExperiment("gan-plane");
    window->showToday();
    QCOMPARE(review.card(), card);
    // A mock interview in between, too.
    window->showMock();
    window->showToday();
    QCOMPARE(review.card(), card);
    review.undo();
    QCOMPARE(window->study().statistics(QDateTime::currentDateTimeUtc()).begun, 0);
    // Not the day after.
    review.setClock([] { return QDateTime::currentDateTimeUtc().addDays(1); });
    press(Qt::Key_Space);
    window->showToday();
    QVERIFY(!review.isRevealed());
  }

  void aCardOfTheInterviewTabIsFoundAgainAfterItsProof() {
    const auto window = openWindow();
    window->openExperiment("gan-plane");
    window->page().showTab("interview");
    ReviewView& review = window->page().interview().review();
    const QString card = review.card();
    review.prove();
    auto* strip = window->findChild<BackStrip*>();
    QVERIFY(strip->isVisible());
    QVERIFY(!strip->findChildren<QToolButton*>().isEmpty());
    for (QToolButton* button : strip->findChildren<QToolButton*>())
      if (button->text().contains("Back to the card")) {
        QTest::mouseClick(button, Qt::LeftButton);
        break;
      }
    QCOMPARE(window->page().currentTab(), QString("interview"));
    QCOMPARE(review.card(), card);
    QVERIFY(!strip->isVisible());
  }

  void theEndOfTheDaysCardsOffersWhatIsNext() {
    const auto window = openWindow();
    StudyPlan plan;
    plan.new_a_day = 1;
    window->study().setPlan(plan);
    window->showToday();
    ReviewView& review = window->review();
    press(Qt::Key_Space);
    press(Qt::Key_4);
    QVERIFY(review.card().isEmpty());
    for (const char* button : {"10 more cards", "Mock interview", "Home", "Lessons"})
      QVERIFY2(buttonOf(review, button), button);
    QTest::mouseClick(buttonOf(review, "10 more"), Qt::LeftButton);
    QVERIFY(!review.card().isEmpty());
    QCOMPARE(review.mode(), ReviewView::Mode::Practice);
    for (int i = 0; i < 10; ++i) {
      QVERIFY(!review.card().isEmpty());
      review.goOn();
      review.goOn();
    }
    QVERIFY(review.card().isEmpty());
    QTest::mouseClick(buttonOf(review, "Home"), Qt::LeftButton);
    QCOMPARE(window->place(), QString("home"));
  }

  void aMockInterviewSaysWhatIsToComeAndListsWhatWasMissed() {
    const auto window = openWindow();
    window->showMock();
    ReviewView& review = window->review();
    QVERIFY(review.isAnnounced() && review.card().isEmpty());
    const QString announced = pageOf(review);
    for (const char* said : {"10 questions", "90 seconds", "15 minutes", "Foundations"})
      QVERIFY2(announced.contains(said), qPrintable(announced));
    press(Qt::Key_Space);
    QVERIFY(!review.isAnnounced());
    QStringList missed;
    for (int i = 0; i < 10; ++i) {
      const QString id = review.card();
      QVERIFY(!id.isEmpty());
      press(Qt::Key_P);  // no proof before the end
      QCOMPARE(window->place(), QString("cards"));
      press(Qt::Key_Space);
      press(i < 2 ? Qt::Key_1 : Qt::Key_3);
      if (i < 2) missed.append(id);
    }
    QVERIFY(review.card().isEmpty());
    QVERIFY(pageOf(review).contains("8 / 10"));
    QVERIFY(pageOf(review).contains("Not known"));
    QPushButton* practise = buttonOf(review, "Practise what was missed (2)");
    QVERIFY(practise);
    QTest::mouseClick(practise, Qt::LeftButton);
    QCOMPARE(review.card(), missed[0]);
  }

  void newCardsAreOfTheLessonThatIsOpen() {
    const auto window = openWindow();
    window->openExperiment("lstm-gates");
    window->showToday();
    QVERIFY2(window->review().card().startsWith("lstm-"), qPrintable(window->review().card()));
  }

  void notesOfTwoWindowsAreBothKept() {
    const QString file = home().filePath("two.db");
    const auto first = openWindow(file);
    QPlainTextEdit* one = notesOf(*first);
    const auto second = openWindow(file);
    QPlainTextEdit* other = notesOf(*second);
    QTest::keyClicks(one, "first");
    first->page().saveOwnNotes();
    QTest::keyClicks(other, "second");
    second->page().saveOwnNotes();
    QCOMPARE(second->study().note("optimizers"), QString("first\nsecond"));
    QCOMPARE(other->toPlainText(), QString("first\nsecond"));
    // Typing goes on where it was.
    QTest::keyClicks(other, "!");
    QCOMPARE(other->toPlainText(), QString("first\nsecond!"));
    QTest::keyClicks(one, ", then more");
    second->page().saveOwnNotes();
    first->page().saveOwnNotes();
    QCOMPARE(first->study().note("optimizers"), QString("first, then more\nsecond!"));
    // A window that only looks sees what the other wrote.
    second->page().showTab("lab");
    second->page().showTab("own");
    QCOMPARE(other->toPlainText(), QString("first, then more\nsecond!"));
  }

  void aCardThatWasBegunIsNotThrownAwayUnasked() {
    const auto window = openWindow();
    window->editCard("gan", {});
    auto* editor = window->findChild<CardEditor*>();
    QCOMPARE(editor->windowTitle(), QString("New card"));
    QVERIFY(labelsOf(*editor).filter("Markdown").size() == 1);
    auto* question = editor->findChildren<QPlainTextEdit*>().front();
    QTest::keyClicks(question, "Why?");
    QTest::keyClick(question, Qt::Key_Escape);
    QVERIFY(editor->isVisible());
    auto* box = editor->findChild<QMessageBox*>();
    QVERIFY(box);
    QTest::keyClick(box, Qt::Key_Escape);  // to keep is what Escape means
    QVERIFY(editor->isVisible());
    QCOMPARE(question->toPlainText(), QString("Why?"));
    QTRY_VERIFY(!editor->findChild<QMessageBox*>());
    editor->close();
    QVERIFY(editor->isVisible());
    box = editor->findChild<QMessageBox*>();
    for (QAbstractButton* button : box->buttons())
      if (button->text() == "Throw away") QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(!window->findChild<CardEditor*>());
    // One that says what it said before is closed at once.
    window->editCard("gan", {});
    editor = window->findChild<CardEditor*>();
    QTest::keyClick(editor, Qt::Key_Escape);
    QVERIFY(!editor->isVisible());
  }
};

QTEST_MAIN(HomeWindowTest)
#include "home_window_test.moc"
