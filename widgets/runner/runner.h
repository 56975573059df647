// SPDX-License-Identifier: GPL-3.0-or-later
// Training on a thread of its own, and the one slot through which its newest state is handed over.
#pragma once

#include <QObject>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "lessons/core/history.h"
#include "lessons/core/run.h"
#include "lessons/core/step_times.h"

namespace viva {

/// A live change that the run did not take.
struct Refusal {
  std::uint64_t number = 0;  ///< counts them
  std::string name;
  Value holds;  ///< the value that it has and keeps
  Message message;
};

/// The newest state of a run, complete in itself.
struct RunState {
  std::uint64_t generation = 0;  ///< counts the runs started; a higher one is another run
  Records records;
  std::shared_ptr<const Frame> frame;  ///< null until the first snapshot
  std::int64_t step = 0, length = 0;
  RunStatus status = RunStatus::Running;
  std::optional<Message> message;  ///< why it failed, diverged or could not start
  std::optional<Refusal> refusal;  ///< the last one, until something else is taken
  std::vector<CheckResult> checks;
  std::optional<Message> reading;  ///< what was read from the user's files
  std::vector<Event> events;
  std::map<std::string, std::int64_t> non_finite;
  StepTimes times;              ///< seconds spent in steps, without pauses and snapshots
  double steps_per_second = 0;  ///< while playing, over about the last half second
  bool playing = false, seeking = false;
  bool preparing = false;  ///< there is no row 0 yet, and it takes a while
};

/// Owns the run and the thread that steps it. Everything public is for the GUI thread and returns
/// at once. Between runners, one computes at a time: the tensor library's generators are shared.
/// They take turns of at most 50 ms or one step, whichever is longer.
class Runner : public QObject {
  Q_OBJECT

 public:
  static constexpr double kUnlimited = std::numeric_limits<double>::infinity();

  explicit Runner(QObject* parent = nullptr);
  /// Waits for the present step to end, whatever other runners do, or for the experiment to hear
  /// that it is to stop.
  ~Runner() override;

  /// A new run, paused at row 0 or, with `seek` above 0, at that step. `spec` and `runtime` must
  /// outlive the runner.
  void start(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime,
             std::int64_t seek = 0);
  /// Goes on; a completed run gets as many steps again.
  void play();
  void pause();
  void stepForward(std::int64_t count = 1);
  /// Steps a second, kUnlimited for as fast as it goes.
  void setSpeed(double steps_per_second);
  /// A live change, applied before the next step. What is not allowed is dropped by the run; check
  /// with problemWith first.
  void change(const std::string& name, const Value& value);
  using Done = std::function<void(const std::optional<Message>& problem)>;
  /// Runs `work` on the worker between two steps of the present run, also when another one is
  /// started meanwhile, then `done` on the GUI thread. For what needs the run itself: its run file,
  /// its weights, a frame of this very step. A run that is prepared is waited for. `problem` is why
  /// there is no run to work on (it could not start, another one was started before its row 0), or
  /// what `work` threw; unset when the work was done.
  void inspect(std::function<void(Run&)> work, Done done);
  /// The present run is given up, in the midst of a step too.
  void cancel();
  /// Of a run that nobody looks at no frames are made.
  void setWatched(bool watched);

  /// Of the run that is inspected: for the `work` of `inspect` only.
  const StepTimes& timesOfInspected() const { return mine_.times; }

  /// Asks for the newest state; `published` follows when there is something new.
  void wantState();
  /// The run started last, whether or not its first state has been handed over.
  std::uint64_t newestGeneration() const { return generation_; }
  /// The newest state handed over.
  const RunState& state() const { return state_; }
  /// The newest kept frame of the present run at or before `step`, else its first one (a run that
  /// was begun at the end of its phase); null when there is none.
  std::shared_ptr<const Frame> frameAt(std::int64_t step) const;

 Q_SIGNALS:
  void published();

 private:
  using Clock = std::chrono::steady_clock;
  struct Start {
    const ExperimentSpec* spec;
    RunSettings settings;
    Runtime* runtime;
    std::int64_t seek;
    std::uint64_t generation;
  };
  struct Inspection {
    std::function<void(Run&)> work;
    Done done;
  };
  /// What the GUI thread has asked for; guarded by mutex_.
  struct Inbox {
    std::optional<Start> start;
    std::optional<bool> play;
    std::int64_t steps = 0;
    std::optional<double> speed;
    std::vector<std::pair<std::string, Value>> changes;
    std::vector<Inspection> inspections;
    std::size_t of_run_before = 0;  ///< so many of them were asked for before `start`
    bool state_wanted = false;
  };
  enum class Urgency { CanWait, AtOnce };

  void tell(Urgency urgency, const std::function<void(Inbox&)>& write);
  void collect();

  // On the worker.
  void work();
  void giveUp(const std::exception_ptr& exception);
  bool takeInbox();
  void take(Inbox& inbox);
  void change(const std::vector<std::pair<std::string, Value>>& changes);
  bool isStepping() const;
  bool canPublish() const;
  bool canInspect() const;
  bool nothingToDo() const;
  Clock::time_point nextDue() const;
  void begin(Start start);
  void prepare();
  void answer(std::vector<Inspection>& inspections);
  void settle();
  void advance();
  void step(Clock::time_point until);
  void capture();
  void publish();
  void noteSpeed();

  std::mutex mutex_;
  std::condition_variable wake_;
  Inbox inbox_;
  /// Something is in the inbox; something in it is not to wait for the turn; this is the end.
  std::atomic<bool> attention_{false}, urgent_{false}, quit_{false};
  std::stop_source stop_;           ///< of the run started last; guarded by mutex_
  bool is_inspecting_ = false;      ///< guarded by mutex_
  std::unique_ptr<RunState> slot_;  ///< guarded by mutex_
  mutable std::mutex history_mutex_;
  History history_;
  std::uint64_t history_generation_ = 0;
  std::atomic<bool> watched_{true};

  // The worker's own.
  std::unique_ptr<Run> run_;
  RunState mine_;
  std::vector<Inspection> waiting_;
  bool playing_ = false, dirty_ = false, changed_ = false, state_wanted_ = false;
  std::int64_t seek_ = 0, owed_ = 0;
  std::uint64_t refusals_ = 0;
  double speed_ = kUnlimited;
  Clock::time_point paced_from_{}, next_snapshot_{}, measured_from_{}, begun_at_{};
  std::int64_t paced_steps_ = 0, measured_step_ = 0, frame_step_ = -1;

  // The GUI thread's own.
  RunState state_;
  std::uint64_t generation_ = 0;
  std::thread thread_;
};

}  // namespace viva
