// SPDX-License-Identifier: GPL-3.0-or-later
// Weights in four bits: sixteen values, and a scale (and perhaps a zero point) for each block.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>

namespace viva {

inline constexpr std::int64_t kFourBitLevels = 16;

enum class FourBitCode {
  Nf4,       ///< quantiles of a normal distribution, zero among them (arXiv 2305.14314, appendix E)
  Fp4,       ///< sign, two bits of exponent, one of mantissa, as bitsandbytes has it
  Int4,      ///< -7 to 7 in even steps, symmetric
  Uniform4,  ///< sixteen even steps from the block's smallest weight to its largest
};

/// The values of a code that is symmetric in its scale, ascending, the largest magnitude being 1.
std::array<double, kFourBitLevels> levelsOf(FourBitCode code);

/// Weights in blocks of `block` consecutive numbers, which must divide their count.
struct FourBitWeights {
  torch::Tensor codes;   ///< [blocks, block], uint8: 0 to 15
  torch::Tensor scales;  ///< [blocks, 1]: the largest magnitude, or the step of Uniform4
  torch::Tensor zeros;   ///< [blocks, 1], of Uniform4: the code that stands for 0; else undefined
  FourBitCode code = FourBitCode::Nf4;
};
/// Every weight becomes the nearest value of its block.
FourBitWeights inFourBits(const torch::Tensor& weights, FourBitCode code, std::int64_t block);
/// Flat, in the type of the scales.
torch::Tensor fromFourBits(const FourBitWeights& quantised);
/// Both, in the shape of `weights`.
torch::Tensor roundedToFourBits(const torch::Tensor& weights, FourBitCode code, std::int64_t block);

/// Bits a weight with a float32 scale for each block; with double quantisation the scales are
/// eight bits in blocks of 256, with a float32 scale of theirs.
double bitsAWeight(std::int64_t block, bool is_doubled);

}  // namespace viva
