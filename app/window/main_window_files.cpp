// SPDX-License-Identifier: GPL-3.0-or-later
// Run files, the command that gives the same run, and the dialogs about the program.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QStandardPaths>
#include <QSysInfo>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "app/export/carried_files.h"
#include "app/export/command_text.h"
#include "app/export/saved_run.h"
#include "app/window/background.h"
#include "app/window/file_to_write.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "lessons/core/error.h"
#include "widgets/study/study.h"
#include "widgets/text/mnemonic.h"

namespace viva {
namespace {
/// What is larger is read while the window lives on: up to a quarter of a gigabyte.
constexpr qint64 kReadAtOnce = 1 << 20;
/// Linux starts no program with a longer argument (MAX_ARG_STRLEN).
constexpr std::size_t kLongestCommand = 128 * 1024 - 1;

Message whyItDiffers(const RunFile& then, const RunFile& now, const std::string& record) {
  if (const auto changed = changedInputs(then, now.inputs); !changed.empty())
    return {
        "window.replay_differs_input",
        {{"record", record}, {"name", changed.front()}, {"file", pathOf(now, changed.front())}}};
  const bool elsewhere = then.build != now.build || then.blas != now.blas ||
                         then.library != now.library || then.device != now.device ||
                         then.threads != now.threads ||
                         then.experiment_version != now.experiment_version;
  return {elsewhere ? "window.replay_differs" : "window.replay_differs_here", {{"record", record}}};
}
}  // namespace

void MainWindow::openRunFile(const QString& path) {
  QString chosen = path;
  if (chosen.isEmpty())
    chosen = QFileDialog::getOpenFileName(
        this, text({"window.open_run", {}}), {},
        text({"window.saved_runs", {}}) + " (*.viva *.png *.svg *.pdf *.zip)");
  if (chosen.isEmpty() || !catalog_) return;
  const auto json = std::make_shared<std::string>();
  const auto read = [json, path = chosen.toStdString()] { *json = readSavedRun(path); };
  const auto open = [this, json, path = chosen.toStdString()] {
    try {
      replaySaved(*json, path);
    } catch (const Error& error) {
      complain(error.message());
    }
  };
  if (QFileInfo(chosen).size() > kReadAtOnce) {
    inBackground(this, read, [this, open](const std::optional<Message>& problem) {
      problem ? complain(*problem) : open();
    });
    return;
  }
  try {
    read();
  } catch (const Error& error) {
    return complain(error.message());
  }
  open();
}

void MainWindow::replaySaved(const std::string& json, const std::string& path) {
  const RunFile file = withFilesBeside(runFileFromJson(json, *catalog_), path);
  const ExperimentSpec& spec = catalog_->experiment(file.experiment);
  RunSettings settings = settingsOf(file, spec);
  // Not in the cache: what is saved, kept or put into a plan from here on names the copy.
  const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/data";
  for (const UnpackedFile& unpacked : unpackMissing(path, file, data.toStdString()))
    settings.parameters.set(unpacked.parameter, File{unpacked.path});
  requireValid(spec, settings.parameters);
  settings.device = catalog_->runtime().resolveDevice(file.device);
  openExperiment(QString::fromStdString(spec.id));
  page_->showTab("lab");
  panel()->replay(std::move(settings));
  compareReplay(file);
}

/// When the replay has come to its end, says whether it gave the records that the file names.
void MainWindow::compareReplay(const RunFile& file) {
  ExperimentPanel* open = panel();
  auto* once = new QObject(open);
  const std::uint64_t generation = open->runner().newestGeneration();
  connect(open, &ExperimentPanel::shown, once, [this, open, once, file, generation] {
    const RunState& state = open->runner().state();
    if (state.generation != generation) {
      once->deleteLater();
      return;
    }
    if (state.status == RunStatus::Running && (state.preparing || state.step < file.steps)) return;
    once->disconnect();
    open->disconnect(once);
    once->deleteLater();
    if (file.digest.empty()) return;
    auto records = std::make_shared<Records>();
    auto now = std::make_shared<RunFile>();
    const Runtime* runtime = &catalog_->runtime();
    open->runner().inspect(
        [records, now, runtime](const Run& run) {
          *records = run.records();
          *now = describeWithoutDigests(run, *runtime);
        },
        [this, records, now, file](const std::optional<Message>& problem) {
          if (problem) {
            refuse(*problem);
            Q_EMIT replayed(false);
            return;
          }
          auto difference = std::make_shared<std::optional<std::string>>();
          inBackground(
              this, [difference, file, records] { *difference = firstDifference(file, *records); },
              [this, difference, now, file](const std::optional<Message>& wrong) {
                if (wrong) return complain(*wrong);
                const bool same = !difference->has_value();
                say(text(same ? Message{"window.replay_same", {{"step", file.steps}}}
                              : whyItDiffers(file, *now, **difference)));
                Q_EMIT replayed(same);
              });
        });
  });
}

void MainWindow::refuse(const Message& problem) {
  complain({"window.not_done", {{"reason", Words::in(appearance_.language)(problem)}}});
}

bool MainWindow::hasRun() {
  if (!panel()) return false;
  const Runner& runner = panel()->runner();
  const RunState& state = runner.state();
  const bool is_newest = state.generation == runner.newestGeneration();
  // What is asked of a run that is on its way waits for it.
  if (!is_newest || state.status != RunStatus::Failed || state.records.rows() > 0) return true;
  refuse(state.message.value_or(Message{"panel.no_run", {}}));
  return false;
}

bool MainWindow::hasPicture() {
  if (!hasRun()) return false;
  const RunState& state = panel()->runner().state();
  if (state.frame) return true;
  refuse({state.preparing ? "panel.status_preparing" : "panel.no_run", {}});
  return false;
}

void MainWindow::saveRunFile() {
  if (!hasRun()) return;
  const QString suggested = QString::fromStdString(panel()->spec().id) + ".viva";
  const QString path = fileToWrite(this, text({"window.save_run", {}}), suggested,
                                   text({"window.run_files", {}}) + " (*.viva)");
  if (!path.isEmpty()) writeRunFile(path);
}

/// The digests of a long run take seconds: the other runs go on meanwhile.
void MainWindow::writeRunFile(const QString& path) {
  auto file = std::make_shared<RunFile>();
  auto records = std::make_shared<Records>();
  const Runtime* runtime = &catalog_->runtime();
  panel()->runner().inspect(
      [file, records, runtime](const Run& run) {
        *file = describeWithoutDigests(run, *runtime);
        *records = run.records();
      },
      [this, file, records, path](const std::optional<Message>& problem) {
        if (problem) return refuse(*problem);
        writeInBackground(path, [file, records] {
          addDigests(*file, *records);
          return toJson(*file);
        });
      });
}

void MainWindow::copyCommand() {
  if (!hasRun()) return;
  auto command = std::make_shared<std::string>();
  const Runtime* runtime = &catalog_->runtime();
  panel()->runner().inspect(
      [command, runtime](const Run& run) {
        *command = commandOf(describeWithoutDigests(run, *runtime), run.spec());
      },
      [this, command](const std::optional<Message>& problem) {
        if (problem) return refuse(*problem);
        if (command->size() > kLongestCommand)
          return offerRunFile({"window.command_too_long",
                               {{"limit", static_cast<std::int64_t>(kLongestCommand / 1024)}}});
        QApplication::clipboard()->setText(QString::fromStdString(*command));
        say(text({"window.copied", {{"command", *command}}}));
      });
}

void MainWindow::showAbout() {
  std::string device = "–", torch = "–", blas = "–";
  if (catalog_) {
    device = catalog_->runtime().resolveDevice("auto");
    torch = catalog_->runtime().libraryVersion();
    blas = catalog_->runtime().blas();
  }
  const QString facts = text({"window.about",
                              {{"version", QApplication::applicationVersion().toStdString()},
                               {"qt", std::string(qVersion())},
                               {"torch", torch},
                               {"blas", blas},
                               {"device", device},
                               {"build", buildName()}}});
  auto* box = new QMessageBox(QMessageBox::NoIcon, withoutMnemonic(text({"menu.about", {}})), facts,
                              QMessageBox::Close, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* copy =
      box->addButton(text({"window.copy_diagnostics", {}}), QMessageBox::ActionRole);
  copy->disconnect();
  connect(copy, &QPushButton::clicked, this, [this, facts] {
    QApplication::clipboard()->setText(facts + "\n" + QSysInfo::prettyProductName() + ", " +
                                       QSysInfo::kernelType() + " " + QSysInfo::kernelVersion() +
                                       ", " + QSysInfo::currentCpuArchitecture() + ", " +
                                       QGuiApplication::platformName() + ", " + study_->path());
    say(text({"window.diagnostics_copied", {}}));
  });
  box->open();
}

void MainWindow::showShortcuts() {
  QString list = QStringLiteral("<table cellspacing='6'>");
  const auto row = [&](const QString& name, const QString& keys) {
    list += QStringLiteral("<tr><td><b>%1</b></td><td>%2</td></tr>")
                .arg(keys.toHtmlEscaped(), name.toHtmlEscaped());
  };
  row(text({"window.space_plays", {}}),
      QKeySequence(Qt::Key_Space).toString(QKeySequence::NativeText));
  for (const auto& [action, key] : actions_)
    if (!action->shortcut().isEmpty())
      row(withoutMnemonic(action->text()), action->shortcut().toString(QKeySequence::NativeText));
  list += "</table>";
  // Longer than many screens are high.
  auto* dialog = new QDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(withoutMnemonic(text({"menu.shortcuts", {}})));
  auto* shown = new QTextBrowser;
  shown->setHtml(list);
  shown->setAccessibleName(dialog->windowTitle());
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  auto* column = new QVBoxLayout(dialog);
  column->addWidget(shown);
  column->addWidget(buttons);
  dialog->resize(QSize(460, 640).boundedTo(screen()->availableSize() - QSize(40, 80)));
  dialog->open();
}

}  // namespace viva
