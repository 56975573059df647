// SPDX-License-Identifier: GPL-3.0-or-later
// The ends of phases (ExperimentSpec::phase), kept so that the next run can begin there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/run.h"

namespace viva {

/// All that a run has become by the end of its phase.
struct PhaseState {
  std::vector<NamedArray> arrays;     ///< what Experiment::keep gave
  std::vector<std::byte> generators;  ///< Runtime::bytesOf
  std::vector<std::string> records;   ///< names, in the order of the columns
  std::vector<double> rows;           ///< steps + 1 rows of them; none where the phase has no steps
  std::vector<CheckResult> checks;    ///< so far
  std::map<std::string, std::int64_t> non_finite;
  std::optional<std::int64_t> diverged_at;
  bool operator==(const PhaseState&) const = default;
};

/// SHA-256, hex, of everything that determines the end of a phase: its recipe, the experiment and
/// its version, the values that the phase names (of a file its content), seed, build, BLAS,
/// library, device and threads. Empty where a file cannot be read: then nothing is known of it.
std::string phaseKey(const ExperimentSpec& spec, const Phase& phase, const RunSettings& settings,
                     const Runtime& runtime);

/// Kept on disk by app/phases, in memory by tests. Called by the thread of the run; several runs
/// may call at once.
class PhaseCache {
 public:
  virtual ~PhaseCache() = default;
  /// What was kept under this key, whole and undamaged; none otherwise. Does not throw.
  virtual std::optional<PhaseState> find(const std::string& key) = 0;
  /// A cache that cannot keep it does not, and says nothing: the run has what it needs.
  virtual void keep(const std::string& key, const PhaseState& state) = 0;
};

}  // namespace viva
