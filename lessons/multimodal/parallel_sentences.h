// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences that are said in English and in Chinese, so that what a tokenizer takes for both can be
// compared. Without LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace viva {

struct ParallelSentence {
  std::string english, chinese;
};

inline constexpr std::int64_t kNumbersASentence = 6;

/// A sentence for every kNumbersASentence of `numbers`, which are not negative: an animal, what it
/// is like, what it does, to what thing, what that is like, and where.
std::vector<ParallelSentence> parallelSentences(std::span<const std::int64_t> numbers);

}  // namespace viva
