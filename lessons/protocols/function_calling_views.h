// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `function-calling`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/protocols/call_decoding.h"
#include "lessons/protocols/function_calling.h"

namespace viva {

struct ShownRequest {
  std::string text;
  std::vector<std::int64_t> tokens;
  std::string expected;  ///< the call that is asked for; empty where somebody typed the request
};

/// `written`: what the net writes for it in each way; `exchange`: what the application does with
/// the free text. `calls`: one a way.
void showRequest(Frame& frame, const ShownRequest& shown, const std::vector<DecodedCall>& calls);

/// `scores`, `unseen`.
void showScores(Frame& frame, const CallState& state);

}  // namespace viva
