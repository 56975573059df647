// SPDX-License-Identifier: GPL-3.0-or-later
// In the place of a language model: a fixed rule behind the request and the answer of a chat API
// with function calling (the form of OpenAI's Chat Completions). It reads and writes text and does
// nothing else; no net is in it.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/json_rpc.h"

namespace viva {

/// What the user wants: a run of `mode-seeking`.
struct TraceTask {
  std::uint64_t seed = 1;
  std::int64_t steps = 20;
  double start_mean = 0;       ///< where both fits begin
  std::int64_t first_try = 0;  ///< the steps that the model asks for at first; 0: those above

  /// `run mode-seeking with start_mean=0.7, seed 3, 20 steps`
  std::string sentence() const;
  OrderedJson arguments(bool is_first = false) const;  ///< of the tool `run_experiment`
};
/// Drawn with the seed.
TraceTask traceTask(std::uint64_t seed, std::int64_t steps);

/// The body of a request: the conversation so far and the tools that there are.
OrderedJson chatRequest(const OrderedJson& messages, const OrderedJson& tools);
/// What the model answers: a call where the last word is the user's or a failure that is worth
/// another try, a sentence where it is a result. Throws std::invalid_argument for a call without
/// its answer.
OrderedJson chatAnswer(const OrderedJson& request, const TraceTask& task);

}  // namespace viva
