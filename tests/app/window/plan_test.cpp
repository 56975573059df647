// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson plan as a list, by keyboard and mouse.
#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_plan.h"
#include "app/window/main_window.h"
#include "app/window/plan_pane.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

LabLink link(const char* preset, std::int64_t step = 0) {
  LabLink made;
  made.experiment = "optimizer-race";
  made.preset = preset;
  made.step = step;
  return made;
}

}  // namespace

class PlanTest : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<MainWindow> window_;
  QString path_;

  PlanPane& pane() { return window_->plan(); }
  QListView& list() { return *pane().list(); }
  ExperimentPanel& panel() { return *window_->page().panel(); }
  static QString titlesOf(const LessonPlan& plan) {
    QStringList titles;
    for (const PlanStep& step : plan.steps) titles << step.title;
    return titles.join(' ');
  }
  /// What the list shows and what is in the file, which are the same at any time.
  QString titles() {
    const QString shown = titlesOf(pane().plan());
    return shown == titlesOf(readPlan(path_)) ? shown : "not saved";
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    QWidget* focus = QApplication::focusWidget();
    QVERIFY(focus);
    QTest::keyClick(focus, key, modifiers);
  }
  void choose(int row) {
    list().setFocus();
    list().setCurrentIndex(list().model()->index(row, 0));
  }
  QPoint middleOf(int row) { return list().visualRect(list().model()->index(row, 0)).center(); }
  /// The field in which it was written, which goes.
  QWidget* renameTo(const QString& title) {
    press(Qt::Key_F2);
    auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    if (!field) return nullptr;
    field->selectAll();
    QTest::keyClicks(field, title);
    QTest::keyClick(field, Qt::Key_Return);
    return field;
  }
  QAbstractButton* button(const QString& name) {
    for (auto* each : pane().findChildren<QAbstractButton*>())
      if (each->accessibleName() == name || each->text() == name) return each;
    return nullptr;
  }

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit()); }
  void init() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.language = "en";
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showUntilReady(*window_));
    window_->activateWindow();
    path_ = home().filePath(QString("%1.viva-plan").arg(QTest::currentTestFunction()));
    writePlan(path_, {"Morning",
                      {{"zigzag", link("ravine-zigzag")},
                       {"later", link("ravine-zigzag", 20)},
                       {"stalls", link("adagrad-stalls")}}});
  }
  void cleanup() { window_.reset(); }

  void aPlanIsAListAndItsFirstStepIsInTheLab() {
    QVERIFY(!pane().isVisible());
    window_->openPlan(path_);
    QVERIFY(pane().isVisible());
    QCOMPARE(pane().title()->text(), QString("Morning"));
    QCOMPARE(list().model()->rowCount(), 3);
    QCOMPARE(list().model()->index(1, 0).data().toString(), QString("2. later"));
    QCOMPARE(pane().step(), std::size_t{0});
    QCOMPARE(panel().preset(), std::string("ravine-zigzag"));
  }

  void aClickAndEnterOpenAStep() {
    window_->openPlan(path_);
    QTest::mouseClick(list().viewport(), Qt::LeftButton, {}, middleOf(1));
    QCOMPARE(pane().step(), std::size_t{1});
    QTRY_COMPARE(panel().runner().state().step, 20);
    choose(1);
    press(Qt::Key_Down);
    QCOMPARE(pane().step(), std::size_t{1});
    press(Qt::Key_Return);
    QCOMPARE(pane().step(), std::size_t{2});
    QCOMPARE(panel().preset(), std::string("adagrad-stalls"));
    QVERIFY(list().model()->index(2, 0).data(Qt::FontRole).value<QFont>().bold());
  }

  void stepsMoveByKeysAndTheOpenOneStaysOpen() {
    window_->openPlan(path_);
    choose(0);
    press(Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(titles(), QString("later zigzag stalls"));
    QCOMPARE(pane().step(), std::size_t{1});
    press(Qt::Key_Down, Qt::AltModifier);
    press(Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(titles(), QString("later stalls zigzag"));
    press(Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(titles(), QString("later zigzag stalls"));
    QCOMPARE(list().currentIndex().row(), 1);
    press(Qt::Key_Z, Qt::ControlModifier);
    press(Qt::Key_Z, Qt::ControlModifier);
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(titles(), QString("zigzag later stalls"));
    // Desktops differ in the keys that repeat.
    const QKeyCombination again = QKeySequence(QKeySequence::Redo)[0];
    press(again.key(), again.keyboardModifiers());
    QCOMPARE(titles(), QString("later zigzag stalls"));
  }

  void aDragMovesAStep() {
    window_->openPlan(path_);
    QVERIFY(list().dragEnabled() && list().acceptDrops());
    // What the list does at the end of a drag: the first step is dropped below the last one.
    QVERIFY(list().model()->moveRow({}, 0, {}, 3));
    QCOMPARE(titles(), QString("later stalls zigzag"));
    QVERIFY(list().model()->moveRow({}, 2, {}, 1));
    QCOMPARE(titles(), QString("later zigzag stalls"));
  }

  void aStepIsRenamed() {
    window_->openPlan(path_);
    choose(1);
    renameTo("halfway");
    QTRY_COMPARE(titles(), QString("zigzag halfway stalls"));
    const QPointer<QWidget> field = renameTo("   ");
    QTRY_VERIFY(!field);
    QCOMPARE(titles(), QString("zigzag halfway stalls"));
    list().setFocus();
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(titles(), QString("zigzag later stalls"));
  }

  void whatIsRemovedCanBeHadBack() {
    window_->openPlan(path_);
    choose(0);
    press(Qt::Key_Delete);
    QCOMPARE(titles(), QString("later stalls"));
    QAbstractButton* undo = button("Undo");
    QVERIFY(undo && undo->isVisible());
    undo->click();
    QCOMPARE(titles(), QString("zigzag later stalls"));
    QVERIFY(!undo->isVisible());
    choose(2);
    press(Qt::Key_Delete);
    press(Qt::Key_Delete);
    QCOMPARE(titles(), QString("zigzag"));
    press(Qt::Key_Delete);
    QVERIFY(messageOnScreen().contains("at least one"));
    QCOMPARE(titles(), QString("zigzag"));
    list().setFocus();
    press(Qt::Key_Z, Qt::ControlModifier);
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(titles(), QString("zigzag later stalls"));
    // The lab has an undo of its own.
    QVERIFY(!panel().changes().canUndo());
  }

  void theTitleIsSavedWhileItIsTyped() {
    window_->openPlan(path_);
    pane().title()->setFocus();
    pane().title()->selectAll();
    QTest::keyClicks(pane().title(), "Evening");
    QTRY_COMPARE(readPlan(path_).title, QString("Evening"));
    QTest::keyClicks(pane().title(), " class");
    window_.reset();
    QCOMPARE(readPlan(path_).title, QString("Evening class"));
  }

  void theStateOfTheLabIsAdded() {
    window_->openPlan(path_);
    QTRY_VERIFY(panel().runner().state().records.rows() > 0);
    button("Add the present state")->click();
    QTRY_COMPARE(list().model()->rowCount(), 4);
    QCOMPARE(readPlan(path_).steps.back().link.preset, std::string("ravine-zigzag"));
    list().setFocus();
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(titles(), QString("zigzag later stalls"));
  }

  void aPlanThatIsClosedIsNotAddedTo() {
    window_->openPlan(path_);
    QTRY_VERIFY(panel().runner().state().records.rows() > 0);
    button("Close the plan")->click();
    QVERIFY(!pane().isVisible() && !pane().isOpen());
    const QString other = home().filePath("other.viva-plan");
    window_->addToPlan(other);
    QTRY_VERIFY(pane().isOpen());
    QCOMPARE(pane().path(), other);
    QCOMPARE(readPlan(path_).steps.size(), std::size_t{3});
    QCOMPARE(readPlan(other).steps.size(), std::size_t{1});
  }

  void whatAnotherWindowDoesIsSeenAndStays() {
    window_->openPlan(path_);
    addToPlan(path_, {"other", link("adam-fast-start")});
    choose(0);
    press(Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(titles(), QString("later zigzag stalls other"));
    addToPlan(path_, {"again", link("adam-fast-start")});
    QEvent activated(QEvent::WindowActivate);
    QApplication::sendEvent(&pane(), &activated);
    QCOMPARE(titles(), QString("later zigzag stalls other again"));
  }

  void everythingHasANameInBothLanguages() {
    window_->openPlan(path_);
    QStringList names[2];
    for (const Language language : {Language::English, Language::Chinese}) {
      window_->setLanguage(language);
      QStringList& said = names[static_cast<int>(language)];
      for (QWidget* widget : pane().findChildren<QWidget*>()) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
        const auto* part = qobject_cast<QAbstractButton*>(widget);
        const QString name =
            widget->accessibleName().isEmpty() && part ? part->text() : widget->accessibleName();
        QVERIFY2(!name.isEmpty(), widget->metaObject()->className());
        said << name;
      }
    }
    QCOMPARE(names[0].size(), names[1].size());
    QVERIFY(names[0].size() >= 8);
    for (qsizetype i = 0; i < names[0].size(); ++i) QVERIFY(names[0][i] != names[1][i]);
  }

  void itIsReachedAndLeftByTab() {
    window_->openPlan(path_);
    pane().title()->setFocus();
    QList<QWidget*> passed;
    while (pane().isAncestorOf(QApplication::focusWidget()) && passed.size() < 20) {
      passed << QApplication::focusWidget();
      press(Qt::Key_Tab);
    }
    QVERIFY(passed.contains(pane().list()));
    QVERIFY(passed.size() >= 6 && passed.size() < 20);
  }
};

QTEST_MAIN(PlanTest)
#include "plan_test.moc"
