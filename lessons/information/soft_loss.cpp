// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/soft_loss.h"

#include <torch/types.h>

namespace viva {

torch::Tensor softLoss(const torch::Tensor& teacher, const torch::Tensor& student,
                       double temperature) {
  const auto log_p = torch::log_softmax(teacher / temperature, 1);
  const auto log_q = torch::log_softmax(student / temperature, 1);
  return (log_p.exp() * (log_p - log_q)).sum(1).mean(1);
}

}  // namespace viva
