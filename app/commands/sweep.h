// SPDX-License-Identifier: GPL-3.0-or-later
// `viva sweep` and what it starts, `viva sweep-points`.
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/catalog.h"
#include "lessons/core/words.h"

namespace viva {

/// Computes what is missing of the sweep, gathers all of it and writes the results. Returns the
/// exit status.
int sweepCommand(const SweepRequest& request, const Catalog& catalog, const Words& words);

/// Computes points of the sweep that a folder holds: those of a part that are missing, or those
/// whose numbers come on standard input, one a line; each that is done is a line on standard
/// output. Points that fail are kept with their message; interrupted, the present one is not.
int sweepPointsCommand(const SweepPointsRequest& request, const Catalog& catalog,
                       const Words& words);

}  // namespace viva
