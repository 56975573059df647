// SPDX-License-Identifier: GPL-3.0-or-later
// A clicker and a keyboard in front of a class: keys go to what has the focus, as they do there.
#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/timeline.h"
#include "widgets/search/search_box.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/review_view.h"

using namespace viva;
using Mode = PresenterOverlay::Mode;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

}  // namespace

class PresentingTest : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<MainWindow> window_;

  ExperimentPanel& panel() { return *window_->page().panel(); }
  const RunState& state() { return panel().runner().state(); }
  Mode mode() { return window_->overlay().mode(); }
  static void press(QWidget* focused, Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(focused, key, modifiers);
  }
  QWidget* focused() { return window_->focusWidget() ? window_->focusWidget() : window_.get(); }

  QList<QWidget*> whatTakesTheKeyboard() {
    QList<QWidget*> found;
    for (QWidget* widget : window_->findChildren<QWidget*>())
      if (widget->isVisible() && widget->isEnabled() && widget->window() == window_.get() &&
          widget->focusPolicy() != Qt::NoFocus)
        found << widget;
    return found;
  }
  static QString textIn(QWidget* widget) {
    const auto* line = qobject_cast<QLineEdit*>(widget);
    const auto* list = qobject_cast<QComboBox*>(widget);
    return line ? line->text() : list ? list->currentText() : QString();
  }
  void everyKeyWorksFrom(QWidget* widget) {
    widget->setFocus();
    const QString before = textIn(widget);
    const std::string preset = panel().preset();
    const std::pair<Qt::Key, Mode> keys[] = {{Qt::Key_B, Mode::Black},
                                             {Qt::Key_Period, Mode::Black},
                                             {Qt::Key_L, Mode::Spotlight},
                                             {Qt::Key_D, Mode::Pen}};
    for (const auto& [key, wanted] : keys) {
      press(widget, key);
      QCOMPARE(mode(), wanted);
      press(widget, Qt::Key_Escape);
      QCOMPARE(mode(), Mode::Nothing);
    }
    QVERIFY(window_->isPresenting());
    QCOMPARE(textIn(widget), before);
    QCOMPARE(panel().preset(), preset);
  }

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit()); }
  void init() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.experiment = "optimizer-race";
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showUntilReady(*window_));
    panel().pause();
    window_->present(true);
  }
  void cleanup() { window_.reset(); }

  void aClickerWorksWhateverHasTheFocus() {
    QVERIFY(panel().findChildren<QComboBox*>().size() > 0);
    int combo_boxes = 0;
    for (QWidget* widget : whatTakesTheKeyboard()) {
      combo_boxes += qobject_cast<QComboBox*>(widget) != nullptr;
      everyKeyWorksFrom(widget);
      if (QTest::currentTestFailed()) qFatal("%s", widget->metaObject()->className());
    }
    QVERIFY(combo_boxes > 0);
  }

  void aClickerWorksWhileAQuestionIsOpen_data() {
    QTest::addColumn<QString>("preset");
    QTest::newRow("options") << "ravine-zigzag";
    QTest::newRow("a number") << "sgd-rate-sensitivity";
    QTest::newRow("a curve") << "adam-fast-start";
  }
  void aClickerWorksWhileAQuestionIsOpen() {
    QFETCH(QString, preset);
    DemoPane& demo = *window_->page().demo();
    demo.begin(preset);
    int inside = 0;
    for (QWidget* widget : whatTakesTheKeyboard()) {
      inside += demo.isAncestorOf(widget);
      everyKeyWorksFrom(widget);
    }
    QVERIFY(inside > 0);
    for (QWidget* widget : whatTakesTheKeyboard()) {
      demo.begin(preset);
      if (!widget->isVisible()) continue;
      widget->setFocus();
      press(widget, Qt::Key_PageDown);
      QCOMPARE(demo.stage(), DemoPane::Stage::Run);
    }
  }

  void pageKeysGoThroughThePresetsFromAComboBox() {
    auto* presets = panel().findChild<QComboBox*>();
    const std::string first = panel().preset();
    presets->setFocus();
    press(presets, Qt::Key_PageDown);
    QCOMPARE(panel().preset(), first);
    QVERIFY(window_->page().demo()->isOpen() || state().playing);
    window_->page().demo()->leave();
    panel().openPreset(panel().spec().presets[1].name);
    presets->setFocus();
    press(presets, Qt::Key_PageUp);
    QCOMPARE(panel().preset(), first);
  }

  void anOpenListIsClosedAndTheClickerGoesOn() {
    auto* presets = panel().findChild<QComboBox*>();
    presets->showPopup();
    QWidget* list = QApplication::activePopupWidget();
    QVERIFY(list);
    press(list->focusWidget() ? list->focusWidget() : list, Qt::Key_B);
    QCOMPARE(mode(), Mode::Black);
    QVERIFY(!QApplication::activePopupWidget());
  }

  void spacePlaysWhateverHasTheFocus() {
    QTRY_VERIFY(state().records.rows() > 0);
    for (QWidget* widget :
         QList<QWidget*>{panel().findChild<QComboBox*>(), panel().findChild<QAbstractButton*>()}) {
      widget->setFocus();
      press(widget, Qt::Key_Space);
      QTRY_VERIFY(state().playing);
      press(widget, Qt::Key_Space);
      QTRY_VERIFY(!state().playing);
    }
    QVERIFY(!QApplication::activePopupWidget());
  }

  void theKeysOfTheMenusWorkWhileTheyAreHidden() {
    QTRY_VERIFY(state().records.rows() > 0);
    QWidget* list = panel().findChild<QComboBox*>();
    list->setFocus();
    press(list, Qt::Key_P, Qt::ControlModifier);
    QTRY_VERIFY(state().playing);
    press(list, Qt::Key_P, Qt::ControlModifier);
    QTRY_VERIFY(!state().playing);
    panel().stepForward();
    QTRY_VERIFY(state().step > 0);
    press(list, Qt::Key_Comma);
    QTRY_VERIFY(panel().timeline().cursor());
    press(list, Qt::Key_R, Qt::ControlModifier);
    QTRY_COMPARE(state().step, 0);
    QVERIFY(window_->isFullScreen());
    press(list, Qt::Key_F11);
    QVERIFY(!window_->isFullScreen());
    QVERIFY(window_->isPresenting());
    press(list, Qt::Key_F11);
    QVERIFY(window_->isFullScreen());
    press(list, Qt::Key_F5);
    QVERIFY(!window_->isPresenting());
    press(focused(), Qt::Key_F5);
    QVERIFY(window_->isPresenting());
  }

  void aKeyWithControlIsThatOfTheMenu() {
    QApplication::clipboard()->setText("no link");
    press(focused(), Qt::Key_L, Qt::ControlModifier);
    QCOMPARE(mode(), Mode::Nothing);
    QVERIFY(!messageOnScreen().isEmpty());  // Ctrl+L opens what is on the clipboard
    press(focused(), Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(mode(), Mode::Nothing);
    QVERIFY(window_->page().demo()->isOpen());
    for (const Qt::KeyboardModifier modifier :
         {Qt::ControlModifier, Qt::AltModifier, Qt::MetaModifier, Qt::ShiftModifier}) {
      press(focused(), Qt::Key_B, modifier);
      QCOMPARE(mode(), Mode::Nothing);
      press(focused(), Qt::Key_Escape, modifier);
      QVERIFY(window_->isPresenting());
    }
  }

  /// On a French keyboard the point has Shift.
  void thePointIsThePointOnEveryKeyboard() {
    press(focused(), Qt::Key_Period, Qt::ShiftModifier);
    QCOMPARE(mode(), Mode::Black);
  }

  void whatIsTypedInADialogIsTypedThere() {
    press(focused(), Qt::Key_K, Qt::ControlModifier);
    auto* box = window_->findChild<SearchBox*>();
    QVERIFY(box);
    QTest::keyClicks(box->line(), "b.ld ");
    QCOMPARE(box->line()->text(), QString("b.ld "));
    QCOMPARE(mode(), Mode::Nothing);
  }

  void afterwardsTheKeysAreThoseOfTheLabAgain() {
    QTRY_VERIFY(state().records.rows() > 0);
    press(focused(), Qt::Key_Escape);
    QVERIFY(!window_->isPresenting());
    panel().findChild<QComboBox*>()->setFocus();
    press(focused(), Qt::Key_Period);
    QTRY_COMPARE(state().step, 1);
    QCOMPARE(mode(), Mode::Nothing);
  }

  void aCardIsNotAnsweredByAKeyOfTheMenus() {
    window_->present(false);
    window_->showToday();
    ReviewView& review = window_->review();
    const QString first = review.card();
    review.reveal();
    press(&review, Qt::Key_S, Qt::AltModifier);
    press(&review, Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(review.card(), first);
  }
};

QTEST_MAIN(PresentingTest)
#include "presenting_test.moc"
