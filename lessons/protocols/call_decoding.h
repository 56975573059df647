// SPDX-License-Identifier: GPL-3.0-or-later
// What a net writes after requests: at every token the likeliest of those that are allowed.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/nn/transformer.h"
#include "lessons/protocols/call_grammar.h"
#include "lessons/protocols/tool_calls.h"

namespace viva {

struct DecodedCall {
  std::vector<std::int64_t> tokens;   ///< with the end, where it came
  std::vector<double> probabilities;  ///< that the net gave each, before anything was ruled out
};

/// `requests` are kRequestTokens tokens each; under `constraints`, one a request.
std::vector<DecodedCall> decodedCalls(const Transformer& net,
                                      const std::vector<std::vector<std::int64_t>>& requests,
                                      const std::vector<Constraint>& constraints);

}  // namespace viva
