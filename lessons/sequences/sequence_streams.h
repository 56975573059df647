// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of a recurrent net's run, for generatorFor().
inline constexpr std::uint64_t kSequenceStream = 10, kWeightStream = 11, kProbeStream = 12,
                               kFreshStream = 13;

}  // namespace viva
