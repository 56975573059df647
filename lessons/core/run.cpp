// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/run.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <exception>

#include "lessons/core/error.h"

namespace viva {
namespace {

/// Checks look often while a run is young and then now and then: they may cost as much as a step.
bool checksAreDue(std::int64_t step) {
  return step == 0 || std::has_single_bit(static_cast<std::uint64_t>(step)) || step % 64 == 0;
}

/// Why an exception ended a run. Torch appends a stack trace to its messages: the first line says
/// what happened.
Message reasonOf(const std::exception& exception) {
  if (const auto* error = dynamic_cast<const Error*>(&exception)) return error->message();
  const std::string text = exception.what();
  return {"error.experiment_failed", {{"reason", text.substr(0, text.find('\n'))}}};
}

}  // namespace

std::string_view nameOf(RunStatus status) {
  switch (status) {
    case RunStatus::Running:
      return "running";
    case RunStatus::Completed:
      return "completed";
    case RunStatus::Finished:
      return "finished";
    case RunStatus::Diverged:
      return "diverged";
    case RunStatus::Cancelled:
      return "cancelled";
    case RunStatus::Failed:
      return "failed";
  }
  return "";
}

/// The run's generators and thread count, in place while this lives.
class Run::Slice {
 public:
  explicit Slice(const Run& run) : run_(run) {
    run_.runtime_.enter(*run_.generators_, run_.settings_.threads);
  }
  ~Slice() { run_.runtime_.leave(*run_.generators_); }
  Slice(const Slice&) = delete;
  Slice& operator=(const Slice&) = delete;

 private:
  const Run& run_;
};

Run::Run(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime)
    : spec_(spec),
      settings_(std::move(settings)),
      initial_parameters_(settings_.parameters),
      runtime_(runtime) {
  requireValid(spec_, settings_.parameters);
  std::stable_sort(settings_.events.begin(), settings_.events.end(),
                   [](const Event& a, const Event& b) { return a.step < b.step; });
  Parameters changed = settings_.parameters;
  for (std::size_t i = 0; i < settings_.events.size(); ++i) {
    const Event& event = settings_.events[i];
    if (changed.spec(event.name).effect != Effect::Live)
      throw RequestError({"error.not_live", {{"name", event.name}}});
    changed.set(event.name, event.value);
    const bool last_of_its_step =
        i + 1 == settings_.events.size() || settings_.events[i + 1].step > event.step;
    if (last_of_its_step) requireValid(spec_, changed);
  }

  table_ =
      std::make_unique<RecordTable>(spec_.records(settings_.parameters), settings_.record_memory);
  generators_ = runtime_.seeded(settings_.seed);
  Slice slice(*this);
  guarded([&] {
    const RunContext context{settings_.seed, settings_.device, settings_.threads, settings_.preset};
    experiment_ = spec_.make(settings_.parameters, context);
    Recorder recorder(*table_);
    experiment_->initial(recorder);
    endRow();
    runChecks();
  });
  if (status_ == RunStatus::Running && settings_.steps == 0) status_ = RunStatus::Completed;
}

Run::~Run() = default;

void Run::guarded(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& exception) {
    status_ = RunStatus::Failed;
    message_ = reasonOf(exception);
    failure_ = std::current_exception();
  }
}

void Run::advance(const std::function<bool()>& interrupted) {
  if (status_ != RunStatus::Running) return;
  Slice slice(*this);
  while (status_ == RunStatus::Running && !interrupted()) guarded([&] { oneStep(); });
}

void Run::advance(std::int64_t count) {
  advance([&] { return count-- <= 0; });
}

void Run::oneStep() {
  applyEvents();
  Recorder recorder(*table_);
  const bool goes_on = experiment_->step(recorder);
  ++step_;
  endRow();
  if (checksAreDue(step_)) runChecks();
  if (status_ != RunStatus::Running) return;
  if (!goes_on)
    status_ = RunStatus::Finished;
  else if (step_ >= settings_.steps)
    status_ = RunStatus::Completed;
  if (status_ != RunStatus::Running && !checksAreDue(step_)) runChecks();
}

