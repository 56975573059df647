// SPDX-License-Identifier: GPL-3.0-or-later
// What `run` and `replay` share: stepping a run to its end and writing what came out.
#pragma once

#include <functional>

#include "app/commands/console.h"
#include "app/commands/requests.h"
#include "app/export/animations.h"
#include "app/export/run_folder.h"
#include "lessons/core/catalog.h"
#include "lessons/core/run.h"

namespace viva {

/// Where the records go while a run goes on.
enum class LiveRecords { None, StandardOutput };

struct Execution {
  double seconds = 0;  ///< spent stepping
  bool interrupted = false;
  std::shared_ptr<const Frame> frame;  ///< the views at the end; null when the run failed
};

/// Told of the run ten times a second, while it is prepared too; answers whether it goes on.
using Watch = std::function<bool(const Run&)>;

/// Steps `run` until it is over or interrupted, with a progress bar, and captures the frames of
/// `animations`.
Execution execute(Run& run, LiveRecords live, Animations& animations, const OutputRequest& request,
                  const Words& words, const Watch& watch = {});

/// That `check` failed, and by how much.
Message failedCheckNote(const CheckResult& check, const ExperimentSpec& spec, const Words& words);

/// Notes on how it ended: divergence, failed checks, verdicts, failure.
void report(const Run& run, const Execution& execution, bool quiet, const Words& words);

/// The exit status that a run which was executed and written earns.
int exitStatusOf(const Run& run, const Execution& execution);

/// A run that failed before its first row was begun wrongly (a file of data that cannot be read):
/// its error is thrown again, so that it counts as what it is.
void requireStarted(const Run& run);

/// Refuses what this build cannot export, and views that there are not, before anything is
/// computed.
void requireExports(const OutputRequest& request, const ExperimentSpec& spec);

}  // namespace viva
