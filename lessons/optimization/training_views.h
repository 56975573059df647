// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of a training run, and its weights on the way out.
#pragma once

#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/row_updates.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/optimization/training_progress.h"

namespace viva {

/// How sure a copy of the net is of its answer, over a plane, with the validation samples. For two
/// classes: P(second) - P(first); for more: the largest probability. For inputs that
/// are not points of a plane, the plane is that of their first two principal components, a slice
/// through their space, and the samples are projected onto it.
PlaneData boundaryPlane(const StackedNet& nets, std::int64_t copy, const Dataset& validation);

/// `initial`: the weights [parameters] that every copy started from.
std::vector<DecayByGradient> decayByGradient(const std::vector<Optimizer>& optimizers,
                                             const std::vector<UpdateRule>& rules,
                                             const std::vector<Row>& rows,
                                             const torch::Tensor& initial);

/// Every copy's weights as a state dictionary: `adam.0.weight`.
void saveWeights(const StackedNet& nets, const std::vector<Optimizer>& optimizers,
                 WeightSink& sink);

}  // namespace viva
