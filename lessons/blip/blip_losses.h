// SPDX-License-Identifier: GPL-3.0-or-later
// The three losses of BLIP (arXiv 2201.12086, section 3.2) on one batch of pairs.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/blip/blip_net.h"

namespace viva {

/// What is given away by knowing only that one pair in three of the matching task is true.
inline constexpr double kMatchPrior = 0.6365141682948128;  // ln 3 - 2/3 ln 2

struct CaptionedBatch {
  torch::Tensor pictures;  ///< [pairs, 3, 32, 32]
  torch::Tensor words;     ///< [pairs, 5], int64
  torch::Tensor captions;  ///< [pairs], int64: equal numbers are equal words
  torch::Tensor chances;   ///< [2, pairs], 0 to 1: by which a wrong caption, a picture is drawn
};

/// In nats; scalars.
struct BlipLosses {
  torch::Tensor itc;  ///< contrast: which caption, which picture of the batch
  torch::Tensor itm;  ///< matching: each true pair beside two false ones, true or not
  torch::Tensor lm;   ///< captioning: every next word, and the end
};

/// For each row of `logits` [pairs, pairs] the number of a column [pairs] whose caption is another
/// one, drawn by `chances` [pairs]: from the softmax of the row where they are to be hard, else all
/// alike.
torch::Tensor drawnNegatives(const torch::Tensor& logits, const torch::Tensor& captions,
                             const torch::Tensor& chances, bool are_hard);

/// Equal captions count as right. A negative is drawn for each picture and for each caption.
BlipLosses blipLosses(const BlipNet& net, const CaptionedBatch& batch, bool are_negatives_hard);

}  // namespace viva
