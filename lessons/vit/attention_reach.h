// SPDX-License-Identifier: GPL-3.0-or-later
// What a vision transformer has learned of the plane: how far its heads look, which patches an
// answer comes from, and which of its learned positions are alike.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/vit/vision_transformer.h"

namespace viva {

/// The distances of the patches' centres, in pixels: [tokens, tokens].
torch::Tensor patchDistances(const VitPlan& plan);

/// How far each head looks, pixels: the mean over images and queries of the distance between the
/// centres of patches, weighted by attention (arXiv 2010.11929, figure 7): [layers, heads].
torch::Tensor attentionDistances(const VisionTransformer& net, const torch::Tensor& images);
/// The same of attention that is equal on all patches.
double uniformDistance(const VitPlan& plan);

/// Attention rollout (arXiv 2005.00928) with the mean over heads: the product over the layers of
/// (weights + identity) / 2, and of its rows the mean, since the answer is the mean over the
/// tokens: how much of it comes from each patch, [images, tokens], each row of sum 1.
torch::Tensor attentionRollout(const VisionTransformer& net, const torch::Tensor& images);

/// The cosines of learned positions: [tokens, tokens]. Of a net without them, zeros.
torch::Tensor positionCosines(const VisionTransformer& net);
/// The mean cosine of positions side by side or one above the other, less that of those that are
/// half the image or more apart, counted in steps across and down. 0 where no two are so far apart.
double gridOf(const torch::Tensor& cosines, std::int64_t across);

}  // namespace viva
