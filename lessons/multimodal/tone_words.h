// SPDX-License-Identifier: GPL-3.0-or-later
// Words whose letters are tones: a sequence of spectra, and no word of when a letter begins.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

inline constexpr std::int64_t kToneLetters = 8, kToneBands = 16;

/// Letters are 1 to kToneLetters; 0 is the blank.
using ToneWord = std::vector<std::int64_t>;
std::string spelled(const ToneWord& word);  ///< `abba`
/// Of letters `a` to `h`; others are left out.
ToneWord toneWord(const std::string& letters);

struct ToneWordBatch {
  torch::Tensor frames;               ///< [words, time, bands], silence behind the shorter ones
  std::vector<std::int64_t> lengths;  ///< frames of each
  std::vector<ToneWord> words;

  torch::Tensor labels() const;        ///< all letters in a row, int64
  torch::Tensor labelLengths() const;  ///< [words], int64
};

struct ToneManner {
  double noise = 0.25;          ///< deviation of what is added to every band
  double repeat_share = 0.125;  ///< how often a letter is the one before it
};
/// 3 to 6 letters of 4 to 8 frames each, gaps of 1 to 3 frames around them.
ToneWordBatch drawToneWords(std::int64_t count, const ToneManner& manner, at::Generator generator);
/// The same for given words.
ToneWordBatch sungToneWords(const std::vector<ToneWord>& words, double noise,
                            at::Generator generator);

}  // namespace viva
