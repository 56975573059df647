// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/experiment_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "lessons/core/error.h"
#include "widgets/panel/check_badges.h"
#include "widgets/panel/comparison.h"
#include "widgets/panel/drag_hint.h"
#include "widgets/panel/icons.h"
#include "widgets/panel/timeline.h"
#include "widgets/panel/transport_bar.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/runner/seed_runs.h"
#include "widgets/views/colours.h"

namespace viva {
namespace {

using namespace std::chrono_literals;

/// How long a dragged restart parameter rests before a new run begins.
constexpr auto kSettleInterval = 250ms;
/// A run is meant to be watched: at first its length passes in about this many seconds.
constexpr double kSecondsToWatch = 10;
/// From this scale of type on, the line of presets has no room for everything.
constexpr double kLargeType = 1.2;

/// One change of one parameter by the user.
class ParameterChange : public QUndoCommand {
 public:
  ParameterChange(std::function<void(const Value&)> apply, Value before, Value after)
      : apply_(std::move(apply)), before_(std::move(before)), after_(std::move(after)) {}
  void undo() override { apply_(before_); }
  /// Called once when the change is pushed, which is after it was made.
  void redo() override {
    if (std::exchange(made_, true)) apply_(after_);
  }

 private:
  std::function<void(const Value&)> apply_;
  Value before_, after_;
  bool made_ = false;
};

}  // namespace

ExperimentPanel::ExperimentPanel(const ExperimentSpec& spec, Runtime& runtime,
                                 const Appearance& appearance, QWidget* parent, PhaseCache* phases)
    : QWidget(parent),
      spec_(spec),
      runtime_(runtime),
      appearance_(appearance),
      parameters_(spec.parameters),
      started_with_(spec.parameters),
      baseline_(spec.parameters),
      device_(runtime.resolveDevice("auto")),
      phases_(phases) {
  setCalm(false);
  build();
  retranslate();
  openPreset(spec_.presets.empty() ? std::string() : spec_.presets.front().name);
}

// The seeds first: the run on screen could wait for its turn behind theirs.
ExperimentPanel::~ExperimentPanel() { delete seeds_; }

void ExperimentPanel::build() {
  presets_ = new QComboBox(this);
  claim_ = new QLabel(this);
  badges_ = new CheckBadges(spec_.id, this);
  transport_ = new TransportBar(this);
  timeline_ = new Timeline(this);
  parameter_panel_ = new ParameterPanel(spec_, this);
  reading_ = new QLabel(this);
  reading_->setObjectName("reading");
  reading_->setWordWrap(true);
  reading_->setTextFormat(Qt::PlainText);
  reading_->hide();
  claim_->setWordWrap(true);
  claim_->setTextFormat(Qt::PlainText);
  presets_->setSizeAdjustPolicy(QComboBox::AdjustToContents);

  for (const ViewSpec& view_spec : spec_.views) {
    auto view = makeView(view_spec, spec_.id, appearance_);
    if (view_spec.kind == ViewKind::Verdict && view_spec.id == "verdict") {
      verdict_ = std::move(view);
      continue;
    }
    auto* frame = new ViewFrame(std::move(view));
    frames_.push_back(frame);
    tieToTheOthers(frame);
  }
  arrangement_ = new ViewArrangement(frames_, this);
  hint_ = new DragHint(this);
  connect(arrangement_, &ViewArrangement::rearranged, this, &ExperimentPanel::shareLegend);

  views_ = new QToolButton(this);
  views_->setPopupMode(QToolButton::InstantPopup);
  views_->setFocusPolicy(Qt::StrongFocus);
  views_->setMenu(new QMenu(views_));
  connect(views_->menu(), &QMenu::aboutToShow, this, &ExperimentPanel::listViews);
  head_ = new QHBoxLayout;
  head_->addWidget(presets_);
  head_->addStretch();
  buildComparison();
  head_->addWidget(compare_);
  head_->addWidget(views_);
  auto* lab = new QWidget(this);
  auto* column = new QVBoxLayout(lab);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  diverged_ = new QLabel(this);
  diverged_->setWordWrap(true);
  diverged_->setTextFormat(Qt::PlainText);
  diverged_->hide();
  column->addWidget(diverged_);
  if (verdict_) {
    verdict_->setFixedHeight(verdict_->sizeHint().height());
    column->addWidget(verdict_.get());
  }
  column->addWidget(comparison_);
  centre_ = new QStackedWidget(this);
  // With large type the views keep their size and are scrolled to.
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(arrangement_);
  centre_->addWidget(scroll);
  column->addWidget(centre_, 1);
  auto* controls = new QHBoxLayout;
  auto* rows = new QVBoxLayout;
  rows->setSpacing(2);
  rows->addWidget(timeline_);
  rows->addWidget(transport_);
  controls->addWidget(transport_->playButton());
  controls->addLayout(rows, 1);
  column->addLayout(controls);
  splitter_ = new QSplitter(Qt::Horizontal, this);
  splitter_->addWidget(lab);
  side_ = new QStackedWidget(this);
  auto* parameters = new QWidget(this);
  side_->addWidget(parameters);
  auto* beside = new QVBoxLayout(parameters);
  beside->setContentsMargins(0, 0, 0, 0);
  beside->addWidget(parameter_panel_, 1);
  beside->addWidget(reading_);
  beside->addWidget(badges_);
  splitter_->addWidget(side_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setStretchFactor(1, 0);
  splitter_->setCollapsible(0, false);
  splitter_->setSizes({1000, 345});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(6, 4, 6, 4);
  layout->setSpacing(4);
  layout->addLayout(head_);
  layout->addWidget(splitter_, 1);

  connect(presets_, &QComboBox::activated, this,
          [this](int index) { openPreset(presets_->itemData(index).toString().toStdString()); });
  connect(parameter_panel_, &ParameterPanel::edited, this,
          [this](const QString& name, const Value& value, bool finished) {
            edit(name.toStdString(), value, finished);
          });
  connect(parameter_panel_, &ParameterPanel::resetAllPressed, this, &ExperimentPanel::editAll);
  connect(transport_, &TransportBar::playPressed, this, &ExperimentPanel::play);
  connect(transport_, &TransportBar::pausePressed, this, &ExperimentPanel::pause);
  connect(transport_, &TransportBar::stepForwardPressed, this, &ExperimentPanel::stepForward);
  connect(transport_, &TransportBar::stepBackPressed, this, &ExperimentPanel::stepBack);
  connect(transport_, &TransportBar::resetPressed, this, &ExperimentPanel::reset);
  connect(transport_, &TransportBar::newSeedPressed, this, &ExperimentPanel::newSeed);
  connect(transport_, &TransportBar::speedChanged, &runner_, &Runner::setSpeed);
  connect(transport_, &TransportBar::seedChanged, this, [this](quint64 seed) {
    seed_ = seed;
    restart();
  });
  connect(timeline_, &Timeline::scrubbed, this, &ExperimentPanel::scrub);
  connect(timeline_, &Timeline::newestPressed, this, &ExperimentPanel::follow);
  connect(timeline_, &Timeline::branchPressed, this, &ExperimentPanel::branchHere);
  connect(timeline_, &Timeline::racePressed, this, &ExperimentPanel::raceFromHere);
  connect(&runner_, &Runner::published, this, &ExperimentPanel::showState);
  display_.setSingleShot(true);
  display_.setTimerType(Qt::PreciseTimer);
  connect(&display_, &QTimer::timeout, &runner_, &Runner::wantState);
  settle_.setSingleShot(true);
  settle_.setInterval(kSettleInterval);
  connect(&settle_, &QTimer::timeout, this, [this] { restart(); });
}

QString ExperimentPanel::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

void ExperimentPanel::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  for (ViewFrame* frame : frames_) frame->setAppearance(appearance);
  if (verdict_) {
    verdict_->setAppearance(appearance);
    tellVerdict();
    verdict_->setFixedHeight(verdict_->sizeHint().height());
  }
  retranslate();
}

void ExperimentPanel::retranslate() {
  const Words& words = Words::in(appearance_.language);
  presets_->setAccessibleName(text({"panel.presets", {}}));
  presets_->setToolTip(text({"panel.presets_meaning", {}}));
  fillPresets();
  hint_->setText(text({"panel.drag_me", {}}));
  views_->setText(text({"panel.views", {}}));
  views_->setToolTip(text({"panel.views_meaning", {}}));
  compare_->setText(text({"compare.compare", {}}));
  compare_->setAccessibleName(compare_->text());
  compare_->setToolTip(text({"compare.compare_meaning", {}}));
  compare_->setIcon(icon(Symbol::Race, theme(appearance_.dark).text));
  // With large type there is no room for the word in a narrow window.
  compare_->setToolButtonStyle(appearance_.font_scale > kLargeType ? Qt::ToolButtonIconOnly
                                                                   : Qt::ToolButtonTextOnly);
  placeClaim();
  comparison_->setAccessibleName(text({"compare.pinned", {}}));
  comparison_->setAppearance(appearance_);
  badges_->setWords(words, appearance_.dark);
  parameter_panel_->setWords(words);
  parameter_panel_->setAccessibleName(text({"panel.parameters", {}}));
  transport_->setWords(words);
  timeline_->setWords(words);
  arrangement_->setWords(words);
  tellReading();
  said_.clear();
  sayStatus();
}

void ExperimentPanel::fillPresets() {
  const Words& words = Words::in(appearance_.language);
  const QSignalBlocker blocker(presets_);
  presets_->clear();
  for (const Preset& preset : spec_.presets)
    presets_->addItem(QString::fromStdString(words.of(spec_.id, "preset", preset.name)),
                      QString::fromStdString(preset.name));
  presets_->setCurrentIndex(presets_->findData(QString::fromStdString(preset_)));
  presets_->setVisible(presets_->count() > 0);
  claim_->setText(preset_.empty() || !claim_shown_
                      ? QString()
                      : QString::fromStdString(words.of(spec_.id, "preset_claim", preset_)));
  claim_->setVisible(!claim_->text().isEmpty());
  // The claim is one of the largest texts of the panel: it is what the class is to see.
  QFont font = claim_->font();
  font.setPixelSize(static_cast<int>(std::lround(14 * appearance_.font_scale)));
  claim_->setFont(font);
  placeClaim();
}

/// Beside the presets; with large type, or where the line would break too often there, in a row of
/// its own.
void ExperimentPanel::placeClaim() {
  constexpr double kMostLines = 2.7;  // words do not fill theirs
  double room = contentsRect().width();
  for (int i = 0; i < head_->count(); ++i)
    if (const QWidget* other = head_->itemAt(i)->widget();
        other && other != claim_ && !other->isHidden())
      room -= other->sizeHint().width() + head_->spacing();
  const bool is_alone =
      appearance_.font_scale > kLargeType ||
      QFontMetricsF(claim_->font()).horizontalAdvance(claim_->text()) > kMostLines * room;
  auto* rows = static_cast<QVBoxLayout*>(layout());
  if ((is_alone ? rows->indexOf(claim_) : head_->indexOf(claim_)) >= 0) return;
  head_->removeWidget(claim_);
  rows->removeWidget(claim_);
  if (is_alone)
    rows->insertWidget(1, claim_);
  else
    head_->insertWidget(1, claim_, 1);
}

void ExperimentPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  placeClaim();
}

