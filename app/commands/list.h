// SPDX-License-Identifier: GPL-3.0-or-later
// `viva list`
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/catalog.h"

namespace viva {

/// Lessons with their experiments and presets, on standard output.
int listCommand(const ListRequest& request, const Catalog& catalog, const Words& words);

}  // namespace viva
