// SPDX-License-Identifier: GPL-3.0-or-later
// Two independent ways to the gradients that the optimizers get.
#pragma once

#include <cstdint>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/stacked_net.h"

namespace viva {

/// `finite-differences`: central differences of the loss in float64, for one weight of two of the
/// net's tensors, those with the largest gradient.
/// `separate-modules`: the gradient of a net made of torch::nn modules with the same weights.
///
/// Both are about one copy and a few samples, which change with `step`. Differences are relative
/// to the largest component of the gradient, or to 1e-3 where that is smaller: float32 softmax is
/// exact to 1e-7, whatever little is left of the gradient. A copy that diverged is not compared.
void checkGradients(const StackedNet& nets, std::int64_t step, const Dataset& data,
                    CheckSink& sink);

}  // namespace viva
