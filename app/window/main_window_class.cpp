// SPDX-License-Identifier: GPL-3.0-or-later
// Finding, links and plans.
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

#include "app/window/back_strip.h"
#include "app/window/file_to_write.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/plan_pane.h"
#include "lessons/core/error.h"
#include "widgets/parameters/parameter_control.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/search/search_box.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/review_view.h"
#include "widgets/text/destination.h"
#include "widgets/text/mnemonic.h"
#include "widgets/text/notes_view.h"

namespace viva {

void MainWindow::search(const QString& typed) {
  if (!index_) {
    std::vector<CardText> own;
    for (const OwnCard& card : study_->ownCards()) own.push_back(textOf(card));
    index_ = std::make_shared<SearchIndex>(catalog_, appearance_.language, own);
    for (const auto& [action, key] : actions_)
      index_->addCommand(QString::fromStdString(key), withoutMnemonic(action->text()),
                         action->shortcut().toString(QKeySequence::NativeText));
  }
  auto* box = new SearchBox(index_, appearance_.language, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  connect(box, &SearchBox::chosen, this, [this](const QString& target) {
    Preferences::rememberFound(target);
    openFound(target);
  });
  box->offer(Preferences::recentlyFound(), suggestedFinds());
  box->line()->setText(typed);
  box->open();
  box->line()->end(false);  // what follows is added to it
}

/// What somebody who has typed nothing may be glad to know: what can be done, and lessons that were
/// never opened.
QStringList MainWindow::suggestedFinds() const {
  constexpr int kLessons = 3;
  QStringList targets{"command:menu.today", "command:menu.predict", "command:menu.mock",
                      "command:menu.seeds", "command:menu.shortcuts"};
  int lessons = 0;
  for (const LessonEntry& lesson : lessonList()) {
    const QString id = QString::fromStdString(lesson.id);
    if (lessons == kLessons || study_->progressOf(id).visited.isValid()) continue;
    targets.append("lesson:" + id);
    ++lessons;
  }
  return targets;
}

void MainWindow::openFound(const QString& target) {
  const QString kind = target.section(':', 0, 0), name = target.section(':', 1);
  if (kind == "command") {
    for (const auto& [action, key] : actions_)
      if (name == QString::fromStdString(key)) action->trigger();
  } else if (kind == "card") {
    showCard(name);
  } else if (kind == "note") {
    openLesson(name.section('#', 0, 0));
    page_->showTab("notes");
    page_->notes().goToHeading(name.section('#', 1).toInt());
  } else if (!catalog_) {
    kind == "lesson" ? openLesson(name) : openExperiment(name);  // the lab follows when it is there
  } else if (kind == "lesson" || kind == "experiment" || kind == "preset") {
    try {
      goTo(destinationOf(target, {}, *catalog_));
    } catch (const Error& error) {
      complain(error.message());
    }
  } else if (kind == "parameter") {
    openExperiment(name.section('/', 0, 0));
    page_->showTab("lab");
    if (!panel()) return;
    panel()->parameterPanel().reveal(name.section('/', 1).toStdString());
  }
}

/// The state of the lab as a link, and whether it can be opened from there; else that is said.
void MainWindow::withLink(LinkFrom from, const char* refusal,
                          std::function<void(const LabLink& link)> done) {
  if (!hasRun()) return;
  auto link = std::make_shared<LabLink>();
  panel()->runner().inspect(
      [link](const Run& run) { *link = linkOf(run); },
      [=, this, done = std::move(done)](const std::optional<Message>& problem) {
        if (problem) return refuse(*problem);
        if (const auto reason = reasonAgainst(*link, *catalog_, from))
          return offerRunFile({refusal, {{"reason", text(*reason).toStdString()}}});
        done(*link);
      });
}

/// A run file has room for what a link has not.
void MainWindow::offerRunFile(const Message& problem) {
  auto* box =
      new QMessageBox(QMessageBox::Warning, "Viva", text(problem), QMessageBox::Close, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  const QPushButton* save = box->addButton(text({"window.save_run", {}}), QMessageBox::ActionRole);
  connect(save, &QPushButton::clicked, this, &MainWindow::saveRunFile);
  box->open();
}

void MainWindow::copyLink() {
  const bool playing = panel() && panel()->runner().state().playing;
  withLink(LinkFrom::Anywhere, "link.not_copied", [this, playing](LabLink link) {
    link.play = playing;
    const QString words = toText(link);
    QApplication::clipboard()->setText(words);
    say(text({"window.copied", {{"command", words.toStdString()}}}));
  });
}

void MainWindow::openLink(const QString& link) {
  if (!catalog_) return;
  try {
    openState(labLinkFrom(link));
  } catch (const Error& error) {
    complain(error.message());
  }
}

/// Throws RequestError; then nothing has changed.
void MainWindow::openState(const LabLink& link) {
  RunSettings settings = settingsOf(link, *catalog_);
  openExperiment(QString::fromStdString(link.experiment));
  page_->showTab("lab");
  panel()->openAt(std::move(settings), link.step);
  panel()->parameterPanel().setHidden(link.hidden);
  panel()->parameterPanel().setEnabled(!link.locked);
  if (link.play) panel()->play();
}

void MainWindow::openPlan(const QString& path) {
  QString chosen = path;
  if (chosen.isEmpty())
    chosen = QFileDialog::getOpenFileName(this, withoutMnemonic(text({"menu.open_plan", {}})), {},
                                          text({"plan.files", {}}) + " (*.viva-plan)");
  if (chosen.isEmpty() || !catalog_) return;
  try {
    plan_->open(chosen);
    openPlanStep(0);
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::openPlanStep(std::size_t step) {
  if (!catalog_ || step >= plan_->plan().steps.size()) return;
  try {
    plan_->setStep(step);
    const PlanStep& opened = plan_->plan().steps[step];
    if (page_->demo()) page_->demo()->leave();
    openState(opened.link);
    say(text({"plan.step",
              {{"number", std::int64_t(step + 1)},
               {"count", std::int64_t(plan_->plan().steps.size())},
               {"title", opened.title.toStdString()}}}));
  } catch (const Error& error) {
    complain(error.message());
  }
  tellDesk();
}

void MainWindow::closePlan() { plan_->close(); }

/// The state of the lab becomes the last step of a plan, which is saved at once. Where that fails,
/// the plan is the one that there was, if any.
void MainWindow::addToPlan(const QString& path_of_new) {
  if (!hasRun()) return;
  QString path = plan_->isOpen() ? plan_->path() : path_of_new;
  // A plan that is there gets one step more.
  if (path.isEmpty())
    path = QFileDialog::getSaveFileName(this, text({"plan.new", {}}), "lesson.viva-plan",
                                        text({"plan.files", {}}) + " (*.viva-plan)", nullptr,
                                        QFileDialog::DontConfirmOverwrite);
  if (path.isEmpty()) return;
  if (!path.endsWith(".viva-plan")) path += ".viva-plan";
  withLink(LinkFrom::Plan, "plan.not_added", [this, path](const LabLink& link) {
    const Words& words = Words::in(appearance_.language);
    QString title = QString::fromStdString(words(link.experiment + ".title"));
    if (!link.preset.empty())
      title += " · " + QString::fromStdString(words.of(link.experiment, "preset", link.preset));
    try {
      plan_->add(path, {title, link});
      say(text(
          {"plan.added",
           {{"number", std::int64_t(plan_->plan().steps.size())}, {"path", path.toStdString()}}}));
    } catch (const Error& error) {
      complain(error.message());
    }
  });
}

}  // namespace viva
