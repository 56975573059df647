// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/run_results.h"

namespace viva {

RunResults resultsOf(const Run& run, const Runtime& runtime, std::shared_ptr<const Frame> frame,
                     double seconds, bool with_weights) {
  RunResults results{&run.spec(),
                     run.parameters(),
                     run.records(),
                     std::move(frame),
                     describeWithoutDigests(run, runtime),
                     seconds,
                     run.settings().steps,
                     run.status(),
                     run.message(),
                     run.divergedAt(),
                     run.nonFinite(),
                     run.checks(),
                     {},
                     {},
                     {},
                     run.reading()};
  if (with_weights && results.frame) results.weights = weightFiles(run, runtime);
  return results;
}

}  // namespace viva
