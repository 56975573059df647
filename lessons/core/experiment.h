// SPDX-License-Identifier: GPL-3.0-or-later
// The one interface between a lesson and everything else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/core/parameter.h"
#include "lessons/core/records.h"
#include "lessons/core/view.h"

namespace viva {

/// An array on its way out of the Qt- and Torch-free part: a named weight.
struct NamedArray {
  enum class Type { Float32, Float64, Int64 };
  std::string name;
  Type type = Type::Float32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;  ///< row-major, little-endian
  bool operator==(const NamedArray&) const = default;
};

/// Receives the named tensors of weights.pt.
class WeightSink {
 public:
  virtual ~WeightSink() = default;
  virtual void add(NamedArray array) = 0;
};

/// Receives comparisons of what the experiment computes with an independent way to get it.
class CheckSink {
 public:
  virtual ~CheckSink() = default;
  /// `difference` above `tolerance`, or not finite, fails. The name of the check is the word
  /// `check.<id>` of the experiment.
  virtual void compare(std::string_view id, double difference, double tolerance) = 0;
};

/// What a run gives its experiment besides the parameters.
struct RunContext {
  std::uint64_t seed = 1;
  std::string device = "cpu";  ///< `cpu`, `cuda:0`: what Runtime::resolveDevice answered
  int threads = 1;
  std::string preset;  ///< the claim to be judged by the verdict; empty for none
  /// Asked by work that is longer than a step: the run is to be given up (stopIfAsked).
  std::stop_token stop{};
};

/// Thrown out of an experiment by stopIfAsked; the run is then Cancelled.
struct Stopped {};
inline void stopIfAsked(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Stopped{};
}

/// Something that learns, one update at a time. Driven by a Run, always from one thread at a time.
class Experiment {
 public:
  virtual ~Experiment() = default;
  /// Live parameters changed; called between steps.
  virtual void apply(const Parameters&) {}
  /// One update of the thing that learns. False: finished, there is no further step.
  virtual bool step(Recorder&) = 0;
  /// Row 0: quantities of the state before the first update.
  virtual void initial(Recorder&) {}
  /// The heavy views; called only when somebody looks, and must not change the run.
  virtual void snapshot(Frame&) const = 0;
  /// Those views of the state at `step` that show it with the parameters of now: a digit drawn
  /// today, read by weights of the past. `frame.step` becomes the step that was kept. False: the
  /// experiment keeps nothing of the past.
  virtual bool snapshotOf(std::int64_t /*step*/, Frame& /*frame*/) const { return false; }
  virtual void save(WeightSink&) const {}
  virtual void check(CheckSink&) const {}
  /// What was read from files of the user's, for people: which column is predicted.
  virtual std::optional<Message> filesRead() const { return {}; }

  /// Work before row 0 that adds no steps (a teacher, a judge), in slices of about a step each.
  /// False: it is done. Called before `initial`.
  virtual bool prepare() { return false; }
  /// What the Phase leaves behind: all that the updates after it depend on, besides the library's
  /// generators. `resume` puts it back into an experiment that has just been made, bit for bit.
  virtual void keep(WeightSink&) const {}
  virtual void resume(const std::vector<NamedArray>&) {}
};

/// The beginning of a run whose end state is worth keeping: a pre-training, or what `prepare` does.
struct Phase {
  std::string recipe;      ///< what is computed, and its version: `teacher/1`
  std::int64_t steps = 0;  ///< the updates of the run that it takes; 0: it is what `prepare` does
  std::vector<std::string> parameters;  ///< those whose values determine it
};

/// A named set of settings that demonstrates one claim of the lesson's notes. Its title and claim
/// are the words `preset.<name>` and `preset_claim.<name>` of the experiment, the sentence of its
/// verdict is `verdict.<name>`.
struct Preset {
  std::string name;
  std::vector<std::pair<std::string, std::string>> settings{};  ///< as `--set` writes them
  std::int64_t steps = 0;                                       ///< run length; 0: the experiment's
  /// The views that the claim is seen in, the hero first, then at most two companions; lines of the
  /// kind Verdict may be named besides.
  std::vector<std::string> views{};
  /// At which the claim shows already, for tests that have no time; 0: at its length only.
  std::int64_t quick_steps = 0;
  bool is_heavy = false;
  /// The curves that the claim is about, by id; the others are drawn pale until they are asked for.
  /// Empty: all of them.
  std::vector<std::string> strong{};

  Preset&& with(std::vector<std::pair<std::string, std::string>> values) &&;
  Preset&& lasting(std::int64_t length) &&;
  Preset&& quick(std::int64_t length) &&;
  /// More than five seconds of computing even at its quick length: held by `./dev claims` only.
  Preset&& heavy() &&;
  /// The view that shows the claim, and its companions.
  Preset&& showing(std::string hero, std::vector<std::string> companions = {}) &&;
  Preset&& about(std::vector<std::string> curves) &&;
};

/// `preset("copy-20").with({{"task", "copy"}}).lasting(2000).showing("loss", {"gates"})`.
Preset preset(std::string name);

/// That a preset has a claim, and how long it takes to be judged (lessons/core/claim.h).
struct ClaimSpec {
  std::string preset;
  std::int64_t patience = 0;  ///< steps
};

struct ExperimentSpec {
  std::string id;   ///< `optimizer-race`, also the command-line name
  int version = 1;  ///< raised when the same parameters give other numbers than before
  /// Where only some runs got other numbers: the version that these parameters have theirs from, at
  /// most `version`. Null: it is `version` for all.
  int (*version_of)(const Parameters&) = nullptr;
  std::vector<ParameterSpec> parameters;
  /// Depth or switches decide which records exist.
  std::vector<RecordSpec> (*records)(const Parameters&) = nullptr;
  /// What ranges cannot say: a stack that does not fit, p and q of unequal length.
  std::optional<Message> (*validate)(const Parameters&) = nullptr;
  /// Whether these parameters use the seed at all.
  bool (*uses_randomness)(const Parameters&) = nullptr;
  std::vector<ViewSpec> views;
  std::vector<std::string> checks;  ///< the ids that check() reports
  std::vector<Preset> presets;      ///< the first one is what the window opens with
  std::vector<ClaimSpec> claims;    ///< claimsOf(...): one a preset
  /// The phase that a run with these parameters begins with, if any.
  std::optional<Phase> (*phase)(const Parameters&) = nullptr;
  std::int64_t default_steps = 1000;
  bool stops_on_divergence = false;  ///< a record that stops being finite ends the run
  std::vector<std::string> sources;  ///< files of the Code tab, relative to the project; loop first
  std::string equivalent;            ///< the PyTorch program, relative to the project
  std::unique_ptr<Experiment> (*make)(const Parameters&, const RunContext&) = nullptr;

  const Preset* findPreset(std::string_view name) const;
  /// Defaults, then the preset's settings. Throws RequestError for an unknown preset.
  Parameters parametersOf(std::string_view preset) const;
  int versionOf(const Parameters& values) const {
    return version_of ? version_of(values) : version;
  }
};

/// `spec.make = makes<ModeSeeking>`, where the class is known.
template <typename X>
std::unique_ptr<Experiment> makes(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<X>(parameters, context);
}

/// Throws RequestError when `parameters` cannot make an experiment (validate).
void requireValid(const ExperimentSpec& spec, const Parameters& parameters);

}  // namespace viva
