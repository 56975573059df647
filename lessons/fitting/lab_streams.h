// SPDX-License-Identifier: GPL-3.0-or-later
// The streams of randomness of capacity-lab. Both of its models draw from streams of the same
// numbers, so that they begin alike and differ only by what is compared.
#pragma once

#include <cstdint>

namespace viva {

inline constexpr std::uint64_t kLabTraining = 0, kLabInitialisation = 1, kLabMasks = 2,
                               kLabJitter = 3, kLabValidation = 4, kLabTest = 5, kLabFlips = 6,
                               kLabValidationFlips = 7, kLabTestFlips = 8;

}  // namespace viva
