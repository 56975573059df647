// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of a GAN's run, for generatorFor().
inline constexpr std::uint64_t kRealStream = 0, kNoiseStream = 1, kGeneratorStream = 2,
                               kDiscriminatorStream = 3, kShareStream = 4, kEvaluationStream = 5;

}  // namespace viva
