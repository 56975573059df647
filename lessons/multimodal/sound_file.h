// SPDX-License-Identifier: GPL-3.0-or-later
// A sound of the user's own, whatever it is kept in; without LibTorch.
#pragma once

#include <string>
#include <vector>

namespace viva {

/// One channel; `rate` samples a second, from -1 to 1.
struct Sound {
  std::vector<double> samples;
  double rate = 16000;
};

inline constexpr double kLongestSound = 10;  ///< seconds; what is longer is cut off

/// Any format of libsndfile: WAV, FLAC, OGG, AIFF, ... Channels are averaged. Throws FileError
/// `error.sound.missing`, `.not_a_file`, `.unreadable`, `.unknown`, `.short`, `.rate`, `.damaged`
/// or `.not_finite`, which name the file.
Sound readSound(const std::string& path);

}  // namespace viva
