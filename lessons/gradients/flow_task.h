// SPDX-License-Identifier: GPL-3.0-or-later
// The data, the nets and the rules that the parameters of `gradient-flow` ask for.
#pragma once

#include <cstdint>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/gradients/deep_net.h"
#include "lessons/gradients/flow_parameters.h"

namespace viva {

/// Inputs [samples, features] with mean 0 and deviation 1 on the training samples.
Split flowData(const Parameters& parameters, std::uint64_t seed);
at::Generator flowBatchOrder(std::uint64_t seed);
/// Both nets draw their weights from the same numbers: where their shapes agree they are equal.
DeepNet flowNet(const SideSettings& settings, const Dataset& data, const RunContext& context);

void setRate(UpdateRule& rule, double learning_rate);

}  // namespace viva
