// SPDX-License-Identifier: GPL-3.0-or-later
// What of an experiment is on screen: which views, what stands beside and over them.
#include <QFontMetricsF>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <algorithm>
#include <set>

#include "lessons/core/preset_changes.h"
#include "lessons/core/record_label.h"
#include "widgets/panel/drag_hint.h"
#include "widgets/panel/experiment_panel.h"
#include "widgets/panel/run_difference.h"
#include "widgets/panel/timeline.h"
#include "widgets/panel/transport_bar.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/views/colours.h"
#include "widgets/views/panel_layout.h"
#include "widgets/views/shared_legend.h"
#include "widgets/views/text.h"
#include "widgets/views/verdict_view.h"

namespace viva {
namespace {

using namespace std::chrono_literals;

constexpr auto kDisplayInterval = 16ms, kCalmInterval = 250ms;
/// More cannot be read from the last row at 1024x768.
constexpr std::size_t kBareViews = 2;
/// A screen with fewer lines of type has room for one view only.
constexpr int kLinesForTwoViews = 25;
/// Of the room, in thousandths.
constexpr int kAsideShare = 420;

/// Shows `widget`, or what the stack was made with.
void showIn(QStackedWidget* stack, QWidget* widget) {
  QWidget* before = stack->currentWidget();
  if (before == widget) return;
  if (widget && stack->indexOf(widget) < 0) stack->addWidget(widget);
  stack->setCurrentWidget(widget ? widget : stack->widget(0));
}

}  // namespace

QString ExperimentPanel::recordTitle(const std::string& record) const {
  return QString::fromStdString(recordLabel(Words::in(appearance_.language), spec_.id, record));
}

void ExperimentPanel::setCalm(bool calm) {
  display_interval_ = calm ? kCalmInterval : kDisplayInterval;
}

void ExperimentPanel::setAside(QWidget* aside) {
  showIn(side_, aside);
  side_->setVisible(!bare_ || aside);
  giveAsideRoom();
}

/// A question that a class shall read gets more than parameters do.
void ExperimentPanel::giveAsideRoom() {
  const bool wide = bare_ && side_->currentIndex() > 0;
  if (wide == narrow_aside_.has_value()) return;
  if (wide) {
    narrow_aside_ = splitter_->saveState();
    splitter_->setSizes({1000 - kAsideShare, kAsideShare});
  }
  // The share stays when the window goes to another screen.
  splitter_->setStretchFactor(0, wide ? 1000 - kAsideShare : 1);
  splitter_->setStretchFactor(1, wide ? kAsideShare : 0);
  if (wide) return;
  splitter_->restoreState(*narrow_aside_);
  narrow_aside_.reset();
}

std::vector<ExperimentPanel::ShownView> ExperimentPanel::shownViews() const {
  std::vector<ShownView> shown;
  const auto add = [&](const View& view, const QWidget& widget) {
    if (widget.isVisible())
      shown.push_back({&view, QRect(widget.mapTo(this, QPoint(0, 0)), widget.size())});
  };
  if (verdict_) add(*verdict_, *verdict_);
  for (const ViewFrame* frame : frames_) add(frame->view(), *frame);
  return shown;
}

void ExperimentPanel::setInvites(bool invites) {
  invites_ = invites;
  placeHint();
}

void ExperimentPanel::placeHint() {
  View* inviting = nullptr;
  if (invites_ && !bare_)
    for (const ViewFrame* frame : frames_)
      if (!inviting && frame->isVisible() && frame->view().handlePosition())
        inviting = &frame->view();
  hint_->pointIn(inviting);
}

void ExperimentPanel::giveParameters() {
  for (ViewFrame* frame : frames_) frame->view().setParameters(parameters_);
  tellVerdict();
}

/// Which settings are not those of the claim.
void ExperimentPanel::tellVerdict() {
  auto* verdict = qobject_cast<VerdictView*>(verdict_.get());
  if (!verdict) return;
  const Words& words = Words::in(appearance_.language);
  QStringList changed;
  for (const std::string& name : changedFromPreset(spec_, preset_, parameters_))
    changed << parameterTitle(spec_, parameters_.spec(name), words);
  verdict->setUntested(changed);
}

/// The status in one line, said when it changes.
void ExperimentPanel::sayStatus() {
  const RunState& state = runner_.state();
  Message message{"panel.status_" + std::string(nameOf(state.status)), {{"step", state.step}}};
  if (state.status == RunStatus::Running && !state.playing)
    message.key = state.seeking     ? "panel.status_seeking"
                  : state.step == 0 ? "panel.status_ready"
                                    : "panel.status_paused";
  if (state.status == RunStatus::Running && state.preparing) message.key = "panel.status_preparing";
  std::string sentence = Words::in(appearance_.language)(message);
  if (state.status == RunStatus::Running) sentence = Words::in(appearance_.language)(message.key);
  if (state.message) sentence += " " + Words::in(appearance_.language)(*state.message);
  if (state.refusal) sentence += " " + Words::in(appearance_.language)(state.refusal->message);
  // The first one says where it began; the table of records has them all.
  const auto first = std::min_element(
      state.non_finite.begin(), state.non_finite.end(),
      [](const auto& one, const auto& other) { return one.second < other.second; });
  std::string not_finite;
  if (first != state.non_finite.end()) {
    not_finite = Words::in(appearance_.language)(
        Message{"panel.not_finite",
                {{"record", recordTitle(first->first).toStdString()}, {"step", first->second}}});
    sentence += " " + not_finite;
  }
  sayDiverged(QString::fromStdString(not_finite));
  if (sentence == said_) return;
  said_ = sentence;
  Q_EMIT said(QString::fromStdString(sentence));
}

/// Above the verdict: whoever reads that something diverged reads the rest in its light.
void ExperimentPanel::sayDiverged(const QString& sentence) {
  const QString text = sentence.isEmpty() ? QString() : QStringLiteral("⚠ ") + sentence;
  if (text == diverged_->text()) return;
  diverged_->setText(text);
  QPalette palette = diverged_->palette();
  palette.setColor(QPalette::WindowText, theme(appearance_.dark).bad);
  diverged_->setPalette(palette);
  diverged_->setVisible(!text.isEmpty());
}

void ExperimentPanel::setClaimShown(bool shown) {
  claim_shown_ = shown;
  fillPresets();
}

void ExperimentPanel::setBare(bool bare) {
  if (bare == bare_) return;
  bare_ = bare;
  side_->setVisible(!bare || side_->currentIndex() > 0);
  giveAsideRoom();
  // The timeline stays: a class sees how far the run is.
  timeline_->setBare(bare);
  transport_->setVisible(!bare);
  transport_->playButton()->setVisible(!bare);
  views_->setVisible(!bare);
  compare_->setVisible(!bare && can_compare_);
  for (QWidget* control : controls_) control->setVisible(!bare);
  showViewsOf(spec_.findPreset(preset_));
}

void ExperimentPanel::setCover(QWidget* cover) { showIn(centre_, cover); }

void ExperimentPanel::addToHead(QWidget* control) {
  head_->insertWidget(head_->indexOf(views_), control);
  controls_.push_back(control);
}

/// What is dragged, hovered, hidden or brought to strength in one view is so in all.
void ExperimentPanel::tieToTheOthers(ViewFrame* frame) {
  connect(&frame->view(), &View::parameterDragged, this,
          [this](const QString& name, const Value& value, bool finished) {
            edit(name.toStdString(), value, finished);
            parameter_panel_->setValues(parameters_);
            Q_EMIT handleUsed();
          });
  connect(&frame->view(), &View::stepHovered, this, [this](qint64 step) {
    for (ViewFrame* other : frames_)
      other->view().setHoveredStep(step < 0 ? std::nullopt : std::optional<std::int64_t>(step));
  });
  connect(&frame->view(), &View::legendChanged, this, [this, frame] {
    for (const LegendEntry& entry : frame->view().legend())
      for (ViewFrame* other : frames_)
        if (other->view().isShown(entry.id) != entry.shown)
          other->view().setShown(entry.id, entry.shown);
    shareLegend();
  });
  connect(&frame->view(), &View::strengthened, this, [this](const QString& id) {
    for (ViewFrame* other : frames_) other->view().strengthen(id.toStdString());
  });
  connect(frame, &ViewFrame::exportRequested, this,
          [this, frame](const QString& format) { Q_EMIT exportRequested(frame->view(), format); });
}

/// The views of a panel show the same curves: the largest view has the legend, and what is hidden
/// in one view is hidden in all. A view with curves of its own keeps a legend.
void ExperimentPanel::shareLegend() {
  std::vector<ViewFrame*> shown;
  std::vector<const View*> views;
  for (ViewFrame* frame : frames_) {
    if (!arrangement_->isShown(frame)) continue;
    shown.push_back(frame);
    views.push_back(&frame->view());
  }
  const ViewFrame* hero = arrangement_->hero();
  const std::vector<bool> wanted = legendsOf(views, hero ? &hero->view() : nullptr);
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i]->setLegendWanted(wanted[i]);
}

