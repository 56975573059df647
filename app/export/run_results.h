// SPDX-License-Identifier: GPL-3.0-or-later
// What the exports need of a run, as plain data: another thread may write it while the run goes on.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/export/weights.h"
#include "lessons/core/run.h"
#include "lessons/core/run_file.h"

namespace viva {

struct RunResults {
  const ExperimentSpec* spec;
  Parameters parameters;  ///< as they are now
  Records records;
  std::shared_ptr<const Frame> frame;  ///< null when there is none: then no views are written
  RunFile file;                        ///< its digests are missing until `addDigests`
  double seconds = 0;                  ///< spent stepping
  std::int64_t steps_requested = 0;
  RunStatus status = RunStatus::Running;
  std::optional<Message> message;
  std::optional<std::int64_t> diverged_at;
  std::map<std::string, std::int64_t> non_finite;
  std::vector<CheckResult> checks;
  /// Figures by file name that the window has drawn already; empty: they are drawn when wanted.
  std::vector<std::pair<std::string, std::string>> drawn;
  std::vector<std::pair<std::string, std::string>> animations;  ///< made while it ran
  WeightFiles weights;               ///< empty when they were not wanted or there is no frame
  std::optional<Message> reading{};  ///< what was read from the user's files
};

/// Cheap, apart from the weights.
RunResults resultsOf(const Run& run, const Runtime& runtime, std::shared_ptr<const Frame> frame,
                     double seconds, bool with_weights);

}  // namespace viva
