// SPDX-License-Identifier: GPL-3.0-or-later
// The streams of randomness of the experiments on out-of-distribution data.
#pragma once

#include <cstdint>

namespace viva {

inline constexpr std::uint64_t kOodData = 0, kOodInitialisation = 1,  // and the four after it
    kOodBatches = 11, kOodMasks = 12, kOodPasses = 13;
/// Of ood-images.
inline constexpr std::uint64_t kOodOthers = 15;
/// Of ood-maps; looks take one stream a step from theirs on.
inline constexpr std::uint64_t kOodMapPasses = 14, kOodLooks = 15;

}  // namespace viva
