// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QMessageBox>
#include <QString>

namespace viva {

/// What the message boxes on screen say, the last one if there are several; they are closed.
inline QString messageOnScreen() {
  QString said;
  for (QWidget* widget : QApplication::topLevelWidgets())
    if (auto* box = qobject_cast<QMessageBox*>(widget); box && box->isVisible()) {
      said = box->text();
      box->reject();
    }
  return said;
}

}  // namespace viva
