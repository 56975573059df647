// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runner/runner.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "lessons/core/error.h"
#include "widgets/runner/turn.h"

namespace viva {
namespace {

using namespace std::chrono_literals;

/// How long one run computes before the others have their turn.
constexpr auto kSlice = 50ms;

/// A preparation that takes longer is said.
constexpr auto kPreparingIsSaid = 100ms;

/// Snapshots get at most a sixth of the training's time: after one that took t, the next one comes
/// 5 t later at the earliest.
constexpr int kSnapshotShare = 5;

/// Steps a second up to which each step gets its frame.
constexpr double kSpeedOfSingleFrames = 30;

}  // namespace

Runner::Runner(QObject* parent) : QObject(parent), thread_([this] { work(); }) {}

Runner::~Runner() {
  quit_ = true;
  {
    const std::lock_guard lock(mutex_);
    stop_.request_stop();
  }
  tell(Urgency::AtOnce, [](Inbox&) {});
  thread_.join();
}

void Runner::tell(Urgency urgency, const std::function<void(Inbox&)>& write) {
  {
    const std::lock_guard lock(mutex_);
    write(inbox_);
    attention_ = true;
    if (urgency == Urgency::AtOnce) urgent_ = true;
  }
  wake_.notify_one();
  if (urgency == Urgency::AtOnce) Turn::ofTheProcess().wake();
}

void Runner::start(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime,
                   std::int64_t seek) {
  const std::uint64_t generation = ++generation_;
  tell(Urgency::AtOnce, [&](Inbox& inbox) {
    // Nothing that was asked of the run before is waiting: it need not even end its step.
    if (inbox.inspections.empty() && !is_inspecting_) stop_.request_stop();
    stop_ = std::stop_source();
    settings.stop = stop_.get_token();
    settings.in_slices = true;
    if (seek > 0) settings.seen_from = seek;
    // A run that was asked for but not begun is not worth looking at.
    if (!inbox.start) inbox.of_run_before = inbox.inspections.size();
    inbox.start = Start{&spec, std::move(settings), &runtime, seek, generation};
    // What was asked of the run before does not concern the new one.
    inbox.play.reset();
    inbox.steps = 0;
    inbox.changes.clear();
    inbox.state_wanted = true;
  });
}

void Runner::play() {
  tell(Urgency::CanWait, [](Inbox& inbox) { inbox.play = true; });
}

void Runner::pause() {
  tell(Urgency::AtOnce, [](Inbox& inbox) {
    inbox.play = false;
    inbox.steps = 0;
  });
}

void Runner::cancel() {
  tell(Urgency::AtOnce, [this](Inbox& inbox) {
    stop_.request_stop();
    inbox.play = false;
    inbox.steps = 0;
  });
}

void Runner::stepForward(std::int64_t count) {
  tell(Urgency::AtOnce, [&](Inbox& inbox) {
    inbox.play = false;
    inbox.steps += count;
  });
}

void Runner::setSpeed(double steps_per_second) {
  tell(Urgency::CanWait, [&](Inbox& inbox) { inbox.speed = steps_per_second; });
}

void Runner::setWatched(bool watched) { watched_ = watched; }

void Runner::change(const std::string& name, const Value& value) {
  tell(Urgency::CanWait, [&](Inbox& inbox) {
    // While a slider is dragged only its newest value counts.
    for (auto& [known, waiting] : inbox.changes)
      if (known == name) {
        waiting = value;
        return;
      }
    inbox.changes.emplace_back(name, value);
  });
}

void Runner::inspect(std::function<void(Run&)> work, Done done) {
  tell(Urgency::CanWait, [&](Inbox& inbox) {
    inbox.inspections.push_back({std::move(work), std::move(done)});
  });
}

void Runner::wantState() {
  tell(Urgency::CanWait, [](Inbox& inbox) { inbox.state_wanted = true; });
}

std::shared_ptr<const Frame> Runner::frameAt(std::int64_t step) const {
  const std::lock_guard lock(history_mutex_);
  if (history_generation_ != state_.generation) return nullptr;
  auto frame = history_.at(step);
  return frame ? frame : history_.first();
}

void Runner::collect() {
  std::unique_ptr<RunState> newest;
  {
    const std::lock_guard lock(mutex_);
    newest = std::move(slot_);
  }
  // A state of a run that has been replaced meanwhile is of no use to anybody.
  if (!newest || newest->generation != generation_) return;
  state_ = std::move(*newest);
  Q_EMIT published();
}

void Runner::work() {
  for (bool goes_on = true; goes_on;) {
    try {
      goes_on = takeInbox();
      if (!goes_on) break;
      settle();
      if (canPublish()) publish();
      advance();
      if (run_) run_->storePhase();
      settle();
      if (canPublish()) publish();
    } catch (...) {
      giveUp(std::current_exception());
    }
  }
}

/// Whatever comes this far has nothing to do with one step: the run cannot be trusted any more, the
/// window and the other runs live on.
void Runner::giveUp(const std::exception_ptr& exception) {
  try {
    run_.reset();
    mine_.status = RunStatus::Failed;
    mine_.message = reasonOf(exception);
    playing_ = false;
    owed_ = seek_ = 0;
    dirty_ = true;
    answer(waiting_);
  } catch (...) {
    // There is not even the memory to say it.
    state_wanted_ = false;
  }
}

/// There are updates to be made, or the preparation for the first one.
bool Runner::isStepping() const {
  return run_ && run_->status() == RunStatus::Running &&
         (run_->isPreparing() || playing_ || owed_ > 0 || run_->step() < seek_);
}

bool Runner::canPublish() const {
  if (!state_wanted_ || !dirty_) return false;
  return !run_ || !run_->isPreparing() || Clock::now() >= begun_at_ + kPreparingIsSaid;
}

bool Runner::canInspect() const { return !waiting_.empty() && (!run_ || !run_->isPreparing()); }

bool Runner::nothingToDo() const { return !isStepping() && !canPublish() && !canInspect(); }

Runner::Clock::time_point Runner::nextDue() const {
  return paced_from_ + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>((paced_steps_ + 1) / speed_));
}

