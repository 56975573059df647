// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Two deep nets learn from the same batches; at every update one sees how much of the gradient
/// reaches each of their layers.
const ExperimentSpec& gradientFlow();
/// Four memories learn to add two numbers that lie far back; how much of the gradient gets there.
const ExperimentSpec& memoryOverTime();
/// A recurrent net whose gradient grows with every step back, with and without clipping.
const ExperimentSpec& recurrentExplosion();
/// A net whose gradients must fit into float16, beside one that keeps float32.
const ExperimentSpec& lossScaling();

}  // namespace viva
