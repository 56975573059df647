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
#include <algorithm>
#include <utility>

#include "app/window/back_strip.h"
#include "app/window/class_stops.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/plan_pane.h"
#include "app/window/presenter.h"
#include "app/window/presenter_line.h"
#include "widgets/study/demo_pane.h"
#include "widgets/text/lesson_texts.h"

namespace viva {

namespace {

/// Of the type on a projector of 1024x768, where 13 pixels become 20, a fiftieth of the width a
/// pair of letters. On a screen with more pixels letters have more, too.
constexpr double kPresenterScale = 1.5;
constexpr int kProjectorHeight = 768;
constexpr double kLargestScale = 3;

}  // namespace

double MainWindow::presenterScale(const QScreen& screen) const {
  return std::clamp(kPresenterScale * screen.size().height() / kProjectorHeight, kPresenterScale,
                    kLargestScale);
}

void MainWindow::present(bool on) {
  if (on == presenting_) return;
  if (on) {
    rememberState();
    before_presenting_ = columns_->saveState();
    place_before_presenting_ = saveGeometry();
  }
  presenting_ = on;
  on ? qApp->installEventFilter(this) : qApp->removeEventFilter(this);
  left_->setVisible(!on);
  menuBar()->setVisible(!on);
  if (on) strip_->hide();
  statusBar()->setVisible(!on);
  page_->tabBar()->setVisible(!on);
  page_->setBare(on);
  if (on) {
    showPlace(page_);
    page_->showTab("lab");
    page_->setNotesBeside(false);
    QScreen* lab_screen = screen();
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
          lab_screen = other;
          setGeometry(other->geometry());
          break;
        }
    }
    presenter_scale_ = presenterScale(*lab_screen);
    showFullScreen();
    // What was tried since the step was opened is of the preparation.
    if (plan_->isOpen()) openPlanStep(plan_->step());
  } else {
    overlay_->clear();
    overlay_->setMode(PresenterOverlay::Mode::Nothing);
    if (page_->demo()) page_->demo()->leave();
    delete std::exchange(line_, nullptr);
    delete std::exchange(desk_, nullptr);
    showNormal();
    restoreGeometry(place_before_presenting_);
    page_->setNotesBeside(preferences_.notes_beside);
    columns_->restoreState(before_presenting_);
  }
  applyAppearance();
  tellDesk();
  if (!on) return;
  line_ = new PresenterLine(desk_ ? static_cast<QWidget*>(desk_) : this);
  sayToPresenter(text({"presenter.help", {}}));
}

/// Where the teacher looks.
void MainWindow::sayToPresenter(const QString& sentence) {
  if (line_) line_->say(sentence, preferences_.reduced_motion);
}

std::vector<ClassStop> MainWindow::stops() const {
  if (plan_->isOpen()) return stopsOf(plan_->plan());
  if (!panel()) return {};
  return stopsOf(catalog_->lessonOf(panel()->spec()), Words::in(appearance_.language));
}

std::size_t MainWindow::stopHere(const std::vector<ClassStop>& stops) const {
  if (plan_->isOpen()) return plan_->step();
  const auto here = std::find_if(stops.begin(), stops.end(), [this](const ClassStop& stop) {
    return stop.state.experiment == panel()->spec().id && stop.state.preset == panel()->preset();
  });
  return here == stops.end() ? 0 : static_cast<std::size_t>(here - stops.begin());
}

/// The next or the last step of the plan, else of the lesson: of each preset its question, its run
/// and its answer.
void MainWindow::presentNext(int direction) {
  if (!panel()) return;
  DemoPane* demo = page_->demo();
  if (direction > 0 && demo->isOpen() && demo->stage() != DemoPane::Stage::Reveal) {
    demo->goOnAloud();
    return;
  }
  const std::vector<ClassStop> all = stops();
  const auto here = static_cast<std::int64_t>(stopHere(all));
  const auto count = static_cast<std::int64_t>(all.size());
  if (direction > 0 && here < count && !demo->isOpen() && panel()->isUntouched())
    return beginStop(all[static_cast<std::size_t>(here)]);  // it has not been shown yet
  const std::int64_t next = here + direction;
  if (next < 0 || next >= count)
    return sayToPresenter(text({next < 0 ? "presenter.first" : "presenter.last", {}}));
  goToStop(static_cast<std::size_t>(next));
}

void MainWindow::goToStop(std::size_t number) {
  const ClassStop stop = stops()[number];
  page_->demo()->leave();
  if (plan_->isOpen()) {
    openPlanStep(number);
    // A state that was prepared is looked at before it runs.
    if (isPresetItself(stop.state)) beginStop(stop);
  } else {
    openPreset(QString::fromStdString(stop.state.experiment),
               QString::fromStdString(stop.state.preset));
    beginStop(stop);
  }
  tellDesk();
}

/// Its question, or its run where there is none.
void MainWindow::beginStop(const ClassStop& stop) {
  if (!panel()) return;
  DemoPane* demo = page_->demo();
  const QString preset = QString::fromStdString(stop.state.preset);
  const bool is_open = panel()->spec().id == stop.state.experiment;
  if (is_open && isPresetItself(stop.state) && demo->has(preset))
    demo->begin(preset);
  else
    panel()->play();
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
  const bool is_sign = pressed.key() == Qt::Key_Period || pressed.key() == Qt::Key_Comma ||
                       pressed.key() == Qt::Key_Question;
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
    case Qt::Key_F1:
    case Qt::Key_Question:
      return [this] {
        line_->isHidden() ? sayToPresenter(text({"presenter.help", {}})) : line_->fade();
      };
    case Qt::Key_Space:
    case Qt::Key_Comma:
      // The cards of the day have a Space of their own.
      if (!panel() || centre_->currentWidget() != page_) return {};
      if (pressed.key() == Qt::Key_Comma) return [this] { panel()->stepBack(); };
      return [this] {
        // The run is the answer to a question, which is still asked otherwise.
        const DemoPane& demo = *page_->demo();
        demo.isOpen() && demo.stage() == DemoPane::Stage::Predict ? presentNext(1)
                                                                  : panel()->togglePlay();
      };
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
  const std::vector<ClassStop> all = stops();
  const std::size_t here = stopHere(all);
  if (here >= all.size()) return;
  const ClassStop& stop = all[here];
  desk_->show(stop.claim.isEmpty() ? stop.title : stop.title + "\n" + stop.claim,
              here + 1 < all.size() ? all[here + 1].title : QString(),
              QStringLiteral("%1 / %2").arg(here + 1).arg(all.size()),
              notesOf(page_->lesson(), appearance_.language));
  tellProgress();
}

/// How far the run is, and what the next key will do.
void MainWindow::tellProgress() {
  if (!desk_ || !panel()) return;
  const RunState& state = panel()->runner().state();
  QString progress =
      text({"timeline.newest_step", {{"step", state.step}, {"length", state.length}}});
  const DemoPane& demo = *page_->demo();
  if (demo.isOpen()) {
    const char* key = demo.stage() == DemoPane::Stage::Predict ? "presenter.asks"
                      : demo.stage() == DemoPane::Stage::Run   ? "presenter.runs"
                                                               : "presenter.answers";
    progress += QStringLiteral(" · ") + text({key, {}});
  }
  desk_->setProgress(progress);
}

}  // namespace viva
