// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace viva {

/// How many weights share a scale: all of a matrix, a row of it, or a few of a row.
enum class ScaleShare { Tensor, Channel, Group };
/// What is kept of a weight besides the scale.
enum class WeightCode { Int8, Int4, Nf4 };

}  // namespace viva
