// SPDX-License-Identifier: GPL-3.0-or-later
// softmax(q k^T scale + bias) v (arXiv 1706.03762), for several nets and all heads at once.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace viva {

/// Everything on the way, [copies, batch, heads, ...] each.
struct Attended {
  torch::Tensor q;        ///< [..., queries, head width], turned where positions turn it
  torch::Tensor k, v;     ///< [..., keys, head width]
  torch::Tensor scores;   ///< [..., queries, keys]: q k^T scale, before the bias
  torch::Tensor weights;  ///< [..., queries, keys]: rows that sum to 1
  torch::Tensor mixed;    ///< [..., queries, head width]: weights v
};

/// `bias` [copies or 1, 1, heads or 1, queries, keys], or undefined; -inf hides a key. `scales`:
/// one a copy.
Attended attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                const torch::Tensor& bias, const std::vector<double>& scales);

/// The same from `packed` [copies, batch, length, 3, heads, head width], the layout in which one
/// product gives q, k and v: mixed [copies, batch, length, heads, head width]. On a CPU in float32
/// forward and backward call the library's matrix product a head at a time, in place; elsewhere
/// this is attend(). `bias` has no gradient.
torch::Tensor attendPacked(const torch::Tensor& packed, const torch::Tensor& bias,
                           const std::vector<double>& scales);

}  // namespace viva
