// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that `--out` writes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/export/animations.h"
#include "app/export/export_request.h"
#include "app/export/run_folder.h"
#include "app/export/run_results.h"
#include "lessons/core/words.h"

namespace viva {

/// Without `--export`, records.csv.
std::vector<Export> exportsOf(const OutputRequest& request);
bool wantsWeights(const OutputRequest& request);

/// The names of the files that a run of this experiment writes into its folder.
std::vector<std::string> resultNames(const ExperimentSpec& spec, const OutputRequest& request);

/// Takes a file by name: into a folder, into a zip.
using TakeFile =
    std::function<void(const std::string& name, const std::function<void(FileWriter&)>& fill)>;

/// Writes what `exports` names, `run_file` as run.viva and at last summary.json. `results` has its
/// digests.
void writeFiles(const RunResults& results, const std::string& run_file,
                const std::vector<Export>& exports, const PictureRequest& picture,
                const Words& words, const TakeFile& take);

/// Writes them all; the folder is committed. Throws FileError, and then the folder is as before.
void writeResults(RunFolder& folder, RunResults results, Animations& animations,
                  const OutputRequest& request, const Words& words);

}  // namespace viva
