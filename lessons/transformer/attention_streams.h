// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of this folder's runs, for generatorFor().
inline constexpr std::uint64_t kTokenStream = 10, kNetStream = 11, kShownStream = 12,
                               kHeldOutStream = 13;

}  // namespace viva
