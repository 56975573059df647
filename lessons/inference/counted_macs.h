// SPDX-License-Identifier: GPL-3.0-or-later
// The multiplications and additions of a pass through a transformer, counted from the tensors that
// really go through it.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/nn/transformer.h"

namespace viva {

/// One pass: the logits [V] of the last of `tokens` [n], and what it took.
struct CountedPass {
  torch::Tensor logits;
  std::int64_t macs = 0;
};
/// Of the products of matrices alone; norms, softmax and GELU are not counted. The head reads the
/// last token only. With a `cache` the tokens follow what is in it, and join it.
CountedPass countedPass(const Transformer& net, const torch::Tensor& tokens, KeyValueCache* cache);

/// The same number by a formula: L (4 d^2 + 2 d hidden) q + 2 L q k d + d V for q queries and k
/// keys.
std::int64_t macsByFormula(const TransformerShape& shape, std::int64_t queries, std::int64_t keys);

}  // namespace viva
