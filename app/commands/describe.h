// SPDX-License-Identifier: GPL-3.0-or-later
// `viva describe`
#pragma once

#include <nlohmann/json.hpp>

#include "app/commands/requests.h"
#include "lessons/core/catalog.h"

namespace viva {

/// What `--json` prints.
nlohmann::ordered_json descriptionJson(const ExperimentSpec& spec, const Lesson& lesson,
                                       const Words& words);
/// Parameters, records, views and presets of an experiment, on standard output. Throws
/// RequestError.
int describeCommand(const DescribeRequest& request, const Catalog& catalog, const Words& words);

}  // namespace viva
