// SPDX-License-Identifier: GPL-3.0-or-later
// `viva replay`
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/catalog.h"

namespace viva {

/// The text of a run file. Throws FileError when it cannot be read or is larger than any run file.
std::string readRunFile(const std::string& path);

/// Answers the exit status. Throws RequestError, FileError or RunError.
int replayCommand(const ReplayRequest& request, const Catalog& catalog, const Words& words);

}  // namespace viva
