// SPDX-License-Identifier: GPL-3.0-or-later
// How nets that fill blanks write: word by word as a causal model does, into blanks that are laid
// out first, or by filling every place again and again (Gibbs sampling, arXiv 1902.04094).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/bert/masked_text.h"
#include "lessons/nn/transformer.h"

namespace viva {

/// [nets, count, length]: a blank is put behind what has been written and is filled by a draw from
/// what the net says of it; there is nothing behind the blank.
torch::Tensor writtenWordByWord(const Transformer& nets, const MaskedText& text, std::int64_t count,
                                at::Generator generator);

/// [nets, count, length]: all places hidden at first; from the left, each is filled in the same
/// way. What is behind it is still hidden.
torch::Tensor writtenFromTheLeft(const Transformer& nets, const MaskedText& text,
                                 std::int64_t count, at::Generator generator);

/// [nets, count, length]: each sweep hides every place once, in a random order, and draws it anew
/// from what the net says of it given all others. The first sweep fills the places.
torch::Tensor writtenBySweeps(const Transformer& nets, const MaskedText& text, std::int64_t count,
                              std::int64_t sweeps, at::Generator generator);

/// The share of sentences [count, 12] that are of the grammar.
double grammaticalShare(const torch::Tensor& sentences);

}  // namespace viva
