// SPDX-License-Identifier: GPL-3.0-or-later
// Subword vocabularies that grow by merging the best pair of neighbours: BPE (Sennrich et al.,
// arXiv 1508.07909) and WordPiece (Schuster and Nakajima, 2012). Without LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

/// What a text is cut into before the first merge: its bytes, or its characters.
enum class SymbolUnit { Bytes, Characters };
/// Which of the pairs with the highest score is merged: the one that the text has first, or the one
/// that sorts last.
enum class TieRule { First, SortedLast };
/// How often a pair occurs; or that divided by how often both its parts do.
enum class MergeScore { Count, Likelihood };

inline const std::string kWordEnd = "</w>";

struct CountedWord {
  std::string text;
  std::int64_t count = 1;
};
/// What merges never cross, in order. In bytes, a word has the space before it, as GPT-2's; in
/// characters, it ends with kWordEnd and spaces are gone. Signs of punctuation are words.
std::vector<std::string> wordsOf(const std::string& text, SymbolUnit unit);
/// Each word once, in the order of first occurrence.
std::vector<CountedWord> countedWords(const std::string& text, SymbolUnit unit);
/// The symbols of one word before any merge.
std::vector<std::string> symbolsOf(const std::string& word, SymbolUnit unit);

struct RankedPair {
  std::string left, right;
  std::int64_t count = 0;
  double score = 0;
  std::string both() const { return left + right; }
};

struct Merge {
  RankedPair pair;
  std::int64_t tied = 0;  ///< other pairs that had the same score
};

/// Learns merges from a text, one at a time.
class PairMerger {
 public:
  PairMerger(const std::vector<CountedWord>& words, SymbolUnit unit, TieRule ties,
             MergeScore score = MergeScore::Count);

  /// The pairs of now, best first: the next merge is the first of them.
  const std::vector<RankedPair>& pairs() const { return pairs_; }
  std::int64_t tied() const;  ///< pairs that have the score of the first, without it
  /// Merges the best pair everywhere. False: every word is one symbol.
  bool merge();

  const std::vector<Merge>& merges() const { return merges_; }
  std::int64_t tokens() const;  ///< of the text that is learned from
  std::int64_t vocabulary() const { return base_ + static_cast<std::int64_t>(merges_.size()); }
  /// The text's words as they are now, with their counts.
  std::vector<std::vector<std::string>> segmented() const;
  const std::vector<CountedWord>& words() const { return words_; }
  /// The pieces of any text: by BPE the merges in the order in which they were learned, by
  /// WordPiece from the left the longest known piece.
  std::vector<std::string> encode(const std::string& text) const;
  std::vector<std::string> encodedWord(const std::string& word) const;  ///< one of wordsOf

 private:
  void countPairs();

  std::vector<CountedWord> words_;
  SymbolUnit unit_;
  TieRule ties_;
  MergeScore score_;
  std::vector<std::string> names_;          ///< of symbols, by number
  std::vector<std::vector<int>> segments_;  ///< one a word
  std::int64_t base_ = 0;
  std::vector<RankedPair> pairs_;
  std::vector<Merge> merges_;
};

/// For people: bytes that are no whole character as `E4`, the rest as it is.
std::string shownPiece(const std::string& piece);

}  // namespace viva
