// SPDX-License-Identifier: GPL-3.0-or-later
// Simple shapes, drawn with random place and size.
#pragma once

#include "lessons/data/dataset.h"

namespace viva {

inline constexpr std::int64_t kShapeClasses = 4;

/// Discs, squares, triangles and crosses, as many of each (+-1), filled, with soft edges. Inputs
/// [samples, 1, size, size], float32, ink from 0 to 1.
Dataset shapes(std::int64_t samples, std::int64_t size, at::Generator generator);

}  // namespace viva
