// SPDX-License-Identifier: GPL-3.0-or-later
// From what was asked for on the command line to the settings of a run.
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/run.h"

namespace viva {

/// Checked; the preset comes first, the settings on top. Throws RequestError.
RunSettings settingsOf(const RunRequest& request, const ExperimentSpec& spec,
                       const Runtime& runtime);

}  // namespace viva
