// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients as float16 keeps them.
#pragma once

#include "lessons/core/frame.h"

namespace at {
class Tensor;
}

namespace viva {

/// The smallest positive float16, the smallest with all its digits, and the largest.
inline constexpr double kHalfSmallest = 0x1p-24, kHalfNormal = 0x1p-14, kHalfLargest = 65504;

/// float32 values rounded to float16 and back: below 2^-25 to zero, from 65520 to infinity.
at::Tensor throughHalf(const at::Tensor& values);

/// What rounding did to numbers that were not zero: shares of them.
struct HalfLosses {
  double underflow = 0;  ///< became zero
  double overflow = 0;   ///< became infinite or NaN
  double coarse = 0;     ///< lost digits: below the smallest normal float16
};
HalfLosses halfLosses(const at::Tensor& before, const at::Tensor& after);

/// The sizes of `scaled` gradients in powers of two, `before` and `after` rounding, with the limits
/// of float16 as marks.
HistogramData sizesOf(const at::Tensor& before, const at::Tensor& after);

}  // namespace viva