/// Waits until there is something to do and takes what was asked. False: the end.
bool Runner::takeInbox() {
  std::unique_lock lock(mutex_);
  const auto is_told = [&] { return attention_.load() || quit_.load(); };
  if (nothingToDo())
    wake_.wait(lock, is_told);
  else if (isStepping() && !run_->isPreparing() && playing_ && std::isfinite(speed_) &&
           run_->step() >= seek_ && !canPublish() && !canInspect())
    wake_.wait_until(lock, nextDue(), is_told);
  attention_ = urgent_ = false;
  Inbox inbox = std::exchange(inbox_, {});
  is_inspecting_ = !inbox.inspections.empty();
  lock.unlock();

  if (quit_) return false;
  take(inbox);
  if (!inbox.inspections.empty() || canInspect()) {
    // What was asked before a start has been answered by then.
    std::move(inbox.inspections.begin(), inbox.inspections.end(), std::back_inserter(waiting_));
    if (canInspect()) answer(waiting_);
  }
  lock.lock();
  is_inspecting_ = !waiting_.empty();
  return !quit_;
}

void Runner::take(Inbox& inbox) {
  if (inbox.start) {
    const auto first = inbox.inspections.begin();
    const auto last = first + static_cast<std::ptrdiff_t>(inbox.of_run_before);
    std::move(first, last, std::back_inserter(waiting_));
    inbox.inspections.erase(first, last);
    answer(waiting_);
    begin(std::move(*inbox.start));
  }
  state_wanted_ |= inbox.state_wanted;
  if (inbox.speed) {
    speed_ = *inbox.speed;
    paced_from_ = Clock::now();
    paced_steps_ = 0;
  }
  if (inbox.play) {
    playing_ = *inbox.play && run_;
    if (!playing_) seek_ = 0;
    paced_from_ = measured_from_ = Clock::now();
    paced_steps_ = 0;
    measured_step_ = run_ ? run_->step() : 0;
    mine_.steps_per_second = 0;
    dirty_ = true;
  }
  owed_ = playing_ ? 0 : owed_ + inbox.steps;
  if (!run_) return;
  const bool wants_more = (inbox.play && playing_) || inbox.steps > 0;
  if (wants_more) mine_.refusal.reset();
  if (wants_more && run_->status() == RunStatus::Completed)
    run_->setLength(run_->step() + std::max<std::int64_t>(inbox.steps, mine_.length));
  if (!inbox.changes.empty()) change(inbox.changes);
}

void Runner::change(const std::vector<std::pair<std::string, Value>>& changes) {
  const Turn::Held held(Turn::ofTheProcess(), Turn::For::Answer, quit_);
  if (!held.isHeld()) return;
  for (const auto& [name, value] : changes) {
    dirty_ = true;
    try {
      run_->change(name, value);
      mine_.refusal.reset();
      changed_ = true;
    } catch (const Error& error) {
      Value holds = value;
      for (const ParameterSpec& spec : run_->parameters().specs())
        if (spec.name == name) holds = run_->parameters().value(name);
      mine_.refusal = Refusal{++refusals_, name, std::move(holds), error.message()};
    }
  }
}

