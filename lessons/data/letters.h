// SPDX-License-Identifier: GPL-3.0-or-later
// Handwritten-looking capitals, by the pen that writes the digits.
#pragma once

#include "lessons/data/glyphs.h"

namespace viva {

/// Twelve classes: A C E F H K L M T U X Y, none of which is written like a digit. See
/// `handwritten`.
Dataset letters(std::int64_t samples, at::Generator generator);

}  // namespace viva
