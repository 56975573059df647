// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences of twelve words in which the brackets match and the verb agrees with the noun: which
// word a blank can be is known exactly, and so is the loss of a reader that knows the grammar.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace viva {

/// `( often dogs here slowly sing now ... )`: an opening bracket of three kinds, a noun and behind
/// it a verb of the same number, at any two of ten places, adverbs at the other eight, and the
/// closing bracket of the same kind. All choices are uniform and independent.
namespace agreement {

inline constexpr std::int64_t kLength = 12, kWords = 28, kBrackets = 3;
inline constexpr std::int64_t kUnseen = -1;

/// Its words, by number: 3 opening and 3 closing brackets, 4 nouns for one and the same 4 for many,
/// 3 verbs for one and the same 3 for many, 8 adverbs.
const std::vector<std::string>& words();

/// Which of the words of a sentence the others decide, and from which side.
enum class Decided { Opening, Noun, Closing, Verb };
inline constexpr std::array kDecided{Decided::Opening, Decided::Noun, Decided::Closing,
                                     Decided::Verb};
/// A bracket has three forms, a noun or a verb two; which one it is can be read off its right.
std::int64_t formsOf(Decided kind);
bool isOnTheRight(Decided kind);
/// The words of form `form`, the first and the one behind the last.
std::array<std::int64_t, 2> wordsOf(Decided kind, std::int64_t form);

struct Sentences {
  torch::Tensor words;       ///< [sentences, 12], int64
  torch::Tensor noun, verb;  ///< [sentences], int64: where they stand
  torch::Tensor number;      ///< [sentences], int64: 0 for one, 1 for many
  torch::Tensor bracket;     ///< [sentences], int64: 0 to 2

  /// Where the word of this kind stands and which form it has, [sentences] each.
  torch::Tensor placeOf(Decided kind) const;
  torch::Tensor formOf(Decided kind) const;
};
Sentences draw(std::int64_t sentences, at::Generator generator);

/// The probability of each of the 28 words at place `blank` of a sentence, given those of its
/// words that are not kUnseen (the one at `blank` is not asked). Empty where no sentence fits.
std::vector<double> answer(const std::vector<std::int64_t>& seen, std::int64_t blank);

/// The words that break the grammar, as far as they can be named: brackets that are out of place or
/// do not match, second nouns and verbs, a verb that does not agree; the last word where the noun
/// or the verb is missing. None in a sentence of the grammar.
std::vector<bool> faults(const std::vector<std::int64_t>& sentence);

/// Another word of the same class that would ask for other words elsewhere: the next kind of
/// bracket, the other number; of an adverb, the next one.
std::int64_t counterpart(std::int64_t word);

}  // namespace agreement
}  // namespace viva
