// SPDX-License-Identifier: GPL-3.0-or-later
// Weights as small whole numbers and scales.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>

#include "lessons/inference/rounding_scheme.h"

namespace viva {

/// The 16 values of NF4 (arXiv 2305.14314, appendix E): quantiles of a normal distribution, 0 among
/// them.
inline constexpr std::array<double, 16> kNf4Values{-1.0,
                                                   -0.6961928009986877,
                                                   -0.5250730514526367,
                                                   -0.39491748809814453,
                                                   -0.28444138169288635,
                                                   -0.18477343022823334,
                                                   -0.09105003625154495,
                                                   0.0,
                                                   0.07958029955625534,
                                                   0.16093020141124725,
                                                   0.24611230194568634,
                                                   0.33791524171829224,
                                                   0.44070982933044434,
                                                   0.5626170039176941,
                                                   0.7229568362236023,
                                                   1.0};

inline constexpr std::int64_t kGroupSize = 16;

/// A matrix [rows, columns] in code.
struct CodedMatrix {
  WeightCode code = WeightCode::Int8;
  torch::Tensor codes;   ///< [rows, columns], int64: from -127 to 127, from -7 to 7, or 0 to 15
  torch::Tensor scales;  ///< [1, 1], [rows, 1] or [rows, columns / kGroupSize]

  torch::Tensor decoded() const;  ///< [rows, columns]
  std::int64_t bits() const;      ///< codes, and scales of 32 bits
};

/// Symmetric: the largest size of what shares a scale becomes the largest code; halves are rounded
/// to the even neighbour. NF4 takes the nearest of its values. Columns are a multiple of kGroupSize
/// where the scheme is Group.
CodedMatrix coded(const torch::Tensor& matrix, ScaleShare share, WeightCode code);

/// With a zero point: x is about (code - zero) scale, and 0 is exactly itself.
struct ShiftedCodes {
  torch::Tensor codes;  ///< as x, int64
  double scale = 1;
  std::int64_t zero = 0;
};
/// `lowest` and `highest` are the codes of the smallest and the largest of x: 0 and 255, or -128
/// and 127.
ShiftedCodes shiftedCodes(const torch::Tensor& x, std::int64_t lowest, std::int64_t highest);

/// The sums of the product of whole numbers, W x: [rows].
torch::Tensor wholeProduct(const torch::Tensor& codes, const torch::Tensor& x_codes);

}  // namespace viva
