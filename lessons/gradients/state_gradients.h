// SPDX-License-Identifier: GPL-3.0-or-later
// The gradient that reaches each state of a recurrence, taken together with that of the weights.
#pragma once

#include <torch/types.h>

#include <vector>

namespace viva {

/// The gradient of `loss` with respect to each of the `states` ([batch, hidden] a step):
/// [time, batch, hidden]. That with respect to the `leaves`, flat and one after the other, goes to
/// `leaf_gradients`.
torch::Tensor stateGradients(const torch::Tensor& loss, const std::vector<torch::Tensor>& states,
                             const std::vector<torch::Tensor>& leaves,
                             torch::Tensor leaf_gradients);

}  // namespace viva
