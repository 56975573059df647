// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/run.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <exception>
#include <utility>

#include "lessons/core/error.h"
#include "lessons/core/phase_cache.h"

namespace viva {
namespace {

/// Checks look often while a run is young and then now and then: they may cost as much as a step.
bool checksAreDue(std::int64_t step) {
  return step == 0 || std::has_single_bit(static_cast<std::uint64_t>(step)) || step % 64 == 0;
}

}  // namespace

Message reasonOf(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return error.message();
  } catch (const std::exception& error) {
    // Torch appends a stack trace to its messages: the first line says what happened.
    const std::string text = error.what();
    return {"error.experiment_failed", {{"reason", text.substr(0, text.find('\n'))}}};
  } catch (...) {
    return {"error.experiment_failed", {{"reason", Word{"error.unknown_exception"}}}};
  }
}

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

/// With the run's generators and thread count in place.
void Run::inSlice(GeneratorState& generators, const std::function<void()>& work) const {
  runtime_.enter(generators, settings_.threads);
  try {
    work();
  } catch (...) {
    const std::exception_ptr first = std::current_exception();
    try {
      runtime_.leave(generators);
    } catch (...) {
      // What went wrong first is what is said.
    }
    std::rethrow_exception(first);
  }
  runtime_.leave(generators);
}

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
  if (settings_.in_slices) return;
  begin();
  prepare([] { return false; });
  storePhase();
}

Run::~Run() = default;

void Run::guarded(const std::function<void()>& work) {
  try {
    work();
  } catch (const Stopped&) {
    status_ = RunStatus::Cancelled;
  } catch (...) {
    status_ = RunStatus::Failed;
    failure_ = std::current_exception();
    message_ = reasonOf(failure_);
  }
}

void Run::lookUp() {
  if (std::exchange(is_looked_up_, true) || !spec_.phase || !settings_.phases) return;
  try {
    phase_ = spec_.phase(settings_.parameters);
    // A live change inside the phase is none of what the key tells of.
    if (phase_ && !settings_.events.empty() && settings_.events.front().step < phase_->steps)
      phase_.reset();
    if (!phase_) return;
    phase_key_ = phaseKey(spec_, *phase_, settings_, runtime_);
    if (phase_key_.empty()) phase_.reset();
    if (!phase_ || phase_->steps > std::min(settings_.steps, settings_.seen_from)) return;
    auto found = settings_.phases->find(phase_key_);
    if (!found) return;
    std::vector<std::string> names;
    if (phase_->steps > 0)
      for (const RecordSpec& record : table_->specs()) names.push_back(record.name);
    const std::size_t rows = phase_->steps > 0 ? static_cast<std::size_t>(phase_->steps) + 1 : 0;
    if (found->records != names || found->rows.size() != rows * names.size()) return;
    found_ = std::make_unique<PhaseState>(std::move(*found));
  } catch (...) {
    // Without the cache the run is what it is with it, only later.
    phase_.reset();
  }
}

void Run::begin() {
  if (experiment_ || status_ != RunStatus::Running) return;
  lookUp();
  const auto make = [&] {
    const RunContext context{settings_.seed, settings_.device, settings_.threads, settings_.preset,
                             settings_.stop};
    inSlice(*generators_, [&] { experiment_ = spec_.make(settings_.parameters, context); });
  };
  guarded([&] {
    inputs_ = inputFilesOf(settings_.parameters, settings_.stop);
    make();
    if (!found_ || resumePhase()) return;
    experiment_.reset();
    generators_ = runtime_.seeded(settings_.seed);
    make();
  });
  if (status_ == RunStatus::Completed) applyDue();
}

/// False: what was found is of no use, and the experiment may be half resumed.
bool Run::resumePhase() {
  const std::unique_ptr<PhaseState> found = std::move(found_);
  try {
    inSlice(*generators_, [&] { experiment_->resume(found->arrays); });
    generators_ = runtime_.restored(settings_.seed, found->generators);
  } catch (const Stopped&) {
    throw;
  } catch (...) {
    return false;
  }
  is_prepared_ = true;
  if (phase_->steps > 0) {
    const std::size_t columns = table_->specs().size();
    for (std::int64_t row = 0; row <= phase_->steps; ++row) {
      for (std::size_t column = 0; column < columns; ++column)
        table_->set(column, found->rows[static_cast<std::size_t>(row) * columns + column]);
      table_->endRow();
    }
    step_ = phase_->steps;
    checks_ = found->checks;
    non_finite_ = found->non_finite;
    diverged_at_ = found->diverged_at;
    is_begun_ = true;
    if (step_ >= settings_.steps) status_ = RunStatus::Completed;
  }
  phase_.reset();  // there is nothing to keep
  return true;
}

void Run::prepare(const std::function<bool()>& interrupted) {
  if (!isPreparing()) return;
  if (!is_prepared_) {
    guarded([&] {
      inSlice(*generators_, [&] {
        while (!is_prepared_ && !interrupted()) {
          stopIfAsked(settings_.stop);
          is_prepared_ = !experiment_->prepare();
        }
      });
    });
    if (!is_prepared_ || !isPreparing()) return;
    if (isEndOfPhase()) reachPhase();
  }
  guarded([&] { inSlice(*generators_, [&] { firstRow(); }); });
  if (is_begun_ && status_ == RunStatus::Completed) applyDue();
}

