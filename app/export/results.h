// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that `--out` writes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/commands/requests.h"
#include "app/export/run_folder.h"
#include "lessons/core/run.h"
#include "lessons/core/words.h"

namespace viva {

/// The names of the files that a run of this experiment writes into its folder.
std::vector<std::string> resultNames(const ExperimentSpec& spec, const OutputRequest& request);

/// What the exports need of a run that is over.
struct Results {
  Run& run;
  const Runtime& runtime;
  std::shared_ptr<const Frame> frame;  ///< null when there is none: then no views are written
  double seconds = 0;
};

/// Writes them all; the folder is committed. Throws FileError, and then the folder is as before.
void writeResults(RunFolder& folder, const Results& results, const OutputRequest& request,
                  const Words& words);

}  // namespace viva