/// Those that cannot be answered are told why.
void Runner::answer(std::vector<Inspection>& inspections) {
  if (inspections.empty()) return;
  std::optional<Message> problem;
  if (!run_ || run_->isPreparing() || run_->records().rows() == 0)
    problem = run_ && run_->message() ? *run_->message()
              : mine_.message         ? *mine_.message
                                      : Message{"panel.no_run", {}};
  const auto answered = std::exchange(inspections, {});
  std::optional<Turn::Held> held;
  if (!problem) held.emplace(Turn::ofTheProcess(), Turn::For::Answer, quit_);
  for (const Inspection& inspection : answered) {
    std::optional<Message> wrong = problem;
    if (held && !held->isHeld()) return;  // nobody is there any more
    if (!wrong) {
      try {
        inspection.work(*run_);
      } catch (...) {
        wrong = reasonOf(std::current_exception());
      }
    }
    QMetaObject::invokeMethod(
        this, [done = inspection.done, wrong] { done(wrong); }, Qt::QueuedConnection);
  }
}

void Runner::begin(Start start) {
  {
    const Turn::Held held(Turn::ofTheProcess(), Turn::For::Answer, quit_);
    run_.reset();
  }
  History none;
  {
    const std::lock_guard lock(history_mutex_);
    std::swap(history_, none);
    history_generation_ = start.generation;
  }
  mine_ = RunState();
  mine_.generation = start.generation;
  mine_.length = start.settings.steps;
  playing_ = false;
  owed_ = 0;
  seek_ = start.seek;
  frame_step_ = -1;
  changed_ = false;
  next_snapshot_ = {};
  begun_at_ = Clock::now();
  dirty_ = true;
  try {
    mine_.times.add(0, 0);
    run_ = std::make_unique<Run>(*start.spec, std::move(start.settings), *start.runtime);
    run_->lookUp();
    const Turn::Held held(Turn::ofTheProcess(), Turn::For::Answer, quit_);
    if (held.isHeld()) prepare();
  } catch (...) {
    run_.reset();
    mine_.status = RunStatus::Failed;
    mine_.message = reasonOf(std::current_exception());
  }
}

/// A slice of what comes before the first update, and the first frame.
void Runner::prepare() {
  const auto until = Clock::now() + kSlice;
  run_->advance([&] { return !run_->isPreparing() || urgent_.load() || Clock::now() >= until; });
  if (run_->isPreparing()) {
    if (!mine_.preparing && Clock::now() >= begun_at_ + kPreparingIsSaid) dirty_ = true;
    return;
  }
  dirty_ = true;
  if (run_->step() > 0) mine_.times.add(run_->step(), 0);
  paced_from_ = measured_from_ = Clock::now();
  paced_steps_ = 0;
  measured_step_ = run_->step();
  if (watched_) capture();  // the state before the first update can always be gone back to
}

/// A run that is looked at where it stands has made the changes that are due there.
void Runner::settle() {
  if (!run_ || isStepping() || !run_->hasDue()) return;
  const Turn::Held held(Turn::ofTheProcess(), Turn::For::Answer, quit_);
  if (!held.isHeld()) return;
  run_->applyDue();
  dirty_ = changed_ = true;
}

void Runner::advance() {
  if (!isStepping()) {
    owed_ = 0;
    if (playing_ && (!run_ || run_->status() != RunStatus::Running)) {
      playing_ = false;
      dirty_ = true;
    }
    return;
  }
  {
    const Turn::Held held(Turn::ofTheProcess(), Turn::For::Slice, urgent_);
    if (!held.isHeld()) return;
    const std::int64_t before = run_->step();
    run_->isPreparing() ? prepare() : step(Clock::now() + kSlice);
    if (run_->step() != before) dirty_ = true;
  }
  if (run_->status() != RunStatus::Running) {
    playing_ = false;
    owed_ = 0;
    dirty_ = true;
  }
  noteSpeed();
}

