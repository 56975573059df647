// SPDX-License-Identifier: GPL-3.0-or-later
// What a new user does first, sent to what has the focus as a keyboard and a mouse send it.
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>

#include "app/catalog_loader.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/drag_hint.h"
#include "widgets/panel/timeline.h"
#include "widgets/panel/transport_bar.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/study/demo_pane.h"
#include "widgets/views/plane_view.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

std::unique_ptr<MainWindow> openWindow(const WindowRequest& request = {}) {
  auto window = std::make_unique<MainWindow>(request);
  showUntilReady(*window);
  window->activateWindow();
  return window;
}

ExperimentPanel& lab(MainWindow& window) { return *window.page().panel(); }
const RunState& stateOf(MainWindow& window) { return lab(window).runner().state(); }
QWidget& playButton(MainWindow& window) { return *lab(window).transport().playButton(); }

/// To whatever has the focus.
void press(Qt::Key key) {
  QWidget* focus = QApplication::focusWidget();
  QVERIFY(focus);
  QTest::keyClick(focus, key);
}

}  // namespace

class FirstMinuteTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home().filePath("data").toLocal8Bit());
  }
  void init() { QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear(); }

  void theFirstStartIsARaceThatIsReady() {
    const auto window = openWindow();
    QCOMPARE(lab(*window).spec().id, std::string("optimizer-race"));
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    QVERIFY(!stateOf(*window).playing);
    QVERIFY(playButton(*window).accessibleName().startsWith("Play"));
    QVERIFY(playButton(*window).width() >= 44 && playButton(*window).height() >= 44);
    const auto* chosen = window->findChild<LessonTree*>()->tree()->currentItem();
    QVERIFY(chosen);
    QCOMPARE(chosen->text(0), QString("Race of the optimizers"));
  }

  void spaceStartsAndStopsItWhereverTheFocusIs_data() {
    QTest::addColumn<QByteArray>("kind");
    for (const char* kind : {"QTreeWidget", "QComboBox", "QToolButton", "QSlider", "QCheckBox",
                             "QPushButton", "viva::PlaneView"})
      QTest::newRow(kind) << QByteArray(kind);
  }
  void spaceStartsAndStopsItWhereverTheFocusIs() {
    QFETCH(QByteArray, kind);
    const auto window = openWindow();
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    QWidget* target = nullptr;
    for (QWidget* widget : window->findChildren<QWidget*>())
      if (!target && widget->inherits(kind) && widget->isVisible() && widget->isEnabled() &&
          (widget->focusPolicy() & Qt::TabFocus))
        target = widget;
    if (!target) QSKIP("there is none in this lab");
    target->setFocus();
    QCOMPARE(QApplication::focusWidget(), target);
    const std::string preset = lab(*window).preset();
    press(Qt::Key_Space);
    QTRY_VERIFY(stateOf(*window).playing);
    QVERIFY(!QApplication::activePopupWidget());
    QTRY_VERIFY(playButton(*window).accessibleName().startsWith("Pause"));
    press(Qt::Key_Space);
    QTRY_VERIFY(!stateOf(*window).playing);
    QCOMPARE(lab(*window).preset(), preset);
  }

  void inATextSpaceIsASpace() {
    const auto window = openWindow();
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    window->page().showTab("own");
    auto* text = window->page().findChild<QPlainTextEdit*>();
    QVERIFY(text);
    text->setFocus();
    press(Qt::Key_Space);
    QCOMPARE(text->toPlainText(), QString(" "));
    window->page().showTab("lab");
    QLineEdit* field = nullptr;
    for (QLineEdit* each : lab(*window).findChildren<QLineEdit*>())
      if (!field && each->isVisible()) field = each;
    field->setFocus();
    press(Qt::Key_Space);
    QCoreApplication::processEvents();
    QVERIFY(!stateOf(*window).playing);
  }

  void enterPressesTheButtonThatHasTheFocus() {
    const auto window = openWindow();
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    playButton(*window).setFocus();
    press(Qt::Key_Return);
    QTRY_VERIFY(stateOf(*window).playing);
  }

  void inADemoSpaceIsTheAnswers() {
    const auto window = openWindow();
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    DemoPane& demo = *window->page().demo();
    demo.begin(QString::fromStdString(lab(*window).preset()));
    QAbstractButton* answer = nullptr;
    for (auto* button : demo.findChildren<QAbstractButton*>())
      if (!answer && button->isVisible() && button->isCheckable()) answer = button;
    if (!answer) QSKIP("the first demo asks for a number");
    answer->setFocus();
    press(Qt::Key_Space);
    QVERIFY(answer->isChecked());
    QVERIFY(!stateOf(*window).playing);
  }

  void spaceBeforeTheExperimentsAreThereIsNotForgotten() {
    MainWindow window({});
    QSignalSpy ready(&window, &MainWindow::ready);
    window.show();
    window.activateWindow();
    if (window.isReady()) QSKIP("they were there at once");
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus ? focus : &window, Qt::Key_Space);
    QVERIFY(ready.wait(20000));
    QTRY_VERIFY(stateOf(window).step > 0);
  }

  void theWindowFitsIntoTheScreen() {
    const auto window = openWindow();
    QVERIFY(window->width() <= window->screen()->availableSize().width());
    QVERIFY(window->height() <= window->screen()->availableSize().height());
    // What a small laptop has once its bars are drawn.
    for (const QSize& size : {QSize(1350, 680), QSize(900, 560)}) {
      window->resize(size);
      QTRY_COMPARE(window->size(), size);
      for (const QWidget* part :
           {&playButton(*window), static_cast<QWidget*>(&lab(*window).timeline()),
            static_cast<QWidget*>(&lab(*window).transport())}) {
        const QRect place(part->mapTo(window.get(), QPoint()), part->size());
        QVERIFY(window->rect().contains(place));
      }
    }
  }

  void theTimelineIsAsLongAsTheRunAndFillsWhatIsComputed() {
    const auto window = openWindow();
    ExperimentPanel& panel = lab(*window);
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    auto* slider = panel.timeline().findChild<QSlider*>();
    QCOMPARE(slider->maximum(), static_cast<int>(stateOf(*window).length));
    panel.runner().stepForward(20);
    QTRY_COMPARE(slider->value(), 20);
    QCOMPARE(slider->maximum(), static_cast<int>(stateOf(*window).length));
    // Nothing moves when one looks back.
    const auto places = [&] {
      QList<QRect> all;
      for (QWidget* part : panel.findChildren<QWidget*>())
        if (part->isVisible() && !qobject_cast<DragHint*>(part))
          all.append(QRect(part->mapTo(&panel, QPoint()), part->size()));
      return all;
    };
    const QList<QRect> before = places();
    slider->setValue(7);
    QCoreApplication::processEvents();
    QCOMPARE(panel.timeline().cursor(), std::optional<std::int64_t>(7));
    QCOMPARE(places(), before);
    // What is not computed cannot be looked at.
    slider->setValue(slider->maximum());
    QVERIFY(!panel.timeline().cursor());
    QCOMPARE(slider->value(), 20);
  }

  void aHandleInvitesUntilOneWasDragged() {
    const auto hintOf = [](MainWindow& window) {
      DragHint* shown = nullptr;
      for (auto* hint : window.findChildren<DragHint*>())
        if (hint->isVisible()) shown = hint;
      return shown;
    };
    {
      const auto window = openWindow();
      QTRY_VERIFY(hintOf(*window));
      QCOMPARE(hintOf(*window)->text(), QString("drag me"));
      auto* plane = qobject_cast<PlaneView*>(hintOf(*window)->parentWidget());
      QVERIFY(plane);
      const QPoint at = plane->handlePosition()->toPoint();
      QTest::mousePress(plane, Qt::LeftButton, {}, at);
      QTest::mouseMove(plane, at + QPoint(20, 10));
      QTest::mouseRelease(plane, Qt::LeftButton, {}, at + QPoint(20, 10));
      QVERIFY(!hintOf(*window));
      window->close();
    }
    const auto window = openWindow();
    QTRY_COMPARE(stateOf(*window).records.rows(), 1);
    QVERIFY(!hintOf(*window));
  }

  void theListOfKeysFitsTheScreen() {
    const auto window = openWindow();
    QTest::keyClick(window.get(), Qt::Key_F1);
    auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
    QVERIFY(dialog);
    QVERIFY(dialog->height() <= window->screen()->availableSize().height());
    QVERIFY(!dialog->windowTitle().contains('&'));
    auto* list = dialog->findChild<QTextBrowser*>();
    QVERIFY(list->toPlainText().contains("Space"));
    dialog->reject();
  }
};

QTEST_MAIN(FirstMinuteTest)
#include "first_minute_test.moc"
