// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps from the window.
#include <QStandardPaths>

#include "app/sweep/kept_sweeps.h"
#include "app/sweep/process.h"
#include "app/window/background.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/sweep_dialog.h"

namespace viva {
namespace {

/// This program itself, unless a test says where it is.
QString vivaProgram() {
  const QString told = qEnvironmentVariable("VIVA_PROGRAM");
  return told.isEmpty() ? QString::fromStdString(ownProgram()) : told;
}

}  // namespace

SweepDialog* MainWindow::showSweep() {
  ExperimentPanel* open = panel();
  if (!open || !catalog_ || !hasRun()) return nullptr;
  const QString home =
      QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/sweeps";
  inBackground(
      this,
      [home, limit = static_cast<std::uintmax_t>(limitOfRuns())] {
        forgetOldSweeps(home.toStdString(), limit);
      },
      [](const std::optional<Message>&) {});
  auto* dialog = new SweepDialog(open->spec(), open->settings(), *catalog_, appearance_,
                                 vivaProgram(), home, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &SweepDialog::openWanted, this, &MainWindow::openRunFile);
  dialog->show();
  return dialog;
}

}  // namespace viva
