// SPDX-License-Identifier: GPL-3.0-or-later
// Weights as small whole numbers and scales.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>

#include "lessons/inference/rounding_scheme.h"
#include "lessons/nn/nf4.h"

namespace viva {

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
