// SPDX-License-Identifier: GPL-3.0-or-later
// Where a run can be brought back from: a run file, a figure, a bundle.
#pragma once

#include <string>

namespace viva {

/// The text of the run file that `path` is or carries, bounded in size whatever the file claims.
/// Throws FileError when it cannot be read, is damaged, carries no run, or is larger than any.
std::string readSavedRun(const std::string& path);

}  // namespace viva
