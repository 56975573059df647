// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// `gan-images`: a small DCGAN (Radford et al., arXiv 1511.06434) and its conditional form (Mirza
/// and Osindero, arXiv 1411.1784) on images of 12 x 12 pixels.
const ExperimentSpec& ganImages();

}  // namespace viva
