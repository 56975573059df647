// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/characters.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "lessons/core/csv_text.h"
#include "lessons/core/error.h"
#include "lessons/data/utf8_file.h"

namespace viva {
namespace {

/// The character that begins at byte `first`; of what is no UTF-8, that byte.
std::string_view characterAt(std::string_view text, std::size_t first) {
  const auto lead = static_cast<unsigned char>(text[first]);
  std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  for (std::size_t k = 1; k < size; ++k)
    if (first + k >= text.size() || (static_cast<unsigned char>(text[first + k]) & 0xc0) != 0x80)
      size = 1;
  return text.substr(first, size);
}

template <typename Visit>
void visitCharacters(std::string_view text, const Visit& visit) {
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view character = characterAt(text, i);
    visit(character);
    i += character.size();
  }
}

}  // namespace

std::vector<std::string> charactersOf(const std::string& text) {
  std::vector<std::string> characters;
  visitCharacters(text, [&](std::string_view character) { characters.emplace_back(character); });
  return characters;
}

std::string readTextFile(const std::string& path) {
  const std::string content = readUtf8File(path, kLargestText, "error.text_file");
  const std::string_view text = withoutMark(content);
  std::string read;
  read.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r')
      read += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      read += '\n';
  if (read.empty()) throw FileError({"error.text_file.empty", {{"file", path}}});
  return read;
}

std::int64_t CharacterText::numberOf(const std::string& character) const {
  // UTF-8 sorts as its code points do.
  const auto place = std::lower_bound(alphabet.begin(), alphabet.end(), character);
  return place == alphabet.end() || *place != character ? -1 : place - alphabet.begin();
}

std::vector<std::int64_t> CharacterText::encoded(const std::string& text) const {
  std::vector<std::int64_t> some;
  for (const std::string& character : charactersOf(text)) some.push_back(numberOf(character));
  return some;
}

std::string CharacterText::decoded(std::span<const std::int64_t> some) const {
  std::string text;
  for (const std::int64_t number : some) text += alphabet.at(static_cast<std::size_t>(number));
  return text;
}

CharacterText numbered(const std::string& text) {
  CharacterText made;
  std::unordered_map<std::string_view, std::int64_t> number_of;
  visitCharacters(text, [&](std::string_view character) {
    if (number_of.emplace(character, 0).second) made.alphabet.emplace_back(character);
  });
  std::sort(made.alphabet.begin(), made.alphabet.end());
  for (std::size_t i = 0; i < made.alphabet.size(); ++i)
    number_of.at(made.alphabet[i]) = static_cast<std::int64_t>(i);
  visitCharacters(
      text, [&](std::string_view character) { made.numbers.push_back(number_of.at(character)); });
  return made;
}

std::int64_t heldOutFrom(std::int64_t size, std::int64_t least) {
  return size - std::min(size / 2, std::max(size / 10, least));
}

double ngramEntropy(std::span<const std::int64_t> numbers, std::int64_t vocabulary, int order) {
  const auto length = static_cast<std::int64_t>(numbers.size());
  if (length < order) return 0;
  // A gram as one number, its last character last, so that grams with one beginning are neighbours
  // once they are sorted.
  std::vector<std::int64_t> grams;
  for (std::int64_t end = order; end <= length; ++end) {
    std::int64_t gram = 0;
    for (std::int64_t i = end - order; i < end; ++i) gram = gram * vocabulary + numbers[i];
    grams.push_back(gram);
  }
  std::sort(grams.begin(), grams.end());
  const auto runsOf = [&](auto same, auto visit) {
    for (std::size_t begin = 0, end = 0; begin < grams.size(); begin = end) {
      while (end < grams.size() && same(grams[begin], grams[end])) ++end;
      visit(static_cast<double>(end - begin));
    }
  };
  const auto nLogN = [](double n) { return n * std::log(n); };
  double sum = 0;
  runsOf([&](auto a, auto b) { return a / vocabulary == b / vocabulary; },
         [&](double count) { sum += nLogN(count); });
  runsOf([](auto a, auto b) { return a == b; }, [&](double count) { sum -= nLogN(count); });
  return sum / static_cast<double>(grams.size());
}

}  // namespace viva
