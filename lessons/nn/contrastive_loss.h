// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of CLIP (arXiv 2103.00020, figure 3) and what it cannot fall below.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace viva {

/// The scale that CLIP begins with, 1 / 0.07, and the one that it does not let it pass.
inline constexpr double kFirstScale = 1 / 0.07, kLargestScale = 100;

/// scale times the cosine of every image [images, d] with every text [texts, d], both of unit
/// length: [images, texts].
torch::Tensor contrastiveLogits(const torch::Tensor& images, const torch::Tensor& texts,
                                const torch::Tensor& scale);
/// The cross-entropy in nats of logits [pairs, pairs] with the diagonal as the labels: the mean of
/// that of the rows (which text?) and that of the columns (which image?). A scalar.
torch::Tensor contrastiveLoss(const torch::Tensor& logits);
/// The same where all pairs whose `captions` [pairs] are equal count as right, each with the same
/// share (soft targets, as arXiv 2004.11362 and 2204.03610 have them).
torch::Tensor softContrastiveLoss(const torch::Tensor& logits, const torch::Tensor& captions);

/// ln m on average over pairs with `captions` [pairs], where m pairs share a caption: equal texts
/// have equal embeddings, so the most that a row or a column can give its own pair is 1/m.
double duplicateFloor(const torch::Tensor& captions);
/// The lowest loss of `pairs` pairs at a fixed scale: matching pairs have cosine 1 and all others
/// -1/(pairs - 1), the corners of a simplex.
double scaleFloor(std::int64_t pairs, double scale);

}  // namespace viva
