// SPDX-License-Identifier: GPL-3.0-or-later
// Attention by hand: softmax(q k^T / sqrt(d) + mask) v in double, each stage kept. Without
// LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/index_list.h"
#include "lessons/core/number_rows.h"

namespace viva {

struct Masking {
  bool is_causal = false;
  std::vector<IndexPair> hidden{};  ///< a query and a key each
};

/// Everything on the way; of `queries` rows.
struct AttentionStages {
  NumberRows dots;     ///< [queries, keys]: q k
  double scale = 1;    ///< 1 / sqrt(d), or 1
  NumberRows scaled;   ///< dots scale
  NumberRows masked;   ///< -inf where a key is hidden
  NumberRows weights;  ///< rows that sum to 1; 0 throughout where every key is hidden
  NumberRows naive;    ///< the same by the formula alone: NaN where every key is hidden
  NumberRows output;   ///< [queries, columns of v]: weights v

  bool isHiddenWhole(std::int64_t query) const;
};
/// q [queries, d], k [keys, d], v [keys, ...].
AttentionStages attentionStages(const NumberRows& q, const NumberRows& k, const NumberRows& v,
                                bool is_scaled, const Masking& masking);

/// Of rows that see anything: the mean entropy in nats, and the mean of their largest weights.
double meanRowEntropy(const NumberRows& weights);
double meanLargestWeight(const NumberRows& weights);
/// Of all entries: the mean squared distance from the mean.
double varianceOf(const NumberRows& rows);

/// [rows, columns] of N(0, 1), by Box and Muller; the same for a seed on every machine.
NumberRows normalRows(std::int64_t rows, std::int64_t columns, std::uint64_t seed);

}  // namespace viva
