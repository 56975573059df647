// SPDX-License-Identifier: GPL-3.0-or-later
// The one interface between a lesson and everything else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
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
};

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
  virtual void save(WeightSink&) const {}
  virtual void check(CheckSink&) const {}
};

/// A named set of settings that demonstrates one claim of the lesson's notes. Its title and claim
/// are the words `preset.<name>` and `preset.<name>.claim` of the experiment.
struct Preset {
  std::string name;
  std::vector<std::pair<std::string, std::string>> settings;  ///< as `--set` writes them
  std::int64_t steps = 0;                                     ///< run length; 0: the experiment's
  /// The views that the claim is seen in, shown at first; empty: all that are not Room::Small.
  std::vector<std::string> views{};
};

struct ExperimentSpec {
  std::string id;   ///< `optimizer-race`, also the command-line name
  int version = 1;  ///< raised when the same parameters give other numbers than before
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
  std::int64_t default_steps = 1000;
  bool stops_on_divergence = false;  ///< a record that stops being finite ends the run
  std::vector<std::string> sources;  ///< files of the Code tab, relative to the project; loop first
  std::string equivalent;            ///< the PyTorch program, relative to the project
  std::unique_ptr<Experiment> (*make)(const Parameters&, const RunContext&) = nullptr;

  const Preset* findPreset(std::string_view name) const;
  /// Defaults, then the preset's settings. Throws RequestError for an unknown preset.
  Parameters parametersOf(std::string_view preset) const;
};

/// Throws RequestError when `parameters` cannot make an experiment (validate).
void requireValid(const ExperimentSpec& spec, const Parameters& parameters);

}  // namespace viva
