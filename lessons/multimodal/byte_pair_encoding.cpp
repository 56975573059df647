// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/byte_pair_encoding.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "lessons/data/characters.h"

namespace viva {
namespace {

enum class Sort { Space, Sign, Letter };

Sort sortOf(const std::string& character) {
  static const std::set<std::string> signs{"，", "。", "？", "！", "；", "：", "、",
                                           "“",  "”",  "《", "》", "（", "）", "…"};
  if (character == " " || character == "\n" || character == "\t") return Sort::Space;
  if (character.size() > 1) return signs.contains(character) ? Sort::Sign : Sort::Letter;
  const char c = character.front();
  const bool is_ascii_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '\'' || (c & 0x80);
  return is_ascii_letter ? Sort::Letter : Sort::Sign;
}

struct PairHash {
  std::size_t operator()(const std::pair<int, int>& pair) const {
    return std::hash<std::int64_t>()((static_cast<std::int64_t>(pair.first) << 32) ^ pair.second);
  }
};

}  // namespace

std::vector<std::string> wordsOf(const std::string& text, SymbolUnit unit) {
  std::vector<std::string> words;
  std::string space;
  bool continues = false;
  for (const std::string& character : charactersOf(text)) {
    const Sort sort = sortOf(character);
    if (sort == Sort::Space) {
      if (unit == SymbolUnit::Bytes && !space.empty()) words.push_back(space);
      space = character;
      continues = false;
      continue;
    }
    if (!(continues && sort == Sort::Letter)) {
      words.push_back(unit == SymbolUnit::Bytes ? space : "");
      space.clear();
    }
    words.back() += character;
    continues = sort == Sort::Letter;
  }
  if (unit == SymbolUnit::Bytes && !space.empty()) words.push_back(space);
  if (unit == SymbolUnit::Characters)
    for (std::string& word : words) word += kWordEnd;
  return words;
}

std::vector<CountedWord> countedWords(const std::string& text, SymbolUnit unit) {
  std::vector<CountedWord> counted;
  std::unordered_map<std::string, std::size_t> place_of;
  for (const std::string& word : wordsOf(text, unit)) {
    const auto [place, is_new] = place_of.emplace(word, counted.size());
    if (is_new) counted.push_back({word, 0});
    counted[place->second].count += 1;
  }
  return counted;
}

std::vector<std::string> symbolsOf(const std::string& word, SymbolUnit unit) {
  std::vector<std::string> symbols;
  if (unit == SymbolUnit::Bytes) {
    for (const char byte : word) symbols.emplace_back(1, byte);
    return symbols;
  }
  const bool ends = word.ends_with(kWordEnd);
  symbols = charactersOf(ends ? word.substr(0, word.size() - kWordEnd.size()) : word);
  if (ends) symbols.push_back(kWordEnd);
  return symbols;
}

PairMerger::PairMerger(const std::vector<CountedWord>& words, SymbolUnit unit, TieRule ties,
                       MergeScore score)
    : words_(words), unit_(unit), ties_(ties), score_(score) {
  std::unordered_map<std::string, int> number_of;
  for (const CountedWord& word : words_) {
    std::vector<int>& segment = segments_.emplace_back();
    for (const std::string& symbol : symbolsOf(word.text, unit)) {
      const auto [place, is_new] = number_of.emplace(symbol, static_cast<int>(names_.size()));
      if (is_new) names_.push_back(symbol);
      segment.push_back(place->second);
    }
  }
  // Every byte has a number, whether the text has it or not: nothing is unknown.
  base_ = unit == SymbolUnit::Bytes ? 256 : static_cast<std::int64_t>(names_.size());
  countPairs();
}

void PairMerger::countPairs() {
  std::unordered_map<std::pair<int, int>, std::size_t, PairHash> place_of;
  std::vector<std::pair<int, int>> pairs;  // in the order of first occurrence
  std::vector<std::int64_t> counts, times(names_.size(), 0);
  for (std::size_t w = 0; w < segments_.size(); ++w)
    for (std::size_t i = 0; i < segments_[w].size(); ++i) {
      times[segments_[w][i]] += words_[w].count;
      if (i + 1 == segments_[w].size()) break;
      const std::pair<int, int> pair{segments_[w][i], segments_[w][i + 1]};
      const auto [place, is_new] = place_of.emplace(pair, pairs.size());
      if (is_new) pairs.push_back(pair), counts.push_back(0);
      counts[place->second] += words_[w].count;
    }
  pairs_.clear();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto [left, right] = pairs[i];
    const auto count = static_cast<double>(counts[i]);
    const double both = static_cast<double>(times[left]) * static_cast<double>(times[right]);
    pairs_.push_back({names_[left], names_[right], counts[i],
                      score_ == MergeScore::Count ? count : count / both});
  }
  // Equal ones stay in the order of first occurrence.
  std::ranges::stable_sort(pairs_, [&](const RankedPair& a, const RankedPair& b) {
    if (a.score != b.score || ties_ == TieRule::First) return a.score > b.score;
    return std::pair(a.left, a.right) > std::pair(b.left, b.right);
  });
}

