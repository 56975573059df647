// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of this folder's runs, for generatorFor().
inline constexpr std::uint64_t kServedWeightStream = 30, kServedBatchStream = 31,
                               kDraftWeightStream = 32, kDraftBatchStream = 33, kOutlierStream = 34,
                               kArrivalStream = 35, kSpeculationStream = 36, kRuleStream = 37,
                               kGraphWeightStream = 38, kGraphInputStream = 39, kRivalStream = 40;

}  // namespace viva
