// SPDX-License-Identifier: GPL-3.0-or-later
// The streams of randomness of a run (generatorFor).
#pragma once

#include <cstdint>

namespace viva {

inline constexpr std::uint64_t kBaseWeightStream = 0, kBaseBatchStream = 1, kTuningBatchStream = 2,
                               kReplayBatchStream = 3, kTestedStream = 4, kAdapterStream = 5,
                               kDrawnRankStream = 6;

}  // namespace viva