void Run::applyEvents() {
  bool changed = false;
  while (next_event_ < settings_.events.size() && settings_.events[next_event_].step <= step_) {
    Event event = settings_.events[next_event_++];
    event.step = step_;
    settings_.parameters.set(event.name, event.value);
    applied_events_.push_back(std::move(event));
    changed = true;
  }
  if (changed) experiment_->apply(settings_.parameters);
}

void Run::endRow() {
  const auto& specs = table_->specs();
  bool stopped_being_finite = false;
  for (std::size_t column = 0; column < specs.size(); ++column) {
    const double value = table_->current(column);
    if (std::isfinite(value) || isAbsent(value)) continue;
    if (std::isinf(value) && specs[column].may_be_infinite) continue;
    if (non_finite_.try_emplace(specs[column].name, step_).second && !diverged_at_)
      diverged_at_ = step_;
    stopped_being_finite = true;
  }
  table_->endRow();
  if (stopped_being_finite && spec_.stops_on_divergence) {
    status_ = RunStatus::Diverged;
    message_ = Message{"run.diverged", {{"record", non_finite_.begin()->first}, {"step", step_}}};
  }
}

void Run::runChecks() {
  struct Sink : CheckSink {
    std::vector<CheckResult>& results;
    explicit Sink(std::vector<CheckResult>& into) : results(into) {}
    void compare(std::string_view id, double difference, double tolerance) override {
      for (CheckResult& result : results)
        if (result.id == id) {
          result.tolerance = tolerance;
          if (!(difference <= result.difference)) result.difference = difference;
          return;
        }
      results.push_back({std::string(id), difference, tolerance});
    }
  } sink(checks_);
  experiment_->check(sink);
}

void Run::setLength(std::int64_t steps) {
  settings_.steps = steps;
  if (isOver()) return;
  status_ = step_ < steps ? RunStatus::Running : RunStatus::Completed;
}

void Run::change(const std::string& name, const Value& value) {
  const ParameterSpec& parameter = settings_.parameters.spec(name);
  if (parameter.effect != Effect::Live) throw RequestError({"error.not_live", {{"name", name}}});
  Parameters changed = settings_.parameters;
  changed.set(name, value);
  requireValid(spec_, changed);
  if (isOver()) return;
  // Behind the events that are already due, ahead of the later ones of a replay.
  const auto place = std::upper_bound(
      settings_.events.begin() + static_cast<std::ptrdiff_t>(next_event_), settings_.events.end(),
      step_, [](std::int64_t step, const Event& event) { return step < event.step; });
  settings_.events.insert(place, {step_, name, changed.value(name)});
  Slice slice(*this);
  guarded([&] { applyEvents(); });
}

void Run::cancel() {
  if (!isOver() && status_ != RunStatus::Completed) status_ = RunStatus::Cancelled;
}

std::shared_ptr<const Frame> Run::frame() {
  if (!experiment_) return nullptr;
  auto frame = std::make_shared<Frame>();
  frame->step = step_;
  // Whatever the snapshot draws from the generators, the run goes on as if it had not.
  const auto state = runtime_.seeded(settings_.seed);
  runtime_.enter(*state, settings_.threads);
  try {
    experiment_->snapshot(*frame);
    labelById(*frame, spec_.id);
  } catch (const std::exception& exception) {
    status_ = RunStatus::Failed;
    message_ = reasonOf(exception);
    failure_ = std::current_exception();
    frame = nullptr;
  }
  runtime_.leave(*state);
  return frame;
}

void Run::save(WeightSink& sink) const {
  if (!experiment_) return;
  Slice slice(*this);
  experiment_->save(sink);
}

}  // namespace viva