double ExperimentPanel::defaultSpeed() const {
  return std::clamp(static_cast<double>(length_) / kSecondsToWatch, 1.0, 10000.0);
}

void ExperimentPanel::openPreset(const std::string& preset) {
  RunSettings settings{spec_.parametersOf(preset)};
  settings.seed = seed_;
  settings.device = device_;
  settings.preset = preset;
  const Preset* found = spec_.findPreset(preset);
  settings.steps = found && found->steps > 0 ? found->steps : spec_.default_steps;
  open(std::move(settings));
  Q_EMIT presetOpened(QString::fromStdString(preset));
}

void ExperimentPanel::open(RunSettings settings) {
  std::vector<Event> events = std::move(settings.events);
  adopt(settings);
  restart(0, std::move(events));
}

void ExperimentPanel::replay(RunSettings settings) {
  std::vector<Event> events = std::move(settings.events);
  adopt(settings);
  restart(settings.steps, std::move(events), /*computes_all=*/true);
}

void ExperimentPanel::openAt(RunSettings settings, std::int64_t step) {
  std::vector<Event> events = std::move(settings.events);
  adopt(settings);
  restart(step, std::move(events));
}

RunSettings ExperimentPanel::settings() const {
  RunSettings settings{parameters_};
  settings.seed = seed_;
  settings.device = device_;
  settings.threads = threads_;
  settings.preset = preset_;
  settings.steps = length_;
  settings.phases = phases_;
  return settings;
}

