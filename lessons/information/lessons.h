// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// The logits of q descend towards p under an entropy or a divergence.
const ExperimentSpec& distributionMatch();
/// Two bumps fitted by one Gaussian, once under forward and once under reverse KL.
const ExperimentSpec& modeSeeking();
/// A student learns few labels, another one also what a teacher thinks of the wrong classes.
const ExperimentSpec& distillation();
/// A bandit policy that is paid for reward and charged for leaving its reference.
const ExperimentSpec& klConstrainedPolicy();

}  // namespace viva
