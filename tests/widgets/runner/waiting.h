// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QSignalSpy>

#include "tests/fakes/fake_experiment.h"
#include "widgets/runner/runner.h"

namespace viva::fakes {

inline RunSettings settings(std::int64_t steps,
                            const std::vector<std::pair<std::string, std::string>>& set = {}) {
  RunSettings made{fakeParameters(set)};
  made.steps = steps;
  return made;
}

/// Asks for states, as a display does, until one pleases.
template <typename Condition>
bool waitFor(Runner& runner, Condition pleases) {
  QSignalSpy published(&runner, &Runner::published);
  QElapsedTimer elapsed;
  elapsed.start();
  while (elapsed.elapsed() < 20000) {
    if (runner.state().generation == runner.newestGeneration() && pleases(runner.state()))
      return true;
    runner.wantState();
    published.wait(1000);
  }
  return false;
}

inline bool isOver(const RunState& state) { return state.status != RunStatus::Running; }

}  // namespace viva::fakes