void ExperimentPanel::adopt(const RunSettings& settings) {
  changes_.clear();
  dragged_.reset();
  baseline_ = spec_.parametersOf(settings.preset);
  showViewsOf(spec_.findPreset(settings.preset));
  preset_ = settings.preset;
  parameters_ = settings.parameters;
  seed_ = settings.seed;
  device_ = settings.device;
  threads_ = settings.threads;
  length_ = settings.steps;
  parameter_panel_->setPreset(preset_);
  parameter_panel_->setBaseline(baseline_);
  parameter_panel_->setValues(parameters_);
  fillPresets();
  transport_->setSeed(seed_);
  transport_->setSpeed(defaultSpeed());
  runner_.setSpeed(transport_->speed());
  play_after_restart_ = false;
}

void ExperimentPanel::restart(std::int64_t seek, std::vector<Event> events, bool computes_all) {
  settle_.stop();
  untouched_ = seek == 0 && !play_after_restart_;
  started_with_ = parameters_;
  styles_ = StyleTable::of(spec_, parameters_);
  giveParameters();
  transport_->setSeedMatters(!spec_.uses_randomness || spec_.uses_randomness(parameters_));
  timeline_->setCursor(std::nullopt, 0);
  RunSettings next = settings();
  next.steps = std::max(length_, seek);
  if (computes_all) next.phases = nullptr;
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.step < b.step; });
  given_ = events;
  given_shown_ = 0;
  next.events = std::move(events);
  runner_.start(spec_, std::move(next), runtime_, seek);
  if (play_after_restart_) runner_.play();
  runner_.wantState();
  takeValuesUpTo(seek);
}

