// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// `gan-plane`: a generator learns a distribution over the plane against a discriminator
/// (Goodfellow et al., arXiv 1406.2661), with six losses.
const ExperimentSpec& ganPlane();

}  // namespace viva
