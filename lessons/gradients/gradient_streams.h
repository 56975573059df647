// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of this folder's runs, for generatorFor().
inline constexpr std::uint64_t kDataStream = 0, kInitialisationStream = 1, kBatchStream = 2;

}  // namespace viva
