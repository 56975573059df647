// SPDX-License-Identifier: GPL-3.0-or-later
// `viva describe`
#pragma once

#include "app/commands/requests.h"
#include "lessons/core/catalog.h"

namespace viva {

/// Parameters, records, views and presets of an experiment, on standard output. Throws
/// RequestError.
int describeCommand(const DescribeRequest& request, const Catalog& catalog, const Words& words);

}  // namespace viva
