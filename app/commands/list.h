// SPDX-License-Identifier: GPL-3.0-or-later
// `viva list`
#pragma once

#include <nlohmann/json.hpp>

#include "app/commands/requests.h"
#include "lessons/core/catalog.h"

namespace viva {

/// What `--json` prints.
nlohmann::ordered_json listJson(const Catalog& catalog, const Words& words);
/// Lessons with their experiments and presets, on standard output.
int listCommand(const ListRequest& request, const Catalog& catalog, const Words& words);

}  // namespace viva
