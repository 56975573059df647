// SPDX-License-Identifier: GPL-3.0-or-later
// A deep net that begins with a shallow one's weights.
#pragma once

#include <torch/types.h>

#include "lessons/backbones/small_convnet.h"

namespace viva {

/// Weights [1, parameters] for `to`: of each stage the first convolutions that `from` has too, and
/// all dense layers, are taken from `weights`; all others, where `to` is the deeper net, are
/// `otherwise` [1, parameters]. VGG's deeper nets began with the first four convolutions and the
/// dense layers of its net A (arXiv 1409.1556, 3.1). Both plans have the same stages, channels and
/// dense layers.
torch::Tensor transplanted(const ConvnetPlan& from, const torch::Tensor& weights,
                           const ConvnetPlan& to, const torch::Tensor& otherwise);

}  // namespace viva
