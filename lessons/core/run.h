// SPDX-License-Identifier: GPL-3.0-or-later
// One run of one experiment: driven the same way by the window, the command line, the tests and
// the benchmarks.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/input_file.h"
#include "lessons/core/runtime.h"

namespace viva {

class PhaseCache;
struct PhaseState;

enum class RunStatus { Running, Completed, Finished, Diverged, Cancelled, Failed };
std::string_view nameOf(RunStatus status);

/// Why an exception ended a run, or whatever else was to be done.
Message reasonOf(const std::exception_ptr& exception);

/// A value that its copies share: a run's events are copied at display rate, and one of them may
/// hold two thousand points.
class SharedValue {
 public:
  SharedValue() : SharedValue(Value()) {}
  template <typename T>
  requires(std::is_constructible_v<Value, T> &&
           !std::is_same_v<std::remove_cvref_t<T>, SharedValue>) SharedValue(T&& value)
      : value_(std::make_shared<const Value>(std::forward<T>(value))) {}
  operator const Value&() const { return *value_; }
  bool operator==(const SharedValue& other) const {
    return value_ == other.value_ || *value_ == *other.value_;
  }

 private:
  std::shared_ptr<const Value> value_;
};

/// A live change: applied after `step` updates, so that update step + 1 sees it first.
struct Event {
  std::int64_t step = 0;
  std::string name;
  SharedValue value;
  bool operator==(const Event&) const = default;
};

struct RunSettings {
  Parameters parameters;
  std::uint64_t seed = 1;
  std::string device = "cpu";  ///< resolved
  int threads = 1;
  std::string preset{};
  std::int64_t steps = 0;       ///< the length asked for; 0 writes the initial state only
  std::vector<Event> events{};  ///< to be applied on the way (`--at`, a replay), in order of step
  std::size_t record_memory = 64u << 20;  ///< bytes of records kept in memory before disk
  /// Where the end of the experiment's Phase is looked for, and left for the next run. Null: it is
  /// computed. Must outlive the run.
  PhaseCache* phases = nullptr;
  /// The first step that is to be seen: a phase that ends behind it is computed.
  std::int64_t seen_from = std::numeric_limits<std::int64_t>::max();
  std::stop_token stop{};  ///< the run is to be given up, in the midst of a step too
  /// `advance` makes and prepares the experiment and writes row 0, between its interruptions; else
  /// the constructor does.
  bool in_slices = false;
};

/// The largest difference that a check has seen so far.
struct CheckResult {
  std::string id;
  double difference = 0, tolerance = 0;
  bool failed() const { return !(difference <= tolerance); }
  bool operator==(const CheckResult&) const = default;
};

class Run {
 public:
  /// Checks settings and events (RequestError), those of one step together; then, unless it is to
  /// be done in slices, makes and prepares the experiment and writes row 0. `spec` and `runtime`
  /// must outlive the run. What the experiment throws while it is made becomes Failed.
  Run(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime);
  ~Run();

  /// Looks for the end of its phase in the cache, without touching the tensor library. Called by
  /// `begin` where nobody has done it before.
  void lookUp();
  /// Makes the experiment. Called by `advance` where nobody has done it before.
  void begin();
  /// The experiment is not ready for its first update: there is no row 0 and nothing to see yet.
  bool isPreparing() const { return !is_begun_ && status_ == RunStatus::Running; }

  /// Prepares and steps until the length is reached, the run is over, or `interrupted` answers true
  /// (asked between steps, and between the slices of the preparation).
  void advance(const std::function<bool()>& interrupted);
  /// At most `count` steps, after the preparation.
  void advance(std::int64_t count);
  /// The live changes that are due after the present step are made now, not before the next update:
  /// for a run that is looked at here. A run that reaches its length does so itself.
  void applyDue();
  bool hasDue() const;
  /// Gives the cache the end of the phase, if it has been reached; takes as long as writing a file,
  /// and touches nothing of the tensor library. Without slices, `advance` does so itself.
  void storePhase();

  /// Raises or lowers the length; a completed run goes on.
  void setLength(std::int64_t steps);
  /// A live change at the present step, recorded as an event. Throws RequestError.
  void change(const std::string& name, const Value& value);
  void cancel();

  /// A new frame of the present state; null when the snapshot threw, and then the run has failed.
  std::shared_ptr<const Frame> frame();
  /// What the parameters of now show of an earlier step (Experiment::snapshotOf); null where the
  /// experiment keeps nothing of the past, or the snapshot threw.
  std::shared_ptr<const Frame> frameOf(std::int64_t step);
  void save(WeightSink& sink) const;

  const ExperimentSpec& spec() const { return spec_; }
  const RunSettings& settings() const { return settings_; }
  const Parameters& parameters() const { return settings_.parameters; }
  /// The parameters the run started with, before any event.
  const Parameters& initialParameters() const { return initial_parameters_; }
  /// The live changes applied so far.
  const std::vector<Event>& events() const { return applied_events_; }
  std::int64_t step() const { return step_; }
  RunStatus status() const { return status_; }
  bool isOver() const { return status_ != RunStatus::Running && status_ != RunStatus::Completed; }
  /// The user's files, as they were when the experiment was made of them.
  const std::vector<InputFile>& inputs() const { return inputs_; }
  /// What was read from them, for people.
  std::optional<Message> reading() const {
    return experiment_ ? experiment_->filesRead() : std::nullopt;
  }
  /// Why it failed or diverged.
  const std::optional<Message>& message() const { return message_; }
  /// What was thrown when it failed; null otherwise.
  const std::exception_ptr& failure() const { return failure_; }
  std::optional<std::int64_t> divergedAt() const { return diverged_at_; }
  /// Record -> first step at which it was not finite though it should be.
  const std::map<std::string, std::int64_t>& nonFinite() const { return non_finite_; }
  const std::vector<CheckResult>& checks() const { return checks_; }
  const Records& records() const { return table_->records(); }

 private:
  std::shared_ptr<const Frame> framed(const std::function<bool(Frame&)>& take);
  void inSlice(GeneratorState& generators, const std::function<void()>& work) const;
  void guarded(const std::function<void()>& work);
  void prepare(const std::function<bool()>& interrupted);
  void firstRow();
  void oneStep();
  bool isEndOfPhase() const;
  void reachPhase();
  bool resumePhase();
  void applyEvents();
  void endRow();
  void runChecks();

  const ExperimentSpec& spec_;
  RunSettings settings_;
  Parameters initial_parameters_;
  Runtime& runtime_;
  std::unique_ptr<GeneratorState> generators_;
  std::unique_ptr<RecordTable> table_;
  std::unique_ptr<Experiment> experiment_;
  std::vector<InputFile> inputs_;
  std::size_t next_event_ = 0;
  std::vector<Event> applied_events_;
  std::int64_t step_ = 0;
  RunStatus status_ = RunStatus::Running;
  std::optional<Message> message_;
  std::exception_ptr failure_;
  std::optional<std::int64_t> diverged_at_;
  std::map<std::string, std::int64_t> non_finite_;
  std::vector<CheckResult> checks_;

  bool is_begun_ = false, is_prepared_ = false, is_looked_up_ = false;
  std::optional<Phase> phase_;  ///< that may be found or left in the cache
  std::string phase_key_;
  std::unique_ptr<PhaseState> found_, reached_;
};

}  // namespace viva
