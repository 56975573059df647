// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures with captions of which a share is wrong, as on the web, and CapFilt (arXiv 2201.12086,
// section 3.3): a net that was trained on them writes captions and drops what it does not believe.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/blip/blip_net.h"
#include "lessons/data/captioned_shapes.h"

namespace viva {

/// Pairs to learn from.
struct PairPool {
  torch::Tensor pictures;  ///< [pairs, 3, 32, 32]
  torch::Tensor words;     ///< [pairs, 5], int64

  std::int64_t size() const { return words.size(0); }
  PairPool at(const torch::Tensor& chosen) const;  ///< by numbers, int64, or by a mask, bool
};

/// One number a caption, equal where all five words are: [captions] of words [captions, 5].
torch::Tensor captionCodes(const torch::Tensor& words);

/// What is on the web: some pictures have the caption of another one.
struct WebPairs {
  PairPool given;
  torch::Tensor truths;  ///< [pairs, 5]: the words of the right captions
  torch::Tensor is_right() const { return captionCodes(given.words) == captionCodes(truths); }
};
/// `noise` is the share of pictures whose caption is replaced by another picture's. One in 160 of
/// those happens to be right.
WebPairs webPairs(const CaptionedShapes& shapes, std::int64_t pairs, double noise,
                  at::Generator generator, const std::string& device);

/// Captions of one origin, counted by how many of their words are wrong: none, one, more.
struct FilterCounts {
  std::int64_t right = 0, one_wrong = 0, more_wrong = 0;
  std::int64_t kept_right = 0, kept_one_wrong = 0, kept_more_wrong = 0;

  std::int64_t kept() const { return kept_right + kept_one_wrong + kept_more_wrong; }
  std::int64_t wrong() const { return one_wrong + more_wrong; }
  std::int64_t keptWrong() const { return kept_one_wrong + kept_more_wrong; }
  double precision() const;  ///< right ones among the kept; 0 of none
  double recall() const;     ///< kept ones among the right
};

/// What a net makes of the web.
struct Filtered {
  torch::Tensor keeps;            ///< [pairs], bool: it believes the caption that is there
  PairPool synthetic;             ///< each picture with the caption that it writes
  torch::Tensor keeps_synthetic;  ///< [pairs], bool
  FilterCounts web, written;
};
Filtered filtered(const BlipNet& net, const WebPairs& web);

}  // namespace viva
