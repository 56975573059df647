// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and values that several query heads share (arXiv 2305.13245), and how they are kept.
#pragma once

#include <cstdint>

#include "lessons/nn/transformer.h"

namespace viva {

/// Gives the query heads of each of `kv_heads` groups the mean of their key and value weights.
void shareKeyHeads(Transformer& net, std::int64_t kv_heads);

/// The cache with one head of each group, in memory of its own; all heads of a group must be equal.
KeyValueCache oneOfEachGroup(const KeyValueCache& cache, std::int64_t kv_heads);
/// The cache that `heads` query heads read.
KeyValueCache forAllHeads(const KeyValueCache& cache, std::int64_t heads);

/// The memory of keys and values.
std::int64_t cacheBytes(const KeyValueCache& cache);
/// 2 layers kv_heads (width / heads) numbers a token.
std::int64_t cacheBytesPerToken(std::int64_t layers, std::int64_t kv_heads, std::int64_t head_width,
                                std::int64_t bytes_per_number);

/// The first `length` tokens of it.
KeyValueCache firstOf(const KeyValueCache& cache, std::int64_t length);

}  // namespace viva