void ExperimentPanel::edit(const std::string& name, const Value& value, bool finished) {
  if (problemWith(parameters_.spec(name), value)) return;
  if (!dragged_ || dragged_->first != name) dragged_ = {name, parameters_.value(name)};
  apply(name, value, finished);
  if (!finished) return;
  const Value before = dragged_->second;
  dragged_.reset();
  if (before == value) return;
  changes_.push(new ParameterChange(
      [this, name](const Value& again) {
        apply(name, again, true);
        parameter_panel_->setValues(parameters_);
      },
      before, value));
}

void ExperimentPanel::apply(const std::string& name, const Value& value, bool finished) {
  const ParameterSpec& parameter = parameters_.spec(name);
  parameters_.set(name, value);
  giveParameters();
  const RunStatus status = runner_.state().status;
  const bool over = status != RunStatus::Running && status != RunStatus::Completed;
  if (parameter.effect == Effect::Live && !over) {
    follow();
    runner_.change(name, value);
    return;
  }
  play_after_restart_ = runner_.state().playing || (settle_.isActive() && play_after_restart_);
  if (finished)
    restart();
  else
    settle_.start();
}

void ExperimentPanel::play() {
  untouched_ = false;
  follow();
  const RunStatus status = runner_.state().status;
  const bool over = status != RunStatus::Running && status != RunStatus::Completed;
  play_after_restart_ = over;
  if (over)
    restart();
  else
    runner_.play();
  Q_EMIT started();
}

void ExperimentPanel::pause() { runner_.pause(); }

void ExperimentPanel::togglePlay() { runner_.state().playing ? pause() : play(); }

void ExperimentPanel::stepForward() {
  if (const auto cursor = timeline_->cursor()) {
    scrub(*cursor + 1);
    return;
  }
  untouched_ = false;
  runner_.stepForward();
}

void ExperimentPanel::stepBack() {
  pause();
  const std::int64_t from = timeline_->cursor().value_or(runner_.state().step);
  if (from > 0) scrub(from - 1);
}

void ExperimentPanel::reset() {
  play_after_restart_ = false;
  restart();
}

void ExperimentPanel::newSeed() {
  seed_ = QRandomGenerator::global()->bounded(1, 1000000);
  transport_->setSeed(seed_);
  play_after_restart_ = runner_.state().playing;
  restart();
}

