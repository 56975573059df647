// SPDX-License-Identifier: GPL-3.0-or-later
// Attention by hand: softmax(q k^T / sqrt(d) + mask) v in double, each stage kept. Without
// LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lessons/core/index_list.h"
#include "lessons/core/message.h"

namespace viva {

/// Row by row; all rows have the same length.
struct NumberRows {
  std::int64_t rows = 0, columns = 0;
  std::vector<double> values;

  NumberRows() = default;
  NumberRows(std::int64_t row_count, std::int64_t column_count, double value = 0)
      : rows(row_count),
        columns(column_count),
        values(static_cast<std::size_t>(row_count * column_count), value) {}
  double& at(std::int64_t row, std::int64_t column) { return values[row * columns + column]; }
  double at(std::int64_t row, std::int64_t column) const { return values[row * columns + column]; }
};

inline constexpr std::int64_t kMostTyped = 16;  ///< rows, and columns

/// `1 0; 0.5 -1`: rows with semicolons, numbers with blanks or commas. A message names the matrix,
/// `name`, and what is wrong with it.
std::variant<NumberRows, Message> readRows(const std::string& name, const std::string& typed);

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
