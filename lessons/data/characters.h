// SPDX-License-Identifier: GPL-3.0-or-later
// A text as numbers of its characters, and what its counts alone foretell; without LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace viva {

/// The characters of UTF-8 text; a byte that belongs to none is a character of its own.
std::vector<std::string> charactersOf(const std::string& text);

inline constexpr std::int64_t kLargestText = 4 << 20;   ///< bytes of a file
inline constexpr std::int64_t kMostCharacters = 5'000;  ///< different ones

/// The user's own text: UTF-8 without its mark, lines ended by a line feed whatever they ended
/// with. Throws FileError that names the file: missing, not a file, larger than kLargestText,
/// UTF-16, not UTF-8 (with the line), empty.
std::string readTextFile(const std::string& path);

/// Every character has a number: its place among those that occur, by code point.
struct CharacterText {
  std::vector<std::string> alphabet{};
  std::vector<std::int64_t> numbers{};

  std::int64_t vocabulary() const { return static_cast<std::int64_t>(alphabet.size()); }
  std::int64_t size() const { return static_cast<std::int64_t>(numbers.size()); }
  /// -1: it does not occur.
  std::int64_t numberOf(const std::string& character) const;
  /// Of all characters of `text`; of those that do not occur, -1.
  std::vector<std::int64_t> encoded(const std::string& text) const;
  std::string decoded(std::span<const std::int64_t> some) const;
};
CharacterText numbered(const std::string& text);

/// Where what is held out begins: the last tenth, at least `least` characters, at most half.
std::int64_t heldOutFrom(std::int64_t size, std::int64_t least);

/// The entropy in nats of a character given the `order` - 1 before it, counted without smoothing:
/// -mean log(c(gram) / c(gram without its last)) over all grams of the text. 1: unigram, 3:
/// trigram. It is the loss of the best table of such counts on the very text that it was counted
/// on, which no such table reaches on another. 0 where the text is shorter than `order`.
double ngramEntropy(std::span<const std::int64_t> numbers, std::int64_t vocabulary, int order);

}  // namespace viva
