// SPDX-License-Identifier: GPL-3.0-or-later
// What a head looks at, as a heat map and as arcs between tokens; and the probe in weights.pt.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"

namespace viva {

/// Rows are queries, columns keys, from 0 to 1; `weights` [queries, keys].
MatrixData attentionMatrix(const torch::Tensor& weights, const std::vector<std::string>& queries,
                           const std::vector<std::string>& keys);

/// An arc for each weight [queries, keys] of at least `least`, from the query in `from_row` to the
/// key in `to_row`; of one query only where `query` is not negative. `id` is the head's.
void addArcs(TokensData& tokens, const torch::Tensor& weights, int from_row, int to_row,
             std::int64_t query, const std::string& id, double least = 0.05);

/// [layers, heads] of ones, with 0 for the pairs in `ablated`.
torch::Tensor headGain(std::int64_t layers, std::int64_t heads, const std::string& ablated,
                       const torch::Tensor& like);

/// `probe.tokens` [length] and `probe.logits` [length, V]: what the weights beside them make of a
/// sequence, so that anyone can compute it again.
void saveProbe(WeightSink& sink, const torch::Tensor& tokens, const torch::Tensor& logits,
               const std::string& prefix = "");

}  // namespace viva
