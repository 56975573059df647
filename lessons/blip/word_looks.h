// SPDX-License-Identifier: GPL-3.0-or-later
// Where in the picture a word of a caption comes from, asked in three ways and scored against where
// the shape is known to be.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/blip/blip_net.h"

namespace viva {

/// For every word of every caption how much each cell of the picture counts, [captions, 5, 16]; a
/// row sums to 1, or is 0 where nothing counts.
struct WordLooks {
  /// The captioner: the gradient of the word's log-probability with respect to a cell, times the
  /// cell, where that is positive.
  torch::Tensor relevance;
  torch::Tensor writing;   ///< the captioner's attention weights where it writes the word, the mean
                           ///< of its heads
  torch::Tensor matching;  ///< those of matching where it reads the word
};
WordLooks wordLooks(const BlipNet& net, const torch::Tensor& cells, const torch::Tensor& words);

/// [pictures, 16]: 1 where the shape covers a tenth of a cell or more, of `masks` [pictures, 1, 32,
/// 32].
torch::Tensor shapeCells(const torch::Tensor& masks);
/// For each of the five places of a word the mean share of `looks` that falls on the shape: [5].
torch::Tensor shareInside(const torch::Tensor& looks, const torch::Tensor& inside);

}  // namespace viva