void ExperimentPanel::branchHere() {
  if (const auto cursor = timeline_->cursor()) branchAt(*cursor);
}

void ExperimentPanel::branchAt(std::int64_t step) {
  std::vector<Event> kept;
  for (const Event& event : runner_.state().events)
    if (event.step < step) kept.push_back(event);
  parameters_ = started_with_;
  play_after_restart_ = false;
  restart(step, kept);
  parameter_panel_->setValues(parameters_);
}

void ExperimentPanel::scrub(std::int64_t step) {
  if (step >= runner_.state().step) {
    follow();
    return;
  }
  pause();
  const auto frame = runner_.frameAt(step);
  timeline_->setCursor(step, frame ? frame->step : step);
  transport_->setCanStepBack(step > 0);
  giveFrame(frame, step);
  if (!is_reading_again_) readAgain();
}

void ExperimentPanel::follow() {
  timeline_->setCursor(std::nullopt, 0);
  giveFrame(runner_.state().frame, std::nullopt);
}

void ExperimentPanel::giveFrame(const std::shared_ptr<const Frame>& frame,
                                std::optional<std::int64_t> cursor) {
  for (ViewFrame* view_frame : frames_) {
    view_frame->view().setCursor(cursor);
    view_frame->view().setFrame(frame);
  }
  if (verdict_) {
    verdict_->setCursor(cursor);
    verdict_->setFrame(frame);
  }
}

void ExperimentPanel::showState() {
  const RunState& state = runner_.state();
  const auto cursor = timeline_->cursor();
  const bool has_first_frame = state.frame && framed_generation_ != state.generation;
  if (shown_generation_ != state.generation || has_first_frame) {
    // Not before: what is still shown of the last run would take colours of the new one.
    if (state.frame) styles_->learn(*state.frame);
    if (has_first_frame) framed_generation_ = state.generation;
    for (ViewFrame* frame : frames_) frame->view().setStyles(styles_);
    if (verdict_) verdict_->setStyles(styles_);
  }
  for (ViewFrame* frame : frames_) frame->view().setRecords(state.records);
  if (!cursor) giveFrame(state.frame, std::nullopt);
  timeline_->setExtent(state.step, state.length);
  timeline_->setEvents(state.events);
  transport_->setPlaying(state.playing);
  transport_->setMeasuredSpeed(state.steps_per_second);
  transport_->setCanStepBack(cursor.value_or(state.step) > 0);
  badges_->setChecks(state.checks);
  tellReading();
  if (shown_generation_ != state.generation) {
    shown_generation_ = state.generation;
    play_after_restart_ = false;
  }
  takeValuesUpTo(state.step);
  takeRefusal();
  tellComparison();
  sayStatus();
  placeHint();
  Q_EMIT shown();
  // A run that was played on from its end has another one.
  const std::pair end{state.generation, state.step};
  if (state.status != RunStatus::Running && ended_ != end) {
    ended_ = end;
    Q_EMIT ended();
  }
  display_.start(display_interval_);
}

void ExperimentPanel::tellReading() {
  const auto& reading = runner_.state().reading;
  reading_->setText(reading ? text(*reading) : QString());
  reading_->setVisible(reading.has_value());
}

/// What the run was given to change on its way has been changed by now: the controls say so.
void ExperimentPanel::takeValuesUpTo(std::int64_t step) {
  bool changed = false;
  for (; given_shown_ < given_.size() && given_[given_shown_].step <= step; ++given_shown_) {
    const Event& event = given_[given_shown_];
    parameters_.set(event.name, event.value);
    changed = true;
  }
  if (!changed) return;
  giveParameters();
  parameter_panel_->setValues(parameters_);
}

/// The control of a change that the run has not taken goes back to the value that holds.
void ExperimentPanel::takeRefusal() {
  const auto& refusal = runner_.state().refusal;
  if (!refusal || refusal->number == refusals_) return;
  refusals_ = refusal->number;
  parameters_.set(refusal->name, refusal->holds);
  giveParameters();
  parameter_panel_->setValues(parameters_);
}

void ExperimentPanel::hideEvent(QHideEvent* event) {
  stopSeeds();
  pause();
  QWidget::hideEvent(event);
}

}  // namespace viva