void ExperimentPanel::listViews() {
  QMenu& menu = *views_->menu();
  menu.clear();
  for (ViewFrame* frame : frames_) {
    QAction* action = menu.addAction(frame->view().title());
    action->setCheckable(true);
    action->setChecked(arrangement_->isShown(frame));
    connect(action, &QAction::toggled, this, [this, frame](bool on) {
      std::vector<ViewFrame*> shown;
      for (ViewFrame* other : frames_)
        if (other == frame ? on : arrangement_->isShown(other)) shown.push_back(other);
      ViewFrame* const hero = arrangement_->hero();
      const bool has_hero = hero && std::count(shown.begin(), shown.end(), hero) > 0;
      if (has_hero) {
        const auto place = std::find(shown.begin(), shown.end(), hero);
        std::rotate(shown.begin(), place, place + 1);
      }
      if (!shown.empty()) arrangement_->setShown(std::move(shown), has_hero);
      shareLegend();
    });
  }
}

/// The views that the preset is about.
void ExperimentPanel::showViewsOf(const Preset* preset) {
  std::vector<ViewFrame*> shown;
  for (const ViewSpec* view : viewsAtFirst(spec_, preset ? preset->name : std::string()))
    for (ViewFrame* frame : frames_)
      if (frame->view().spec().id == view->id) shown.push_back(frame);
  if (bare_) {
    if (!hasHero(preset))
      std::stable_partition(shown.begin(), shown.end(), [](ViewFrame* frame) {
        return frame->view().spec().room == Room::Large;
      });
    const double lines =
        screen()->size().height() / QFontMetricsF(viewFont(appearance_.font_scale)).height();
    const std::size_t most = lines < kLinesForTwoViews ? 1 : kBareViews;
    if (shown.size() > most) shown.resize(most);
  }
  arrangement_->setShown(std::move(shown), hasHero(preset));
  const std::set<std::string> pale = paleCurves(spec_, preset ? preset->name : "");
  for (ViewFrame* frame : frames_) frame->view().setPale(pale);
  shareLegend();
}

/// What was changed since (a digit that was drawn anew) is shown at the cursor too, where the
/// experiment keeps what it takes.
void ExperimentPanel::readAgain() {
  const auto step = timeline_->cursor();
  const auto& events = runner_.state().events;
  if (!step || events.empty() || events.back().step < *step) return;
  is_reading_again_ = true;
  const auto read = std::make_shared<std::shared_ptr<const Frame>>();
  runner_.inspect([read, step](Run& run) { *read = run.frameOf(*step); },
                  [this, read, step](const auto&) {
                    is_reading_again_ = false;
                    const auto cursor = timeline_->cursor();
                    if (!*read || !cursor) return;
                    if (cursor != step) return readAgain();
                    const auto kept = runner_.frameAt(*step);
                    const auto shown = std::make_shared<Frame>(kept ? *kept : **read);
                    for (const auto& [id, view] : (*read)->views) shown->views[id] = view;
                    giveFrame(shown, step);
                  });
}

}  // namespace viva
