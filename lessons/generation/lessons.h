// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A generator learns a distribution over the plane against a discriminator (Goodfellow et al.,
/// arXiv 1406.2661), with six losses.
const ExperimentSpec& ganPlane();
/// A small DCGAN (Radford et al., arXiv 1511.06434) and its conditional form (Mirza and Osindero,
/// arXiv 1411.1784) on images of 12 x 12 pixels.
const ExperimentSpec& ganImages();

}  // namespace viva
