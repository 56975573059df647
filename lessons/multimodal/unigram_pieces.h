// SPDX-License-Identifier: GPL-3.0-or-later
// The Unigram vocabulary (Kudo, arXiv 1804.10959): it begins with too many pieces, gives each a
// probability, and lets go of those that the likelihood misses least. Without LibTorch.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lessons/multimodal/byte_pair_encoding.h"

namespace viva {

class UnigramPieces {
 public:
  /// At first every run of 1 to 8 symbols that occurs at least twice, and every symbol.
  UnigramPieces(const std::vector<CountedWord>& words, SymbolUnit unit);

  /// An iteration of expectation and maximisation over all cuts of all words, then the pieces that
  /// cost least are let go until there are `size`. Single symbols stay.
  void shrinkTo(std::int64_t size);

  std::int64_t vocabulary() const { return static_cast<std::int64_t>(log_p_.size()) + unseen_; }
  std::int64_t tokens() const;  ///< of the text that is learned from, in its likeliest cuts
  double loss() const {
    return loss_;
  }  ///< -ln p of the text over all cuts, before the last shrink
  std::vector<std::string> encode(const std::string& text) const;
  std::vector<std::string> encodedWord(const std::string& word) const;  ///< one of wordsOf

 private:
  using LogProbabilities = std::map<std::string, double>;
  struct Cut {
    std::vector<std::string> pieces;
    double log_p = 0;
  };
  /// The likeliest cut; `without` may not take part.
  Cut best(const std::vector<std::string>& symbols, const std::string& without = "") const;
  /// How often each piece is expected, over all cuts of all words.
  std::map<std::string, double> expected();

  std::vector<CountedWord> words_;
  SymbolUnit unit_;
  std::vector<std::vector<std::string>> symbols_;  ///< one a word
  LogProbabilities log_p_;
  std::int64_t unseen_ = 0;  ///< bytes that the text does not have
  double loss_ = 0;
};

}  // namespace viva
