// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/four_bits.h"

#include <torch/utils.h>

#include <vector>

#include "lessons/nn/nf4.h"

namespace viva {

std::array<double, kFourBitLevels> levelsOf(FourBitCode code) {
  switch (code) {
    case FourBitCode::Nf4:
      return kNf4Values;
    case FourBitCode::Fp4:
      // 0 has two signs, so that there are fifteen values; magnitudes are twelfths.
      return {-12.0 / 12, -8.0 / 12,   -6.0 / 12, -4.0 / 12, -3.0 / 12, -2.0 / 12, -0.0625 / 12, 0,
              0,          0.0625 / 12, 2.0 / 12,  3.0 / 12,  4.0 / 12,  6.0 / 12,  8.0 / 12,     1};
    default: {
      std::array<double, kFourBitLevels> levels{};
      for (std::int64_t i = 0; i < kFourBitLevels; ++i)
        levels[i] = std::max(-7.0, static_cast<double>(i - 8)) / 7;
      return levels;
    }
  }
}

FourBitWeights inFourBits(const torch::Tensor& weights, FourBitCode code, std::int64_t block) {
  const torch::NoGradGuard no_grad;
  const auto blocks = weights.detach().reshape({-1, block});
  FourBitWeights made;
  made.code = code;
  if (code == FourBitCode::Uniform4) {
    const auto lowest = blocks.amin(1, true), highest = blocks.amax(1, true);
    made.scales = ((highest - lowest) / (kFourBitLevels - 1)).clamp_min(1e-12);
    made.zeros = -lowest / made.scales;
    made.codes =
        (blocks / made.scales + made.zeros).round().clamp(0, kFourBitLevels - 1).to(torch::kByte);
    return made;
  }
  const auto levels = levelsOf(code);
  const auto values =
      torch::tensor(std::vector<double>(levels.begin(), levels.end()), blocks.options());
  made.scales = blocks.abs().amax(1, true).clamp_min(1e-12);
  const auto shares = (blocks / made.scales).contiguous();
  // Between two values the nearer one: how many of the midpoints lie below.
  const auto midpoints =
      (values.narrow(0, 0, kFourBitLevels - 1) + values.narrow(0, 1, kFourBitLevels - 1)) / 2;
  made.codes = torch::searchsorted(midpoints.contiguous(), shares).to(torch::kByte);
  return made;
}

torch::Tensor fromFourBits(const FourBitWeights& quantised) {
  const auto codes = quantised.codes.to(torch::kLong);
  if (quantised.code == FourBitCode::Uniform4)
    return ((codes - quantised.zeros) * quantised.scales).flatten();
  const auto levels = levelsOf(quantised.code);
  const auto values =
      torch::tensor(std::vector<double>(levels.begin(), levels.end()), quantised.scales.options());
  return (values.index_select(0, codes.flatten()).view_as(codes) * quantised.scales).flatten();
}

torch::Tensor roundedToFourBits(const torch::Tensor& weights, FourBitCode code,
                                std::int64_t block) {
  return fromFourBits(inFourBits(weights, code, block)).view(weights.sizes());
}

double bitsAWeight(std::int64_t block, bool is_doubled) {
  const auto size = static_cast<double>(block);
  return 4 + (is_doubled ? 8 / size + 32 / (size * 256) : 32 / size);
}

}  // namespace viva
