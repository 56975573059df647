// SPDX-License-Identifier: GPL-3.0-or-later
// Documents in which the frequent words say nothing and rare ones say everything.
#pragma once

#include "lessons/data/dataset.h"

namespace viva {

inline constexpr std::int64_t kFrequentWords = 200;
inline constexpr std::int64_t kRareWords = 400;  ///< the first half speaks for class 0
inline constexpr std::int64_t kDocumentLength = 20;
/// Of a document's words: `kTellingWords` are rare ones of its class.
inline constexpr std::int64_t kTellingWords = 2;

/// Two classes. Inputs [samples, 20], int64 word numbers. The frequent words, numbers 0 to 199,
/// follow Zipf's law and are drawn alike for both classes; the rare ones follow them. With 1,600
/// documents a rare word is met 8 times on average.
Dataset sparseWords(std::int64_t samples, at::Generator generator);

/// How often each word occurs: [samples, vocabulary], float32. For nets that take no word numbers.
torch::Tensor wordCounts(const Dataset& documents);

}  // namespace viva
