// SPDX-License-Identifier: GPL-3.0-or-later
// A run as it was at one moment: what determines it, and what it gave.
#pragma once

#include "lessons/core/run.h"

namespace viva {

struct RunResult {
  /// As the run began, with the live changes that were made and the steps that were done, so that
  /// another run of these settings gives the same records.
  RunSettings settings;
  Records records;
  RunStatus status = RunStatus::Running;
};

inline RunResult resultOf(const Run& run) {
  RunResult result{run.settings(), run.records(), run.status()};
  result.settings.parameters = run.initialParameters();
  result.settings.events = run.events();
  result.settings.steps = run.step();
  return result;
}

}  // namespace viva
