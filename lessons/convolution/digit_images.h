// SPDX-License-Identifier: GPL-3.0-or-later
// The images that `digit-reader` learns.
#pragma once

#include "lessons/convolution/digit_reader.h"
#include "lessons/data/dataset.h"
#include "lessons/data/own_images.h"

namespace viva {

/// Inputs [images, 1, 28, 28], ink from 0 to 1; a fifth is kept for validation, in an order in
/// which every beginning is a fair sample. Throws FileError for a file that cannot be used, and
/// Stopped.
Split digitImages(const Parameters& parameters, const RunContext& context);

}  // namespace viva
