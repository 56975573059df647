// SPDX-License-Identifier: GPL-3.0-or-later
// The library's own modules for the nets of stacked_net.h: the independent way to compute them.
#pragma once

#include <torch/nn/modules/container/sequential.h>

#include "lessons/nn/stacked_net.h"

namespace viva {

/// One net whose parameters have the names, the order and the shapes of `architecture.weights`.
torch::nn::Sequential plainNet(const Architecture& architecture);

/// Copies `weights` [parameters], flat and in the order of the architecture, into `net`.
void setWeights(torch::nn::Sequential& net, const torch::Tensor& weights);

}  // namespace viva
