// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/types.h>

namespace viva {

/// KL(softmax(teacher / T) || softmax(student / T)), the mean over the batch of each copy:
/// [copies]. Logits [copies, classes, batch]. Hinton et al. 2015 multiply it by T^2.
torch::Tensor softLoss(const torch::Tensor& teacher, const torch::Tensor& student,
                       double temperature);

}  // namespace viva