void Run::firstRow() {
  Recorder recorder(*table_);
  experiment_->initial(recorder);
  endRow();
  runChecks();
  is_begun_ = true;
  if (status_ == RunStatus::Running && settings_.steps == 0) status_ = RunStatus::Completed;
}

void Run::advance(const std::function<bool()>& interrupted) {
  begin();
  prepare(interrupted);
  while (is_begun_ && status_ == RunStatus::Running) {
    bool at_phase_end = false, is_interrupted = false;
    guarded([&] {
      inSlice(*generators_, [&] {
        while (status_ == RunStatus::Running && !at_phase_end) {
          stopIfAsked(settings_.stop);
          if ((is_interrupted = interrupted())) return;
          oneStep();
          at_phase_end = isEndOfPhase();
        }
      });
    });
    if (at_phase_end) reachPhase();
    if (is_interrupted) break;
  }
  if (status_ == RunStatus::Completed) applyDue();
  if (!settings_.in_slices) storePhase();
}

void Run::advance(std::int64_t count) {
  advance([&] { return is_begun_ && count-- <= 0; });
}

bool Run::isEndOfPhase() const {
  return phase_ && !phase_key_.empty() && step_ == phase_->steps && applied_events_.empty() &&
         !isOver();
}

/// Takes down what the phase leaves behind. It is the run's own business only: what goes wrong here
/// costs the next run its time, and nothing else.
void Run::reachPhase() {
  auto state = std::make_unique<PhaseState>();
  struct Sink : WeightSink {
    std::vector<NamedArray>& arrays;
    explicit Sink(std::vector<NamedArray>& into) : arrays(into) {}
    void add(NamedArray array) override { arrays.push_back(std::move(array)); }
  } sink(state->arrays);
  try {
    const auto aside = runtime_.restored(settings_.seed, runtime_.bytesOf(*generators_));
    inSlice(*aside, [&] { experiment_->keep(sink); });
    state->generators = runtime_.bytesOf(*generators_);
    if (phase_->steps > 0) {
      const Records& records = table_->records();
      state->records = records.names();
      state->rows.reserve(static_cast<std::size_t>(records.rows()) * records.names().size());
      for (std::int64_t row = 0; row < records.rows(); ++row)
        for (std::size_t column = 0; column < records.names().size(); ++column)
          state->rows.push_back(records.at(row, column));
      state->checks = checks_;
      state->non_finite = non_finite_;
      state->diverged_at = diverged_at_;
    }
    reached_ = std::move(state);
  } catch (...) {
    reached_.reset();
  }
  phase_.reset();
}

void Run::storePhase() {
  const std::unique_ptr<PhaseState> reached = std::move(reached_);
  if (reached) settings_.phases->keep(phase_key_, *reached);
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

bool Run::hasDue() const {
  return is_begun_ && !isOver() && next_event_ < settings_.events.size() &&
         settings_.events[next_event_].step <= step_;
}

void Run::applyDue() {
  if (!hasDue()) return;
  guarded([&] { inSlice(*generators_, [&] { applyEvents(); }); });
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
  if (isOver() || isPreparing()) return;
  status_ = step_ < steps ? RunStatus::Running : RunStatus::Completed;
}

void Run::change(const std::string& name, const Value& value) {
  const ParameterSpec& parameter = settings_.parameters.spec(name);
  if (parameter.effect != Effect::Live) throw RequestError({"error.not_live", {{"name", name}}});
  Parameters changed = settings_.parameters;
  // The changes that are due come first, and this one is judged with them.
  for (std::size_t i = next_event_;
       i < settings_.events.size() && settings_.events[i].step <= step_; ++i)
    changed.set(settings_.events[i].name, settings_.events[i].value);
  changed.set(name, value);
  requireValid(spec_, changed);
  if (isOver()) return;
  // Behind the events that are already due, ahead of the later ones of a replay.
  const auto place = std::upper_bound(
      settings_.events.begin() + static_cast<std::ptrdiff_t>(next_event_), settings_.events.end(),
      step_, [](std::int64_t step, const Event& event) { return step < event.step; });
  settings_.events.insert(place, {step_, name, changed.value(name)});
  applyDue();
}

void Run::cancel() {
  if (!isOver() && status_ != RunStatus::Completed) status_ = RunStatus::Cancelled;
}

std::shared_ptr<const Frame> Run::frame() {
  return framed([this](Frame& frame) {
    experiment_->snapshot(frame);
    return true;
  });
}

std::shared_ptr<const Frame> Run::frameOf(std::int64_t step) {
  return framed([&](Frame& frame) { return experiment_->snapshotOf(step, frame); });
}

/// Null where `take` answers false or throws.
std::shared_ptr<const Frame> Run::framed(const std::function<bool(Frame&)>& take) {
  if (!is_begun_) return nullptr;
  auto frame = std::make_shared<Frame>();
  frame->step = step_;
  guarded([&] {
    try {
      // Whatever the snapshot draws from the generators, the run goes on as if it had not.
      const auto state = runtime_.seeded(settings_.seed);
      inSlice(*state, [&] {
        if (take(*frame))
          labelById(*frame, spec_.id);
        else
          frame = nullptr;
      });
    } catch (...) {
      frame = nullptr;
      throw;
    }
  });
  return frame;
}

void Run::save(WeightSink& sink) const {
  if (!is_begun_) return;
  inSlice(*generators_, [&] { experiment_->save(sink); });
}

}  // namespace viva