std::int64_t PairMerger::tied() const {
  const auto is_best = [&](const RankedPair& pair) { return pair.score == pairs_.front().score; };
  return pairs_.empty() ? 0 : std::ranges::count_if(pairs_, is_best) - 1;
}

bool PairMerger::merge() {
  if (pairs_.empty()) return false;
  const RankedPair best = pairs_.front();
  merges_.push_back({best, tied()});
  const auto numberOf = [&](const std::string& name) {
    return static_cast<int>(std::ranges::find(names_, name) - names_.begin());
  };
  const int left = numberOf(best.left), right = numberOf(best.right), made = numberOf(best.both());
  if (made == static_cast<int>(names_.size())) names_.push_back(best.both());
  for (std::vector<int>& segment : segments_) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < segment.size(); ++i) {
      const bool is_pair = i + 1 < segment.size() && segment[i] == left && segment[i + 1] == right;
      segment[kept++] = is_pair ? made : segment[i];
      if (is_pair) ++i;
    }
    segment.resize(kept);
  }
  countPairs();
  return true;
}

std::int64_t PairMerger::tokens() const {
  std::int64_t tokens = 0;
  for (std::size_t w = 0; w < segments_.size(); ++w)
    tokens += words_[w].count * static_cast<std::int64_t>(segments_[w].size());
  return tokens;
}

std::vector<std::vector<std::string>> PairMerger::segmented() const {
  std::vector<std::vector<std::string>> words;
  for (const std::vector<int>& segment : segments_) {
    words.emplace_back();
    for (const int symbol : segment) words.back().push_back(names_[symbol]);
  }
  return words;
}

std::vector<std::string> PairMerger::encode(const std::string& text) const {
  std::vector<std::string> pieces;
  for (const std::string& word : wordsOf(text, unit_))
    for (std::string& piece : encodedWord(word)) pieces.push_back(std::move(piece));
  return pieces;
}

std::vector<std::string> PairMerger::encodedWord(const std::string& word) const {
  std::vector<std::string> symbols = symbolsOf(word, unit_), pieces;
  if (score_ == MergeScore::Count) {
    for (const Merge& merge : merges_) {
      pieces.clear();
      for (std::size_t i = 0; i < symbols.size(); ++i) {
        const bool is_pair = i + 1 < symbols.size() && symbols[i] == merge.pair.left &&
                             symbols[i + 1] == merge.pair.right;
        pieces.push_back(is_pair ? merge.pair.both() : symbols[i]);
        if (is_pair) ++i;
      }
      symbols.swap(pieces);
    }
    return symbols;
  }
  std::set<std::string> known;
  for (const Merge& merge : merges_) known.insert(merge.pair.both());
  for (std::size_t begin = 0, end = 0; begin < symbols.size(); begin = end) {
    std::string piece = symbols[begin], longer = piece;
    end = begin + 1;
    for (std::size_t i = begin + 1; i < symbols.size(); ++i) {
      longer += symbols[i];
      if (known.contains(longer)) piece = longer, end = i + 1;
    }
    pieces.push_back(piece);
  }
  return pieces;
}

std::string shownPiece(const std::string& piece) {
  static const char* const digits = "0123456789ABCDEF";
  std::string shown;
  bool was_byte = false;
  for (const std::string& character : charactersOf(piece)) {
    const auto byte = static_cast<unsigned char>(character.front());
    const bool is_byte = character.size() == 1 && byte >= 0x80;
    if (is_byte && was_byte) shown += ' ';
    shown += is_byte ? std::string{digits[byte >> 4], digits[byte & 15]} : character;
    was_byte = is_byte;
  }
  return shown;
}

}  // namespace viva
