// SPDX-License-Identifier: GPL-3.0-or-later
// A program of the interview, a line a step.
#include "lessons/programs/programs.h"

#include <algorithm>
#include <cmath>

#include "lessons/programs/program_reference.h"
#include "lessons/programs/program_source.h"

namespace viva::programs {
namespace {

/// Where `now` differs from what was there before.
std::vector<WrittenValue> changesIn(const std::vector<Held>& before, const std::vector<Held>& now) {
  std::vector<WrittenValue> changes;
  for (std::size_t v = 0; v < now.size(); ++v) {
    const Held &old = before[v], &held = now[v];
    const auto add = [&](std::size_t place, std::optional<double> number) {
      changes.push_back({held.name, place, number});
      if (held.is_scalar) changes.back().place.reset();
    };
    const auto isSame = [](double a, double b) {
      return a == b || (std::isnan(a) && std::isnan(b));
    };
    for (std::size_t i = 0; i < held.numbers.size(); ++i)
      if (i >= old.numbers.size() || !isSame(old.numbers[i], held.numbers[i]))
        add(i, held.numbers[i]);
    for (std::size_t i = 0; i < held.texts.size(); ++i)
      if (i >= old.texts.size() || old.texts[i] != held.texts[i]) add(i, {});
  }
  return changes;
}

class Programs : public Experiment {
 public:
  Programs(const Parameters& parameters, const RunContext& context)
      : program_(programOf(parameters[kProgram])) {
    Given given = givenIn(program_.kind, parameters[kProgramInput].text);
    given.seed = context.seed;
    reference_ = referenceFor(program_.kind, given);
    mistakes_ = shownMistakes(program_.kind, context.seed);
    given.mistake = progress_.mistake = parameters[kMistake];
    walk_.emplace(program_.run(std::move(given), watch_));
    walk_->advance();  // its variables are declared
    progress_.kind = program_.kind;
    progress_.main_array = program_.main_array;
    progress_.tolerance = reference_.tolerance;
    look();
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    const int before = progress_.line;
    progress_.has_returned = !walk_->advance();
    progress_.line =
        progress_.has_returned ? lastLine(program_.kind) : static_cast<int>(walk_->place().line());
    progress_.step += 1;
    progress_.runs[progress_.line] += 1;
    if (before > 0) progress_.followed[{before, progress_.line}] += 1;
    progress_.written.clear();
    if (!progress_.has_returned) look();  // what it had is gone when it has returned
    record(recorder);
    return !progress_.has_returned;
  }

  void snapshot(Frame& frame) const override {
    showProgram(frame, progress_, mistakes_);
    frame.at<VerdictData>("verdict") = verdictOn({progress_, mistakes_});
  }

  void check(CheckSink& sink) const override {
    if (progress_.has_returned)
      sink.compare("reference", progress_.difference, progress_.tolerance);
  }

 private:
  void look() {
    auto now = watch_.look();
    if (!progress_.variables.empty()) progress_.written = changesIn(progress_.variables, now);
    progress_.variables = std::move(now);
    progress_.difference = differenceFrom(reference_, progress_.variables);
    if (program_.main_array.empty()) return;
    for (const WrittenValue& written : progress_.written)
      if (progress_.find(written.variable)->is_matrix) progress_.main_array = written.variable;
  }

  void record(Recorder& recorder) const {
    recorder.add("difference", progress_.difference);
    for (const WrittenValue& written : progress_.written)
      if (written.number) return recorder.add("written", *written.number);
  }

  const ProgramEntry& program_;
  ReferenceResult reference_;
  std::vector<MistakeShown> mistakes_;
  Watch watch_;
  std::optional<Walk> walk_;
  ProgramProgress progress_;
};

}  // namespace

const Held* ProgramProgress::find(std::string_view name) const {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [&](const Held& held) { return held.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

std::unique_ptr<Experiment> makePrograms(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<Programs>(parameters, context);
}

}  // namespace viva::programs
