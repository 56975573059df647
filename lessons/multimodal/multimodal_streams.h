// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The streams of randomness of this folder's runs, for generatorFor().
inline constexpr std::uint64_t kSentenceStream = 0, kClipStream = 10, kNewClipStream = 11,
                               kClipWeightStream = 12, kPictureStream = 13, kToneStream = 20,
                               kNewToneStream = 21, kToneWeightStream = 22;

}  // namespace viva
