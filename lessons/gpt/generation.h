// SPDX-License-Identifier: GPL-3.0-or-later
// What a net writes after a prompt, token by token, with a cache of keys and values.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/gpt/sampling.h"
#include "lessons/nn/transformer.h"

namespace viva {

struct Written {
  std::int64_t token = 0;
  double surprise = 0;  ///< nats: -log of what the net gave it, before any filter
};

/// -log p, in nats, of each token of `text` but the first, given those before it. `text` has at
/// least two tokens and is not longer than the context.
std::vector<double> surpriseOf(const Transformer& net, const std::vector<std::int64_t>& text);

/// The logits [length, V] of `tokens` [length] read one by one, each with the cache of those
/// before it.
torch::Tensor cachedLogits(const Transformer& net, const torch::Tensor& tokens);

/// `count` tokens after `prompt`, which is not empty and not longer than the context. Where the
/// context is full, the net reads its last half again from position 0: what it learned of positions
/// ends there.
std::vector<Written> continued(const Transformer& net, std::vector<std::int64_t> prompt,
                               std::int64_t count, const SamplingFilters& filters,
                               at::Generator generator);

}  // namespace viva
