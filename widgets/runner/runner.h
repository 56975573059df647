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
#include <thread>
#include <vector>

#include "lessons/core/history.h"
#include "lessons/core/run.h"
#include "lessons/core/step_times.h"

namespace viva {

/// The newest state of a run, complete in itself.
struct RunState {
  std::uint64_t generation = 0;  ///< counts the runs started; a higher one is another run
  Records records;
  std::shared_ptr<const Frame> frame;  ///< null until the first snapshot
  std::int64_t step = 0, length = 0;
  RunStatus status = RunStatus::Running;
  std::optional<Message> message;  ///< why it failed, diverged or could not start
  std::vector<CheckResult> checks;
  std::vector<Event> events;
  std::map<std::string, std::int64_t> non_finite;
  StepTimes times;              ///< seconds spent in steps, without pauses and snapshots
  double steps_per_second = 0;  ///< while playing, over about the last half second
  bool playing = false, seeking = false;
};

/// Owns the run and the thread that steps it. Everything public is for the GUI thread and returns
/// at once. Between runners, one computes at a time: the tensor library's generators are shared.
class Runner : public QObject {
  Q_OBJECT

 public:
  static constexpr double kUnlimited = std::numeric_limits<double>::infinity();

  explicit Runner(QObject* parent = nullptr);
  /// Waits for the present step to end.
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
  /// Runs `work` on the worker between two steps of the present run, also when another one is
  /// started meanwhile, then `done` on the GUI thread. For what needs the run itself: its run file,
  /// its weights, a frame of this very step.
  void inspect(std::function<void(Run&)> work, std::function<void()> done);

  /// Of the run that is inspected: for the `work` of `inspect` only.
  const StepTimes& timesOfInspected() const { return mine_.times; }

  /// Asks for the newest state; `published` follows when there is something new.
  void wantState();
  /// The run started last, whether or not its first state has been handed over.
  std::uint64_t newestGeneration() const { return generation_; }
  /// The newest state handed over.
  const RunState& state() const { return state_; }
  /// The newest kept frame of the present run at or before `step`; null when there is none.
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
    std::function<void()> done;
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
    bool quit = false;
  };

  void tell(const std::function<void(Inbox&)>& write);
  void collect();

  // On the worker.
  void work();
  bool takeInbox();
  bool nothingToDo() const;
  Clock::time_point nextDue() const;
  void begin(Start start);
  void inspectRun(Inspection& inspection);
  void advance();
  void capture();
  void publish();
  void noteSpeed();

  std::mutex mutex_;
  std::condition_variable wake_;
  Inbox inbox_;
  std::atomic<bool> attention_{false};
  std::unique_ptr<RunState> slot_;  ///< guarded by mutex_
  mutable std::mutex history_mutex_;
  History history_;
  std::uint64_t history_generation_ = 0;

  // The worker's own.
  std::unique_ptr<Run> run_;
  RunState mine_;
  bool playing_ = false, dirty_ = false, changed_ = false, state_wanted_ = false;
  std::int64_t seek_ = 0, owed_ = 0;
  double speed_ = kUnlimited;
  Clock::time_point paced_from_{}, next_snapshot_{}, measured_from_{};
  std::int64_t paced_steps_ = 0, measured_step_ = 0, frame_step_ = -1;

  // The GUI thread's own.
  RunState state_;
  std::uint64_t generation_ = 0;
  std::thread thread_;
};

}  // namespace viva
