// SPDX-License-Identifier: GPL-3.0-or-later
// views.json: what every view shows at the end of a run, as data. The schema is docs/formats.md.
#pragma once

#include "app/export/file_writer.h"
#include "lessons/core/experiment.h"
#include "lessons/core/words.h"

namespace viva {

/// Raised when a reader of the present schema would misread the file.
inline constexpr int kViewsVersion = 1;

/// Views that have nothing to show are written with their kind, title and axes only.
void writeViewsJson(FileWriter& file, const ExperimentSpec& spec, const Records& records,
                    const Frame& frame, const Words& words);

}  // namespace viva
