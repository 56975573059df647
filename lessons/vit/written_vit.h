// SPDX-License-Identifier: GPL-3.0-or-later
// A vision transformer once more, written out: the independent way.
#pragma once

#include <torch/types.h>

#include "lessons/vit/vision_transformer.h"

namespace viva {

/// The logits of `images` from the formulas, a head at a time, in float64: [images, classes].
torch::Tensor writtenLogits(const VisionTransformer& net, const torch::Tensor& images);
/// The largest difference between the two, relative to the largest logit or 1.
double differenceFromWritten(const VisionTransformer& net, const torch::Tensor& images);
/// The same for what patches become, and a convolution whose kernel and stride are a patch.
double differenceFromConvolution(const VisionTransformer& net, const torch::Tensor& images);

}  // namespace viva
