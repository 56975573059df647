// SPDX-License-Identifier: GPL-3.0-or-later
// What the tools take and answer, as JSON Schema. The names are an interface: docs/agents.md.
#pragma once

#include "lessons/core/words.h"
#include "protocol/json_rpc.h"

namespace viva {

OrderedJson noArgumentsSchema();
OrderedJson describeArgumentsSchema(const Words& words);
OrderedJson runArgumentsSchema(const Words& words);
OrderedJson compareArgumentsSchema(const Words& words);
OrderedJson searchArgumentsSchema(const Words& words);

OrderedJson lessonsSchema();
OrderedJson descriptionSchema();
OrderedJson runSchema();
OrderedJson comparisonSchema();
OrderedJson foundSchema();

/// How many places the search answers at most.
inline constexpr std::size_t kMostFound = 50;

}  // namespace viva
