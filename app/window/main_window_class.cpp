// SPDX-License-Identifier: GPL-3.0-or-later
// Finding, links and plans, and presenting to a class.
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenuBar>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QWindow>

#include "app/window/back_strip.h"
#include "app/window/file_to_write.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_plan.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"
#include "lessons/core/error.h"
#include "widgets/parameters/parameter_control.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/search/search_box.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/review_view.h"
#include "widgets/text/destination.h"
#include "widgets/text/lesson_texts.h"
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

void MainWindow::copyLink() {
  ExperimentPanel* open = panel();
  if (!open) return;
  auto link = std::make_shared<LabLink>();
  const bool playing = open->runner().state().playing;
  open->runner().inspect([link](const Run& run) { *link = linkOf(run); },
                         [this, link, playing](const std::optional<Message>& problem) {
                           if (problem) return refuse(*problem);
                           link->play = playing;
                           const QString words = toText(*link);
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
    plan_ = std::make_unique<LessonPlan>(readPlan(chosen));
    plan_path_ = chosen;
    openPlanStep(0);
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::openPlanStep(std::size_t step) {
  if (!plan_ || step >= plan_->steps.size()) return;
  try {
    plan_step_ = step;
    openState(plan_->steps[step].link);
    say(text({"plan.step",
              {{"number", std::int64_t(step + 1)},
               {"count", std::int64_t(plan_->steps.size())},
               {"title", plan_->steps[step].title.toStdString()}}}));
  } catch (const Error& error) {
    complain(error.message());
  }
  tellDesk();
}

/// The state of the lab becomes the last step of a plan, which is saved at once. Where that fails,
/// the plan is the one that there was, if any.
void MainWindow::addToPlan(const QString& path_of_new) {
  ExperimentPanel* open = panel();
  if (!open) return;
  QString path = plan_path_.isEmpty() ? path_of_new : plan_path_;
  if (path.isEmpty())
    path = fileToWrite(this, text({"plan.new", {}}), "lesson.viva-plan",
                       text({"plan.files", {}}) + " (*.viva-plan)");
  if (path.isEmpty()) return;
  if (!path.endsWith(".viva-plan")) path += ".viva-plan";
  auto link = std::make_shared<LabLink>();
  open->runner().inspect(
      [link](const Run& run) { *link = linkOf(run); },
      [this, link, path](const std::optional<Message>& problem) {
        if (problem) return refuse(*problem);
        const Words& words = Words::in(appearance_.language);
        QString title = QString::fromStdString(words(link->experiment + ".title"));
        if (!link->preset.empty())
          title +=
              " · " + QString::fromStdString(words.of(link->experiment, "preset", link->preset));
        LessonPlan plan = plan_ && plan_path_ == path ? *plan_ : LessonPlan();
        plan.steps.push_back({title, *link});
        try {
          writePlan(path, plan);
          say(text({"plan.added",
                    {{"number", std::int64_t(plan.steps.size())}, {"path", path.toStdString()}}}));
          plan_ = std::make_unique<LessonPlan>(std::move(plan));
          plan_path_ = path;
        } catch (const Error& error) {
          complain(error.message());
        }
      });
}

void MainWindow::present(bool on) {
  if (on == presenting_) return;
  if (on) {
    rememberState();
    before_presenting_ = columns_->saveState();
    place_before_presenting_ = saveGeometry();
  }
  presenting_ = on;
  tree_->setVisible(!on);
  menuBar()->setVisible(!on);
  if (on) strip_->hide();
  statusBar()->setVisible(!on);
  page_->tabBar()->setVisible(!on);
  page_->setBare(on);
  if (on) {
    showPlace(page_);
    page_->showTab("lab");
    page_->setNotesBeside(false);
    // The lab goes to the projector, the desk stays on the laptop.
    const QList<QScreen*> screens = QGuiApplication::screens();
    if (screens.size() > 1) {
      desk_ = new PresenterDesk(this);
      connect(desk_, &PresenterDesk::goOn, this, [this] { presentNext(1); });
      connect(desk_, &PresenterDesk::goBack, this, [this] { presentNext(-1); });
      connect(desk_, &PresenterDesk::linkActivated, this, [this](const QString& link) {
        followLink(link, QString::fromStdString(page_->lesson()));
      });
      desk_->setGeometry(QRect(screen()->geometry().topLeft() + QPoint(40, 40), QSize(720, 640)));
      for (QScreen* other : screens)
        if (other != screen()) {
          setGeometry(other->geometry());
          break;
        }
    }
    showFullScreen();
    say(text({"presenter.help", {}}));
  } else {
    overlay_->clear();
    overlay_->setMode(PresenterOverlay::Mode::Nothing);
    if (page_->demo()) page_->demo()->leave();
    delete desk_;
    desk_ = nullptr;
    showNormal();
    restoreGeometry(place_before_presenting_);
    page_->setNotesBeside(preferences_.notes_beside);
    columns_->restoreState(before_presenting_);
  }
  applyAppearance();
  tellDesk();
}

/// The next or the last step of the plan, else of the lesson: of each preset its demo, in its
/// parts.
void MainWindow::presentNext(int direction) {
  if (plan_) {
    const auto next = static_cast<std::int64_t>(plan_step_) + direction;
    if (next >= 0) openPlanStep(static_cast<std::size_t>(next));
    return;
  }
  if (!panel()) return;
  DemoPane* demo = page_->demo();
  if (direction > 0 && demo->isOpen() && demo->stage() != DemoPane::Stage::Reveal) {
    demo->goOnAloud();
    return;
  }
  struct Place {
    const ExperimentSpec* spec;
    std::string preset;
  };
  std::vector<Place> places;
  std::size_t here = 0;
  for (const ExperimentSpec* spec : catalog_->lessonOf(panel()->spec()).experiments)
    for (const Preset& preset : spec->presets) {
      if (spec == &panel()->spec() && preset.name == panel()->preset()) here = places.size();
      places.push_back({spec, preset.name});
    }
  std::int64_t next = static_cast<std::int64_t>(here) + direction;
  if (direction > 0 && !demo->isOpen() && !panel()->runner().state().playing &&
      panel()->runner().state().step == 0)
    next = static_cast<std::int64_t>(here);  // this preset has not been shown yet
  if (next < 0 || next >= static_cast<std::int64_t>(places.size())) return;
  const Place& place = places[static_cast<std::size_t>(next)];
  demo->leave();
  openPreset(QString::fromStdString(place.spec->id), QString::fromStdString(place.preset));
  demo = page_->demo();
  const QString preset = QString::fromStdString(place.preset);
  demo->has(preset) ? demo->begin(preset) : panel()->play();
  tellDesk();
}

bool MainWindow::presenterKey(QKeyEvent* event) {
  using Mode = PresenterOverlay::Mode;
  if (!presenting_) return false;
  const auto toggle = [this](Mode mode) {
    overlay_->setMode(overlay_->mode() == mode ? Mode::Nothing : mode);
  };
  switch (event->key()) {
    case Qt::Key_PageDown:
      presentNext(1);
      return true;
    case Qt::Key_PageUp:
      presentNext(-1);
      return true;
    case Qt::Key_B:
    case Qt::Key_Period:  // what many clickers send
      toggle(Mode::Black);
      return true;
    case Qt::Key_L:
      toggle(Mode::Spotlight);
      return true;
    case Qt::Key_D:
      toggle(Mode::Pen);
      return true;
    case Qt::Key_C:
      overlay_->clear();
      return true;
    case Qt::Key_Escape:
      if (overlay_->mode() != Mode::Nothing)
        overlay_->setMode(Mode::Nothing);
      else
        present(false);
      return true;
    default:
      return false;
  }
}

void MainWindow::tellDesk() {
  if (!desk_ || !panel()) return;
  const Words& words = Words::in(appearance_.language);
  const auto title = [&](const ExperimentSpec& spec, const std::string& preset) {
    return QString::fromStdString(words.of(spec.id, "preset", preset));
  };
  if (plan_ && plan_step_ < plan_->steps.size()) {
    const std::size_t next = plan_step_ + 1;
    desk_->show(plan_->steps[plan_step_].title,
                next < plan_->steps.size() ? plan_->steps[next].title : QString(),
                QStringLiteral("%1 / %2").arg(plan_step_ + 1).arg(plan_->steps.size()),
                notesOf(page_->lesson(), appearance_.language));
    return;
  }
  const ExperimentSpec& spec = panel()->spec();
  QString next;
  std::size_t here = 0;
  for (std::size_t i = 0; i < spec.presets.size(); ++i)
    if (spec.presets[i].name == panel()->preset()) {
      here = i;
      if (i + 1 < spec.presets.size()) next = title(spec, spec.presets[i + 1].name);
    }
  desk_->show(title(spec, panel()->preset()) + "\n" +
                  QString::fromStdString(words.of(spec.id, "preset_claim", panel()->preset())),
              next, QStringLiteral("%1 / %2").arg(here + 1).arg(spec.presets.size()),
              notesOf(page_->lesson(), appearance_.language));
}

}  // namespace viva