void Runner::step(Clock::time_point until) {
  const std::int64_t before = run_->step();
  const auto advanced = [&](const auto& limit) {
    const std::int64_t from = run_->step();
    const auto begun = Clock::now();
    run_->advance(limit);
    if (run_->step() == from) return;
    const double spent = std::chrono::duration<double>(Clock::now() - begun).count();
    mine_.times.add(run_->step(), mine_.times.seconds() + spent);
  };
  // Whoever waits for a state asks once: one further step must be enough to get it. What is urgent
  // does not wait for that step; what is not may come at any time, and must not keep a run that
  // waits for its turn from making any.
  const auto is_over = [&] {
    if (urgent_) return true;
    if (run_->step() == before) return false;
    return attention_ || state_wanted_ || Turn::ofTheProcess().isWaitedFor() ||
           Clock::now() >= until;
  };
  if (before < seek_) {
    advanced([&] { return is_over() || run_->step() >= seek_; });
  } else if (owed_ > 0) {
    while (owed_ > 0 && run_->status() == RunStatus::Running && !is_over()) {
      advanced(std::int64_t{1});
      --owed_;
      if (watched_) capture();
    }
  } else if (playing_) {
    std::int64_t quota = std::numeric_limits<std::int64_t>::max();
    if (std::isfinite(speed_)) {
      const double elapsed = std::chrono::duration<double>(Clock::now() - paced_from_).count();
      quota = static_cast<std::int64_t>(elapsed * speed_) - paced_steps_;
      // After a pause in its thread a run does not catch up more than a tenth of a second; the rest
      // of its debt is forgiven.
      const std::int64_t most = std::max<std::int64_t>(1, static_cast<std::int64_t>(speed_ / 10));
      if (quota > most) {
        paced_steps_ += quota - most;
        quota = most;
      }
    }
    const std::int64_t end = quota > std::numeric_limits<std::int64_t>::max() - before
                                 ? std::numeric_limits<std::int64_t>::max()
                                 : before + quota;
    advanced([&] { return is_over() || run_->step() >= end; });
    paced_steps_ += run_->step() - before;
    // Slow enough for the eye: every step can be scrubbed back to.
    if (watched_ && speed_ <= kSpeedOfSingleFrames && run_->step() != before) capture();
  }
}

void Runner::noteSpeed() {
  if (!playing_) return;
  const auto now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - measured_from_).count();
  if (seconds < 0.5) return;
  mine_.steps_per_second = static_cast<double>(run_->step() - measured_step_) / seconds;
  measured_from_ = now;
  measured_step_ = run_->step();
}

/// Takes a frame of the present step, for the views and for scrubbing.
void Runner::capture() {
  const auto begun = Clock::now();
  if (auto frame = run_->frame()) {
    frame_step_ = run_->step();
    mine_.frame = frame;
    bool is_full;
    {
      const std::lock_guard lock(history_mutex_);
      is_full = history_.put(std::move(frame));
    }
    if (is_full) {
      // Only this thread writes, so it can read without the lock; what goes is freed outside of it.
      History thinned = history_.thinned();
      const std::lock_guard lock(history_mutex_);
      std::swap(history_, thinned);
    }
  }
  const auto ended = Clock::now();
  next_snapshot_ = ended + (ended - begun) * kSnapshotShare;
}

/// Puts the newest state into the slot and posts one notification. The heavy views are computed
/// when their share of the time allows it, or when nothing else is going on: a live change can
/// alter them without a step.
void Runner::publish() {
  if (run_) {
    const bool moved = frame_step_ != run_->step();
    const bool due = isStepping() ? moved && Clock::now() >= next_snapshot_ : moved || changed_;
    if (due && watched_ && !run_->isPreparing()) {
      const Turn::Held held(Turn::ofTheProcess(), Turn::For::Answer, quit_);
      if (!held.isHeld()) return;
      capture();
      changed_ = false;
    }
    mine_.records = run_->records();
    mine_.step = run_->step();
    mine_.length = run_->settings().steps;
    mine_.status = run_->status();
    if (run_->message()) mine_.message = run_->message();
    mine_.checks = run_->checks();
    mine_.reading = run_->reading();
    mine_.events = run_->events();
    mine_.non_finite = run_->nonFinite();
  }
  mine_.playing = playing_;
  mine_.preparing = run_ && run_->isPreparing();
  mine_.seeking = run_ && run_->step() < seek_ && run_->status() == RunStatus::Running;
  dirty_ = false;
  state_wanted_ = false;
  {
    const std::lock_guard lock(mutex_);
    slot_ = std::make_unique<RunState>(mine_);
  }
  QMetaObject::invokeMethod(this, &Runner::collect, Qt::QueuedConnection);
}

}  // namespace viva
