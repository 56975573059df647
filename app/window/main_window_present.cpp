// SPDX-License-Identifier: GPL-3.0-or-later
// Presenting to a class: what is on the screens, and what the keys of a clicker do.
#include <QApplication>
#include <QKeyEvent>
#include <QMenuBar>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QWindow>

#include "app/window/back_strip.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_plan.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"
#include "widgets/study/demo_pane.h"
#include "widgets/text/lesson_texts.h"

namespace viva {

void MainWindow::present(bool on) {
  if (on == presenting_) return;
  if (on) {
    rememberState();
    before_presenting_ = columns_->saveState();
    place_before_presenting_ = saveGeometry();
  }
  presenting_ = on;
  on ? qApp->installEventFilter(this) : qApp->removeEventFilter(this);
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
      for (const auto& [action, key] : actions_) desk_->addAction(action);
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

/// Whether the key goes to the lab or the desk; what is open over them, as the list of a combo box,
/// is part of them. Dialogs are not: in them one writes.
bool MainWindow::isOfPresentation(const QWidget& widget) const {
  const QWidget* window = widget.window();
  while (window->windowType() == Qt::Popup && window->parentWidget())
    window = window->parentWidget()->window();
  if (window->windowType() == Qt::Popup) return !QApplication::activeModalWidget();
  return window == this || window == desk_;
}

/// What would get a key that is sent to `receiver`, a widget or one of the two windows; else null.
const QWidget* MainWindow::widgetOf(const QObject* receiver) const {
  if (receiver->isWidgetType()) return static_cast<const QWidget*>(receiver);
  for (const QWidget* window :
       {static_cast<const QWidget*>(this), static_cast<const QWidget*>(desk_)})
    if (window && receiver == window->windowHandle())
      return window->focusWidget() ? window->focusWidget() : window;
  return nullptr;
}

/// Before whatever has the focus, and before the menus, whose keys some of them are.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
  const bool asks = event->type() == QEvent::ShortcutOverride;
  if (!presenting_ || !(asks || event->type() == QEvent::KeyPress))
    return QMainWindow::eventFilter(watched, event);
  auto& pressed = static_cast<QKeyEvent&>(*event);
  const QWidget* widget = widgetOf(watched);
  const std::function<void()> work =
      widget && isOfPresentation(*widget) ? presenterWork(pressed, *widget) : nullptr;
  if (!work) return QMainWindow::eventFilter(watched, event);
  event->accept();
  if (!asks) {
    if (QWidget* popup = QApplication::activePopupWidget()) popup->close();
    work();
  }
  return true;
}

/// What a key does while presenting; null where it is none of the presenter's.
std::function<void()> MainWindow::presenterWork(const QKeyEvent& pressed, const QWidget& widget) {
  using Mode = PresenterOverlay::Mode;
  const auto toggle = [this](Mode mode) -> std::function<void()> {
    return [this, mode] { overlay_->setMode(overlay_->mode() == mode ? Mode::Nothing : mode); };
  };
  const bool is_sign = pressed.key() == Qt::Key_Period || pressed.key() == Qt::Key_Comma;
  // Keyboards differ in which signs need Shift.
  const Qt::KeyboardModifiers modifiers =
      pressed.modifiers() & ~(is_sign ? Qt::KeypadModifier | Qt::ShiftModifier
                                      : Qt::KeyboardModifiers(Qt::KeypadModifier));
  if (modifiers != Qt::NoModifier) return {};
  // No clicker has a number pad: there a number can be typed all the same.
  if (is_sign && pressed.modifiers() & Qt::KeypadModifier &&
      widget.testAttribute(Qt::WA_InputMethodEnabled))
    return {};
  switch (pressed.key()) {
    case Qt::Key_PageDown:
      return [this] { presentNext(1); };
    case Qt::Key_PageUp:
      return [this] { presentNext(-1); };
    case Qt::Key_B:
    case Qt::Key_Period:  // what many clickers send
      return toggle(Mode::Black);
    case Qt::Key_L:
      return toggle(Mode::Spotlight);
    case Qt::Key_D:
      return toggle(Mode::Pen);
    case Qt::Key_C:
      return [this] { overlay_->clear(); };
    case Qt::Key_Space:
    case Qt::Key_Comma:
      // The cards of the day have a Space of their own.
      if (!panel() || centre_->currentWidget() != page_) return {};
      return pressed.key() == Qt::Key_Space
                 ? [this] { panel()->togglePlay(); }
                 : std::function<void()>([this] { panel()->stepBack(); });
    case Qt::Key_Escape:
      if (QApplication::activePopupWidget()) return {};
      return [this] {
        overlay_->mode() != Mode::Nothing ? overlay_->setMode(Mode::Nothing) : present(false);
      };
    default:
      return {};
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
