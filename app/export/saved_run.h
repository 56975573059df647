// SPDX-License-Identifier: GPL-3.0-or-later
// Where a run can be brought back from: a run file, a figure, a bundle.
#pragma once

#include <string>

#include "lessons/core/run_file.h"

namespace viva {

/// The text of the run file that `path` is or carries, bounded in size whatever the file claims.
/// Throws FileError when it cannot be read, is damaged, carries no run, or is larger than any.
std::string readSavedRun(const std::string& path);

/// The run that was read from `saved`, a figure for example, which names the files that it read and
/// does not tell where they lie: those that are not where the run says are looked for beside it.
RunFile withFilesBeside(RunFile file, const std::string& saved);

}  // namespace viva
