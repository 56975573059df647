// SPDX-License-Identifier: GPL-3.0-or-later
// One run of one experiment: driven the same way by the window, the command line, the tests and
// the benchmarks.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/runtime.h"

namespace viva {

enum class RunStatus { Running, Completed, Finished, Diverged, Cancelled, Failed };
std::string_view nameOf(RunStatus status);

/// A live change: applied after `step` updates, so that update step + 1 sees it first.
struct Event {
  std::int64_t step = 0;
  std::string name;
  Value value;
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
};

/// The largest difference that a check has seen so far.
struct CheckResult {
  std::string id;
  double difference = 0, tolerance = 0;
  bool failed() const { return !(difference <= tolerance); }
};

class Run {
 public:
  /// Checks settings and events (RequestError), makes the experiment and writes row 0. `spec` and
  /// `runtime` must outlive the run. What the experiment throws while it is made becomes Failed.
  Run(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime);
  ~Run();

  /// Steps until the length is reached, the run is over, or `interrupted` answers true (asked
  /// between steps).
  void advance(const std::function<bool()>& interrupted);
  /// At most `count` steps.
  void advance(std::int64_t count);

  /// Raises or lowers the length; a completed run goes on.
  void setLength(std::int64_t steps);
  /// A live change at the present step, recorded as an event. Throws RequestError.
  void change(const std::string& name, const Value& value);
  void cancel();

  /// A new frame of the present state; null when the snapshot threw, and then the run has failed.
  std::shared_ptr<const Frame> frame();
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
  class Slice;
  void guarded(const std::function<void()>& work);
  void oneStep();
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
  std::size_t next_event_ = 0;
  std::vector<Event> applied_events_;
  std::int64_t step_ = 0;
  RunStatus status_ = RunStatus::Running;
  std::optional<Message> message_;
  std::exception_ptr failure_;
  std::optional<std::int64_t> diverged_at_;
  std::map<std::string, std::int64_t> non_finite_;
  std::vector<CheckResult> checks_;
};

}  // namespace viva
