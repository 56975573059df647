// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment that begins with a phase, and a cache for it: a noisy walk x += rate + noise, whose
// noise is drawn from the library's generator.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "lessons/core/phase_cache.h"
#include "tests/fakes/fake_experiment.h"

namespace viva::fakes {

/// Records `x`, `offset`. Parameters, all restart but the rate:
///
/// | name | does |
/// |---|---|
/// | rate | Real, default 0.5, live |
/// | phase | Integer, default 20: the phase's steps; they count `probe().stepped` |
/// | slices | Integer, default 0: above, `prepare` takes so many (`probe().prepared`), each of
/// which draws from the generator, and the phase has no steps | | waits_at | Integer, default -1:
/// this step, or (0) the constructor, ends only when the run is to stop |
const ExperimentSpec& phasedSpec();

RunSettings phasedSettings(std::int64_t steps,
                           const std::vector<std::pair<std::string, std::string>>& set = {});

class MemoryPhases : public PhaseCache {
 public:
  std::optional<PhaseState> find(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = states.find(key);
    return found == states.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const std::string& key, const PhaseState& state) override {
    const std::lock_guard lock(mutex_);
    states[key] = state;
  }
  /// While a run is at work.
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return states.size();
  }
  std::map<std::string, PhaseState> states;

 private:
  mutable std::mutex mutex_;
};

}  // namespace viva::fakes
