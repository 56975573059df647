// SPDX-License-Identifier: GPL-3.0-or-later
// How a transformer is told where a token stands: five ways, as tables.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/nn/position_kind.h"

namespace viva {

/// [length, width]: sin and cos of position / 10000^(2i/width) in columns 2i and 2i + 1 (arXiv
/// 1706.03762, section 3.5). `width` is even.
torch::Tensor sinusoidalTable(std::int64_t length, std::int64_t width);

/// The cosines and sines by which RoPE turns (arXiv 2104.09864), [2, length, width], of positions
/// `first`, `first` + 1, ...; column i and column i + width/2 are one pair (half-split, as in the
/// code of LLaMA; not interchangeable with pairs of neighbours).
torch::Tensor rotaryTable(std::int64_t length, std::int64_t width, std::int64_t first = 0);
/// x [..., length, width] turned by `table` [2, ..., length, width].
torch::Tensor rotated(const torch::Tensor& x, const torch::Tensor& table);

/// 2^(-8 (k+1) / heads) for head k (arXiv 2108.12409): 1/4 to 1/256 with four heads.
std::vector<double> alibiSlopes(std::int64_t heads);
/// What ALiBi adds to the scores: -slope |i - j|, [heads, queries, keys]. The queries are the last
/// ones of the keys.
torch::Tensor alibiBias(const std::vector<double>& slopes, std::int64_t queries, std::int64_t keys);

/// 0 where a query may look and -inf where the key comes later: [queries, keys].
torch::Tensor causalMask(std::int64_t queries, std::int64_t keys);

}  // namespace viva
