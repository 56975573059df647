// SPDX-License-Identifier: GPL-3.0-or-later
// The streams of randomness of `vit-vs-cnn`, for generatorFor().
#pragma once

#include <cstdint>

namespace viva {

inline constexpr std::uint64_t kContestDataStream = 0, kContestWeightStream = 1,
                               kContestBatchStream = 2, kContestMoveStream = 3,
                               kContestGlyphStream = 4, kContestHeadStream = 5,
                               kContestShuffleStream = 6, kRearrangedStream = 7;

}  // namespace viva
