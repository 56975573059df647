// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of this folder's runs, for generatorFor().
inline constexpr std::uint64_t kGptWeightStream = 20, kGptBatchStream = 21, kGptSampleStream = 22,
                               kStringStream = 23, kFreshStringStream = 24, kDrawStream = 25;

}  // namespace viva
