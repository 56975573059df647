// SPDX-License-Identifier: GPL-3.0-or-later
// Runs beside the present one: pinned, raced from one step on.
#include <QMenu>
#include <QToolButton>

#include "widgets/panel/comparison.h"
#include "widgets/panel/experiment_panel.h"
#include "widgets/panel/icons.h"
#include "widgets/panel/timeline.h"
#include "widgets/panel/transport_bar.h"
#include "widgets/runner/seed_runs.h"

namespace viva {
namespace {

constexpr int kSeeds = 5;

}  // namespace

void ExperimentPanel::buildComparison() {
  std::vector<SeriesView*> series;
  for (ViewFrame* frame : frames_)
    if (auto* view = qobject_cast<SeriesView*>(&frame->view())) series.push_back(view);
  can_compare_ = !series.empty();
  comparison_ = new Comparison(spec_, std::move(series), this);
  compare_ = new QToolButton(this);
  compare_->setPopupMode(QToolButton::InstantPopup);
  compare_->setFocusPolicy(Qt::StrongFocus);
  compare_->setMenu(new QMenu(compare_));
  seeds_ = new SeedRuns(this);
  connect(seeds_, &SeedRuns::ended, this, [this] {
    Q_EMIT seedEnded(&seeds_->runner());
    Q_EMIT said(text(
        {"compare.seeds_going",
         {{"made", std::int64_t{seeds_->made() + 1}}, {"count", std::int64_t{seeds_->count()}}}}));
  });
  connect(seeds_, &SeedRuns::finished, this, &ExperimentPanel::pinSpread);
  connect(seeds_, &SeedRuns::failed, this, [this](const Message& message) {
    transport_->setSeedsRunning(false);
    Q_EMIT said(text(message));
  });
  compare_->setVisible(can_compare_);
  connect(transport_, &TransportBar::fiveSeedsPressed, this, &ExperimentPanel::runFiveSeeds);
  connect(compare_->menu(), &QMenu::aboutToShow, this, &ExperimentPanel::fillCompareMenu);
}

void ExperimentPanel::fillCompareMenu() {
  QMenu& menu = *compare_->menu();
  menu.clear();
  const auto add = [&](const char* key, bool can, auto work) {
    QAction* action = menu.addAction(text({key, {}}), this, work);
    action->setEnabled(can);
  };
  add("compare.pin", true, [this] { pinRun(); });
  add("compare.race", timeline_->cursor().has_value(), [this] { raceFromHere(); });
  add(seeds_->isRunning() ? "compare.seeds_stop" : "compare.seeds", true,
      [this] { runFiveSeeds(); });
  add("compare.runs", true, [this] { Q_EMIT runsWanted(); });
  menu.addSeparator();
  const auto toggle = [&](const char* key, bool on, bool can, void (Comparison::*set)(bool)) {
    QAction* action = menu.addAction(text({key, {}}));
    action->setCheckable(true);
    action->setChecked(on);
    action->setEnabled(can);
    connect(action, &QAction::toggled, comparison_, set);
  };
  toggle("views.difference", comparison_->isDifference(), !comparison_->pinned().empty(),
         &Comparison::setDifference);
  toggle("views.by_time", comparison_->isByTime(), true, &Comparison::setByTime);
  add("compare.unpin_all", !comparison_->pinned().empty(), [this] { comparison_->unpinAll(); });
}

void ExperimentPanel::pinThen(std::function<void()> pinned) {
  if (!hasPlaceToPin()) return;
  auto result = std::make_shared<std::optional<RunResult>>();
  runner_.inspect(
      [this, result](const Run& run) { *result = resultOf(run, runner_.timesOfInspected()); },
      [this, result, pinned = std::move(pinned)](const std::optional<Message>& problem) {
        if (problem) {
          Q_EMIT said(text(*problem));
          return;
        }
        if (!*result || (*result)->records.rows() < 2) {
          Q_EMIT said(text({"compare.nothing_yet", {}}));
          return;
        }
        if (!hasPlaceToPin()) return;  // it was taken meanwhile
        pinResult(std::move(**result), {});
        Q_EMIT pinnedRun();
        if (pinned) pinned();
      });
}

bool ExperimentPanel::hasPlaceToPin() {
  if (!comparison_->isFull()) return true;
  Q_EMIT said(text({"compare.full", {{"count", std::int64_t{kMostOtherRuns}}}}));
  return false;
}

void ExperimentPanel::pinResult(RunResult run, const QString& name) {
  if (!hasPlaceToPin()) return;
  const QChar letter = *comparison_->pin(std::move(run), name);
  Q_EMIT said(text({"compare.pinned_as", {{"run", QString(letter).toStdString()}}}));
}

void ExperimentPanel::pinRun() { pinThen({}); }

void ExperimentPanel::raceFromHere() {
  const auto cursor = timeline_->cursor();
  if (!cursor) {
    Q_EMIT said(text({"compare.scrub_first", {}}));
    return;
  }
  pinThen([this, step = *cursor] {
    branchAt(step);
    Q_EMIT said(text({"compare.race_ready", {{"step", step}}}));
  });
}

RunSettings ExperimentPanel::presentRun() const {
  RunSettings present = settings();
  present.parameters = started_with_;
  present.events = runner_.state().events;
  return present;
}

void ExperimentPanel::tellComparison() {
  const RunState& state = runner_.state();
  comparison_->setTimes(state.times);
  const std::pair now{state.generation, state.events.size()};
  if (now == compared_) return;
  compared_ = now;
  comparison_->setPresent(presentRun());
}

void ExperimentPanel::stopSeeds() {
  if (!seeds_->isRunning()) return;
  seeds_->cancel();
  transport_->setSeedsRunning(false);
  Q_EMIT said(text({"compare.seeds_stopped", {}}));
}

void ExperimentPanel::setComparedAside(bool aside) {
  if (aside) stopSeeds();
  comparison_->setAside(aside);
}

void ExperimentPanel::runFiveSeeds() {
  if (seeds_->isRunning()) return stopSeeds();
  if (!hasPlaceToPin()) return;
  if (spec_.uses_randomness && !spec_.uses_randomness(started_with_)) {
    Q_EMIT said(text({"transport.seed_unused", {}}));
    return;
  }
  seeds_->start(spec_, presentRun(), runtime_, kSeeds);
  transport_->setSeedsRunning(true);
  Q_EMIT said(
      text({"compare.seeds_going", {{"made", std::int64_t{0}}, {"count", std::int64_t{kSeeds}}}}));
}

void ExperimentPanel::pinSpread() {
  transport_->setSeedsRunning(false);
  if (!hasPlaceToPin()) return;
  const std::vector<RunResult>& runs = seeds_->results();
  OtherRun::Spread spread{seeds_->spread().smallest, seeds_->spread().largest, {}, {}, {}};
  for (const RunResult& run : runs) {
    spread.singles.push_back(run.records);
    spread.times.push_back(run.times);
    spread.names.push_back(Words::in(Language::English)(
        Message{"compare.seed", {{"seed", std::to_string(run.settings.seed)}}}));
  }
  RunResult mean = runs.front();
  mean.records = seeds_->spread().mean;
  mean.times = {};
  for (const StepTimes::Mark& mark : runs.front().times.marks()) {
    double seconds = 0;
    for (const RunResult& run : runs) seconds += run.times.secondsAt(mark.step);
    mean.times.add(static_cast<std::int64_t>(mark.step),
                   seconds / static_cast<double>(runs.size()));
  }
  const QChar letter = *comparison_->pin(std::move(mean), {}, std::move(spread));
  Q_EMIT said(text({"compare.seeds_done", {{"run", QString(letter).toStdString()}}}));
}

}  // namespace viva
