// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the user's own run file, a figure, a table, a bundle, tells the names of the files
// that the run read, and not where they lie.
#pragma once

#include "lessons/core/run_file.h"

namespace viva {

Value withoutPath(const Value& value);
RunFile withoutPaths(RunFile file);

}  // namespace viva
