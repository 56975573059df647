// SPDX-License-Identifier: GPL-3.0-or-later
// The part of JSON Schema 2020-12 that describes the arguments and results of tools: `type` (one or
// several), `properties`, `required`, `additionalProperties`, `items`, `enum`, `minimum`,
// `maximum`, `minLength`, `minItems`, `maxItems`. No references, no composition.
#pragma once

#include <optional>
#include <string>

#include "protocol/json_rpc.h"

namespace viva {

/// The first thing that is wrong with a value.
struct SchemaProblem {
  enum class Rule { Type, Missing, Unknown, Choice, Range, Length };
  Rule rule = Rule::Type;
  std::string path;     ///< `a.steps`, `views[2]`; empty: the value itself
  std::string allowed;  ///< `integer`, `0 … 100`, names joined by ", "
};

std::optional<SchemaProblem> problemIn(const Json& value, const OrderedJson& schema);

}  // namespace viva
