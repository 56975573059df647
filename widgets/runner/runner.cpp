// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runner/runner.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/error.h"

namespace viva {
namespace {

using namespace std::chrono_literals;

/// A lock that is had in the order in which it was asked for: with a std::mutex, a run that is
/// stepped without pause would never let another one in.
class Turn {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = waiting_++;
    changed_.wait(lock, [&] { return served_ == mine; });
  }
  void unlock() {
    {
      const std::lock_guard lock(mutex_);
      ++served_;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t waiting_ = 0, served_ = 0;
};

/// The tensor library's generators and thread count belong to the process: one run at a time.
Turn& turn() {
  static Turn one;
  return one;
}

/// Snapshots get at most a sixth of the training's time: after one that took t, the next one comes
/// 5 t later at the earliest.
constexpr int kSnapshotShare = 5;

/// Steps a second up to which each step gets its frame.
constexpr double kSpeedOfSingleFrames = 30;

}  // namespace

Runner::Runner(QObject* parent) : QObject(parent), thread_([this] { work(); }) {}

Runner::~Runner() {
  tell([](Inbox& inbox) { inbox.quit = true; });
  thread_.join();
}

void Runner::tell(const std::function<void(Inbox&)>& write) {
  {
    const std::lock_guard lock(mutex_);
    write(inbox_);
    attention_ = true;
  }
  wake_.notify_one();
}

void Runner::start(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime,
                   std::int64_t seek) {
  const std::uint64_t generation = ++generation_;
  tell([&](Inbox& inbox) {
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
  tell([](Inbox& inbox) { inbox.play = true; });
}

void Runner::pause() {
  tell([](Inbox& inbox) {
    inbox.play = false;
    inbox.steps = 0;
  });
}

void Runner::stepForward(std::int64_t count) {
  tell([&](Inbox& inbox) {
    inbox.play = false;
    inbox.steps += count;
  });
}

void Runner::setSpeed(double steps_per_second) {
  tell([&](Inbox& inbox) { inbox.speed = steps_per_second; });
}

void Runner::change(const std::string& name, const Value& value) {
  tell([&](Inbox& inbox) {
    // While a slider is dragged only its newest value counts.
    for (auto& [known, waiting] : inbox.changes)
      if (known == name) {
        waiting = value;
        return;
      }
    inbox.changes.emplace_back(name, value);
  });
}

void Runner::inspect(std::function<void(Run&)> work, std::function<void()> done) {
  tell([&](Inbox& inbox) { inbox.inspections.push_back({std::move(work), std::move(done)}); });
}

void Runner::wantState() {
  tell([](Inbox& inbox) { inbox.state_wanted = true; });
}

std::shared_ptr<const Frame> Runner::frameAt(std::int64_t step) const {
  const std::lock_guard lock(history_mutex_);
  return history_generation_ == state_.generation ? history_.at(step) : nullptr;
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
  while (takeInbox()) {
    if (state_wanted_ && dirty_) publish();
    advance();
    if (state_wanted_ && dirty_) publish();
  }
}

bool Runner::nothingToDo() const {
  const bool stepping = run_ && run_->status() == RunStatus::Running &&
                        (playing_ || owed_ > 0 || run_->step() < seek_);
  return !stepping && !(state_wanted_ && dirty_);
}

Runner::Clock::time_point Runner::nextDue() const {
  return paced_from_ + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>((paced_steps_ + 1) / speed_));
}

/// Waits until there is something to do and takes what was asked. False: the end.
bool Runner::takeInbox() {
  std::unique_lock lock(mutex_);
  if (nothingToDo())
    wake_.wait(lock, [&] { return attention_.load(); });
  else if (playing_ && std::isfinite(speed_) && run_->step() >= seek_ && !(state_wanted_ && dirty_))
    wake_.wait_until(lock, nextDue(), [&] { return attention_.load(); });
  attention_ = false;
  Inbox inbox = std::exchange(inbox_, {});
  lock.unlock();

  if (inbox.quit) return false;
  const std::lock_guard turn_lock(turn());
  for (std::size_t i = 0; i < inbox.of_run_before; ++i) inspectRun(inbox.inspections[i]);
  if (inbox.start) begin(std::move(*inbox.start));
  state_wanted_ |= inbox.state_wanted;
  if (inbox.speed) {
    speed_ = *inbox.speed;
    paced_from_ = Clock::now();
    paced_steps_ = 0;
  }
  if (inbox.play) {
    playing_ = *inbox.play;
    if (!playing_) seek_ = 0;
    paced_from_ = measured_from_ = Clock::now();
    paced_steps_ = 0;
    measured_step_ = run_ ? run_->step() : 0;
    mine_.steps_per_second = 0;
    dirty_ = true;
  }
  owed_ = playing_ ? 0 : owed_ + inbox.steps;
  if (run_) {
    const bool wants_more = (inbox.play && playing_) || inbox.steps > 0;
    if (wants_more && run_->status() == RunStatus::Completed)
      run_->setLength(run_->step() + std::max<std::int64_t>(inbox.steps, mine_.length));
    for (const auto& [name, value] : inbox.changes) {
      try {
        run_->change(name, value);
      } catch (const Error& error) {
        mine_.message = error.message();
      }
      dirty_ = changed_ = true;
    }
  }
  for (std::size_t i = inbox.of_run_before; i < inbox.inspections.size(); ++i)
    inspectRun(inbox.inspections[i]);
  return true;
}

void Runner::inspectRun(Inspection& inspection) {
  if (run_) inspection.work(*run_);
  QMetaObject::invokeMethod(this, std::move(inspection.done), Qt::QueuedConnection);
}

void Runner::begin(Start start) {
  run_.reset();
  {
    const std::lock_guard lock(history_mutex_);
    history_ = History();
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
  dirty_ = true;
  try {
    mine_.times.add(0, 0);
    run_ = std::make_unique<Run>(*start.spec, std::move(start.settings), *start.runtime);
    capture();  // the state before the first update can always be gone back to
  } catch (const Error& error) {
    mine_.status = RunStatus::Failed;
    mine_.message = error.message();
  }
}

void Runner::advance() {
  if (!run_ || run_->status() != RunStatus::Running) {
    owed_ = 0;
    return;
  }
  const std::int64_t before = run_->step();
  const std::lock_guard turn_lock(turn());
  const auto advanced = [&](const auto& limit) {
    const auto begun = Clock::now();
    run_->advance(limit);
    if (run_->step() == before) return;
    const double spent = std::chrono::duration<double>(Clock::now() - begun).count();
    mine_.times.add(run_->step(), mine_.times.seconds() + spent);
  };
  // Whoever waits for a state asks once: one further step must be enough to get it.
  const auto is_awaited = [&] {
    return attention_.load() || (state_wanted_ && run_->step() > before);
  };
  if (before < seek_) {
    advanced([&] { return is_awaited() || run_->step() >= seek_; });
  } else if (owed_ > 0) {
    advanced(std::int64_t{1});
    --owed_;
    capture();
  } else if (playing_) {
    std::int64_t quota = std::numeric_limits<std::int64_t>::max();
    if (std::isfinite(speed_)) {
      const double elapsed = std::chrono::duration<double>(Clock::now() - paced_from_).count();
      quota = static_cast<std::int64_t>(elapsed * speed_) - paced_steps_;
      // After a pause in its thread a run does not catch up more than a tenth of a second.
      quota = std::min(quota, std::max<std::int64_t>(1, static_cast<std::int64_t>(speed_ / 10)));
    }
    const std::int64_t until = quota > std::numeric_limits<std::int64_t>::max() - before
                                   ? std::numeric_limits<std::int64_t>::max()
                                   : before + quota;
    advanced([&] { return is_awaited() || run_->step() >= until; });
    paced_steps_ += run_->step() - before;
    // Slow enough for the eye: every step can be scrubbed back to.
    if (speed_ <= kSpeedOfSingleFrames && run_->step() != before) capture();
  }
  if (run_->step() != before) dirty_ = true;
  if (run_->status() != RunStatus::Running) {
    playing_ = false;
    owed_ = 0;
    dirty_ = true;
  }
  noteSpeed();
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
    const std::lock_guard lock(history_mutex_);
    history_.add(std::move(frame));
  }
  const auto ended = Clock::now();
  next_snapshot_ = ended + (ended - begun) * kSnapshotShare;
}

/// Puts the newest state into the slot and posts one notification. The heavy views are computed
/// when their share of the time allows it, or when nothing else is going on: a live change can
/// alter them without a step.
void Runner::publish() {
  if (run_) {
    const bool going_on = playing_ && run_->status() == RunStatus::Running;
    const bool due = going_on ? frame_step_ != run_->step() && Clock::now() >= next_snapshot_
                              : frame_step_ != run_->step() || changed_;
    if (due) {
      const std::lock_guard turn_lock(turn());
      capture();
      changed_ = false;
    }
    mine_.records = run_->records();
    mine_.step = run_->step();
    mine_.length = run_->settings().steps;
    mine_.status = run_->status();
    if (run_->message()) mine_.message = run_->message();
    mine_.checks = run_->checks();
    mine_.events = run_->events();
    mine_.non_finite = run_->nonFinite();
  }
  mine_.playing = playing_;
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
