// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of this folder's runs, for generatorFor().
inline constexpr std::uint64_t kCleanStream = 0, kAddedNoiseStream = 1, kTimeStream = 2,
                               kDenoiserStream = 3, kLabelDropStream = 4, kProbeStream = 5,
                               kStartStream = 6, kTrainingSetStream = 7, kDigitJudgeStream = 8;
/// Of the noise that samplers add: two of them, for two draws from one start.
inline constexpr std::uint64_t kSamplerStream = 9, kSecondSamplerStream = 10;

}  // namespace viva
