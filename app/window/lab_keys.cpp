// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lab_keys.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextEdit>
#include <QToolButton>

namespace viva {
namespace {

bool takesText(const QWidget& widget) {
  if (const auto* text = qobject_cast<const QTextEdit*>(&widget)) return !text->isReadOnly();
  if (const auto* text = qobject_cast<const QPlainTextEdit*>(&widget)) return !text->isReadOnly();
  if (const auto* list = qobject_cast<const QComboBox*>(&widget)) return list->isEditable();
  return qobject_cast<const QLineEdit*>(&widget) || qobject_cast<const QAbstractSpinBox*>(&widget);
}

/// What Space does elsewhere. False: nothing to press.
bool press(QWidget& widget) {
  if (auto* list = qobject_cast<QComboBox*>(&widget)) {
    list->showPopup();
    return true;
  }
  auto* button = qobject_cast<QAbstractButton*>(&widget);
  if (!button) return false;
  auto* tool = qobject_cast<QToolButton*>(button);
  // It would wait for the menu to close.
  if (tool && tool->menu())
    QMetaObject::invokeMethod(tool, &QToolButton::showMenu, Qt::QueuedConnection);
  else
    button->click();
  return true;
}

}  // namespace

LabKeys::LabKeys(QWidget& window, std::function<bool(const QWidget&)> apply,
                 std::function<void()> toggle)
    : QObject(&window), window_(window), apply_(std::move(apply)), toggle_(std::move(toggle)) {
  qApp->installEventFilter(this);
}

bool LabKeys::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return false;
  auto* widget = qobject_cast<QWidget*>(watched);
  auto* key = static_cast<QKeyEvent*>(event);
  const bool plain = (key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
  if (!widget || !plain || widget->window() != &window_ || QApplication::activePopupWidget() ||
      QApplication::activeModalWidget() || takesText(*widget) || !apply_(*widget))
    return false;
  if (key->key() == Qt::Key_Space) {
    if (!key->isAutoRepeat()) toggle_();
    return true;
  }
  const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
  return enter && !key->isAutoRepeat() && press(*widget);
}

}  // namespace viva
