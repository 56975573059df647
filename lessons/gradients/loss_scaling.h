// SPDX-License-Identifier: GPL-3.0-or-later
// A net whose gradients must fit into float16, beside one that keeps float32.
#pragma once

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"

namespace viva {

const ExperimentSpec& lossScaling();

/// The images of a run with this seed, flat; a fifth is kept for validation.
Split digitsForScaling(std::uint64_t seed);

}  // namespace viva
