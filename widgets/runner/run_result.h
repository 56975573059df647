// SPDX-License-Identifier: GPL-3.0-or-later
// A run as it was at one moment: what determines it, and what it gave.
#pragma once

#include "lessons/core/run.h"
#include "lessons/core/step_times.h"

namespace viva {

struct RunResult {
  /// As the run began, with the live changes that were made and the steps that were done, so that
  /// another run of these settings gives the same records.
  RunSettings settings;
  Records records;
  RunStatus status = RunStatus::Running;
  StepTimes times{};  ///< empty: not known
};

inline RunResult resultOf(const Run& run, const StepTimes& times = {}) {
  RunResult result{run.settings(), run.records(), run.status(), times};
  result.settings.parameters = run.initialParameters();
  result.settings.events = run.events();
  result.settings.steps = run.step();
  // How it was run is no part of it: its stop token may have been used.
  result.settings.stop = {};
  result.settings.in_slices = false;
  result.settings.phases = nullptr;
  return result;
}

}  // namespace viva
