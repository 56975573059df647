// SPDX-License-Identifier: GPL-3.0-or-later
// Independent ways to the gradients of gradient-flow.
#pragma once

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/gradients/deep_net.h"

namespace viva {

/// `modules`: the norms of what flows through each layer, and of each layer's weight gradient, of
/// a float64 net made of torch::nn modules with the same weights; the largest relative difference
/// among layers whose numbers float32 can hold.
void checkAgainstModules(const DeepNet& net, const Wiring& wiring, const Batches::Batch& batch,
                         CheckSink& sink);

/// `backward-factor`: what a layer multiplies the gradient by before training, against
/// s sqrt(n) sqrt(E f'(z)^2) with the initialisation's s and each net's own z; relative, to within
/// 5 %, on average over this net's `size` and `initialisation` drawn eight times.
///
/// Only where the formula applies: plain layers without norm (a norm's derivative runs through its
/// statistics), at least 32 of a width (a logarithm of a mean of n squares lies 1/n lower than that
/// of its expectation), and enough of them: one matrix scatters the norm by 1/sqrt(2 n), and what
/// is left of that in the mean must be below 1 %. It reports nothing for other nets.
void checkBackwardFactor(const DeepNetSize& size, const Wiring& wiring,
                         Initialisation initialisation, const Batches::Batch& batch,
                         std::uint64_t seed, CheckSink& sink);

}  // namespace viva
