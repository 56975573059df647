// SPDX-License-Identifier: GPL-3.0-or-later
// `viva replay`
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/catalog.h"

namespace viva {

/// Answers the exit status. Throws RequestError, FileError or RunError.
int replayCommand(const ReplayRequest& request, const Catalog& catalog, const Words& words);

}  // namespace viva
