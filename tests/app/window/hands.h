// SPDX-License-Identifier: GPL-3.0-or-later
// What the hands of a user do: keys go to what has the focus, clicks to what can be seen.
#pragma once

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QTimer>
#include <QtTest>
#include <functional>

namespace viva::hands {

/// What has the keyboard, or will have it when the window system has seen to it.
inline QWidget* focus() {
  if (QWidget* popup = QApplication::activePopupWidget()) return popup;
  QWidget* focused = QApplication::focusWidget();
  if (QWidget* modal = QApplication::activeModalWidget();
      modal && (!focused || focused->window() != modal))
    return modal->focusWidget() ? modal->focusWidget() : modal;
  return focused ? focused : QApplication::activeWindow();
}
inline void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
  QVERIFY(focus());
  QTest::keyClick(focus(), key, modifiers);
}
inline void press(char key) {
  QVERIFY(focus());
  QTest::keyClick(focus(), key);
}
inline void type(const QString& text) {
  QVERIFY(focus());
  QTest::keyClicks(focus(), text);
}

inline void click(QWidget* widget) {
  QVERIFY(widget && widget->isVisible() && widget->isEnabled());
  QTest::mouseClick(widget, Qt::LeftButton, {}, widget->rect().center());
}
inline void drag(QWidget* widget, QPoint from, QPoint to) {
  QTest::mousePress(widget, Qt::LeftButton, {}, from);
  for (int part = 1; part <= 4; ++part) QTest::mouseMove(widget, from + (to - from) * part / 4);
  QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
}

inline QString wordsOf(const QAction* action) {
  QString words = action->text().remove('&').section('\t', 0, 0);
  return words.endsWith(QStringLiteral("…")) ? words.chopped(1) : words;
}
/// Null where there is none.
inline QAction* actionIn(const QWidget& widget, const QString& words) {
  for (QAction* action : widget.actions())
    if (wordsOf(action).startsWith(words)) return action;
  return nullptr;
}
/// A menu of Qt 6.8 that has seen less than seven movements since it opened takes a click for the
/// one that opened it, and closes. A movement goes through the window system, which may make one of
/// several: only the menu knows how many came.
inline void clickInMenu(QMenu* menu, QAction* action) {
  const QPoint place = menu->actionGeometry(action).center();
  const auto is_under_the_mouse = [&] { return menu->activeAction() == action; };
  for (int moved = 0; moved < 200 && !is_under_the_mouse(); ++moved) {
    QTest::mouseMove(menu, place - QPoint(3 * (moved % 2), 0));
    (void)QTest::qWaitFor(is_under_the_mouse, 20);
  }
  QTest::mouseClick(menu, Qt::LeftButton, {}, place);
}
/// The path of words through the menus of the window.
inline void chooseFromMenu(QMainWindow& window, const QString& menu, const QString& item) {
  QAction* opens = actionIn(*window.menuBar(), menu);
  QVERIFY2(opens, qPrintable(menu));
  QTest::mouseClick(window.menuBar(), Qt::LeftButton, {},
                    window.menuBar()->actionGeometry(opens).center());
  QTRY_VERIFY(opens->menu()->isVisible());
  QAction* action = actionIn(*opens->menu(), item);
  QVERIFY2(action && action->isEnabled(), qPrintable(item));
  clickInMenu(opens->menu(), action);
}
/// Presses a button that opens a menu and chooses there; the press lasts until the menu is closed.
inline void chooseFrom(QWidget* button, const QString& item) {
  auto* look = new QTimer(qApp);
  QObject::connect(look, &QTimer::timeout, qApp, [look, item] {
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    if (!menu || !menu->isVisible()) return;
    look->stop();
    look->deleteLater();
    QAction* action = actionIn(*menu, item);
    if (!action || !action->isEnabled()) {
      menu->close();
      QFAIL(qPrintable(item));
    }
    clickInMenu(menu, action);
  });
  look->start(20);
  click(button);
}

template <class Button = QAbstractButton>
Button* buttonIn(const QWidget& widget, const QString& words) {
  for (Button* button : widget.findChildren<Button*>())
    if (button->isVisible() && (button->text().remove('&').startsWith(words) ||
                                button->accessibleName().startsWith(words)))
      return button;
  return nullptr;
}

/// Does `work` with the dialog of this kind when one is on screen, also while what opens it waits
/// for its end.
template <class Dialog>
void whenOpen(std::function<void(Dialog&)> work) {
  auto* look = new QTimer(qApp);
  QObject::connect(look, &QTimer::timeout, qApp, [look, work] {
    auto* dialog = qobject_cast<Dialog*>(QApplication::activeModalWidget());
    if (!dialog || !dialog->isVisible()) return;
    look->stop();
    look->deleteLater();
    work(*dialog);
  });
  look->start(20);
}
/// The dialog of this kind, once it has the keyboard; null where none comes.
template <class Dialog>
Dialog* opened() {
  const auto dialog = [] { return qobject_cast<Dialog*>(QApplication::activeModalWidget()); };
  const bool is_there =
      QTest::qWaitFor([&] { return dialog() != nullptr; }) && QTest::qWaitForWindowActive(dialog());
  return is_there ? dialog() : nullptr;
}
/// The next dialog for files is given this one. It is Qt's, whose list of completions may come at
/// any time and take a click: what it is made of is not pressed.
inline void nameFile(const QString& path) {
  whenOpen<QFileDialog>([path](QFileDialog& dialog) {
    auto* name = dialog.findChild<QLineEdit*>("fileNameEdit");
    name->setCompleter(nullptr);
    name->setText(path);
    QMetaObject::invokeMethod(&dialog, "accept", Qt::QueuedConnection);
  });
}

/// What can be read in the widget now.
inline QString readIn(const QWidget& widget) {
  QStringList texts;
  for (const QLabel* label : widget.findChildren<QLabel*>())
    if (label->isVisible()) texts << label->text();
  return texts.join('\n');
}

}  // namespace viva::hands
