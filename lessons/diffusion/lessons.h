// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A net learns to take noise off points of the plane (Ho et al., arXiv 2006.11239), and draws new
/// ones out of noise.
const ExperimentSpec& diffusionPlane();
/// DDPM, DDIM, Euler and Heun from the same noise, with 1 to 200 evaluations of the net.
const ExperimentSpec& samplerRace();
/// The same on images of digits, with their classes.
const ExperimentSpec& diffusionDigits();

}  // namespace viva
