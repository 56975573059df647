// SPDX-License-Identifier: GPL-3.0-or-later
// A window that is there: shown, with its first lesson loaded.
#pragma once

#include <QSignalSpy>
#include <QtTest>

#include "app/window/lesson_page.h"
#include "app/window/main_window.h"

namespace viva {

/// Whether its experiments were there within 20 s.
inline bool showUntilReady(MainWindow& window) {
  QSignalSpy ready(&window, &MainWindow::ready);
  window.show();
  return window.isReady() || ready.wait(20000);
}

/// Has the keyboard besides.
inline bool showInFront(MainWindow& window) {
  QSignalSpy ready(&window, &MainWindow::ready);
  window.show();
  window.activateWindow();
  return QTest::qWaitForWindowActive(&window) && (window.isReady() || ready.wait(20000));
}

/// Whether what is asked of the lab has been done and has made records.
inline bool isSettled(MainWindow& window) {
  const Runner& runner = window.page().panel()->runner();
  return runner.state().generation == runner.newestGeneration() &&
         runner.state().records.rows() > 0;
}

}  // namespace viva
