// SPDX-License-Identifier: GPL-3.0-or-later
// The checks of attention-lab: the net against its formulas, written out in float64, and what
// without positions must be true exactly.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/transformer.h"

namespace viva {

/// What a copy makes of one sequence, by softmax(q k^T / sqrt(d) + mask) v and the rest of the
/// block written out in float64, a head and a layer at a time.
struct WrittenOut {
  std::vector<torch::Tensor> weights;  ///< [heads, length, length], a layer each
  torch::Tensor logits;                ///< [length, V]
};
/// `tokens` [1, length].
WrittenOut writtenOut(const Transformer& net, const torch::Tensor& tokens, std::int64_t copy = 0);

/// `written-out`: attention weights and logits of the net against WrittenOut.
void checkWrittenOut(const Transformer& net, const torch::Tensor& tokens, CheckSink& sink,
                     std::int64_t copy = 0);

/// `permutation`: the blocks of copy 0 without positions and without a mask, in float64: tokens in
/// another order give the same outputs in that order.
void checkPermutation(const Transformer& net, const torch::Tensor& tokens,
                      const torch::Tensor& order, CheckSink& sink);

}  // namespace viva
