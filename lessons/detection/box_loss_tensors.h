// SPDX-License-Identifier: GPL-3.0-or-later
// The losses of box_measures.h for many boxes at once, with LibTorch's autograd.
#pragma once

#include <torch/types.h>

#include "lessons/detection/box_measures.h"

namespace viva {

/// Of boxes [..., 4] against targets [..., 4]: [...]. As boxLoss() says.
torch::Tensor boxLosses(BoxLoss loss, const torch::Tensor& boxes, const torch::Tensor& targets);

}  // namespace viva
