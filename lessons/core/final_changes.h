// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "lessons/core/run.h"

namespace viva {

/// Takes the live changes that no update follows out of `settings`: stepping would never come to
/// them. Those after the end are dropped.
std::vector<Event> takeFinalChanges(RunSettings& settings);

}  // namespace viva
