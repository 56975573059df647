// SPDX-License-Identifier: GPL-3.0-or-later
// The streams of randomness of `detector-training` (generatorFor).
#pragma once

#include <cstdint>

namespace viva {

inline constexpr std::uint64_t kTrainingStream = 0, kTestStream = 1, kBatchStream = 2,
                               kDetectorWeights = 3;

}  // namespace viva
