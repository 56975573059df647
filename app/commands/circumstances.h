// SPDX-License-Identifier: GPL-3.0-or-later
// Where the same numbers are promised.
#pragma once

#include "lessons/core/run_file.h"
#include "lessons/core/words.h"

namespace viva {

/// Notes on files of the user's that are other ones than those `then` was recorded with.
void tellChangedInputs(const RunFile& then, const Run& now, const Words& words);
/// A note on standard error for each circumstance of `now` that is not the recorded one.
void tellDifferences(const RunFile& then, const RunFile& now, const Words& words);

}  // namespace viva
