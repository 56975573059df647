// SPDX-License-Identifier: GPL-3.0-or-later
// Independent ways to what the two nets learn from.
#pragma once

#include "lessons/core/experiment.h"
#include "lessons/generation/gan_losses.h"
#include "lessons/generation/gan_net.h"

namespace viva {

/// `separate-modules`: gradients of both losses with respect to both nets' weights against
/// torch::nn modules with the same weights, relative to the largest component.
/// `loss-forms`: both losses against other ways to write them, in float64.
/// `power-iteration`: the largest singular value of every matrix of the discriminator, by power
/// iteration, against its singular value decomposition; relative.
/// `optimal-discriminator`: on a mixture of four known places the loss at a = log(p/q) is
/// log 4 - 2 JS(p || q) and its gradient is zero (arXiv 1406.2661, theorem 1).
void checkGan(GanLoss loss, const GanNet& generator, const GanNet& discriminator,
              const torch::Tensor& real, const torch::Tensor& noise, CheckSink& sink);

}  // namespace viva
