// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that were kept: their table, and what it asks for.
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "lessons/core/error.h"
#include "widgets/panel/comparison.h"
#include "widgets/runs/runs_dialog.h"

namespace viva {

void MainWindow::showRuns() {
  ExperimentPanel* open = panel();
  if (!open) return;
  if (study_->runsOf(QString::fromStdString(open->spec().id)).empty()) {
    say(text({"runs.none", {}}));
    return;
  }
  auto* dialog = new RunsDialog(*study_, *catalog_, open->spec(), appearance_, limitOfRuns(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &RunsDialog::pinWanted, this, &MainWindow::pinSaved);
  connect(dialog, &RunsDialog::openWanted, this, [this, dialog](const RecentRun& run) {
    dialog->accept();
    openSaved(run);
  });
  dialog->open();
}

void MainWindow::pinSaved(const RecentRun& run) {
  if (!catalog_) return;
  try {
    const RunFile file = runFileFromJson(run.file.toStdString(), *catalog_);
    openExperiment(QString::fromStdString(file.experiment));
    ExperimentPanel& open = *panel();
    RunSettings settings = settingsOf(file, open.spec());
    if (file.experiment_version != open.spec().versionOf(settings.parameters))
      throw RequestError({"runs.cannot_pin", {}});
    const std::optional<KeptRecords> kept = study_->recordsOf(run.id);
    if (!kept) throw RequestError({"runs.pin_first_open", {}});
    open.pinResult({std::move(settings), kept->records, RunStatus::Running, kept->times}, run.name);
  } catch (const Error& error) {
    complain(error.message());
  }
}

}  // namespace viva
