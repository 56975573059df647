// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/unigram_pieces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace viva {
namespace {

constexpr std::size_t kLongestPiece = 8;
constexpr double kNever = -std::numeric_limits<double>::infinity();
/// ln p of a symbol that the text does not have.
constexpr double kUnseen = -30;

double logOfSum(double a, double b) {
  const double larger = std::max(a, b);
  return larger == kNever ? kNever : larger + std::log1p(std::exp(std::min(a, b) - larger));
}

}  // namespace

UnigramPieces::UnigramPieces(const std::vector<CountedWord>& words, SymbolUnit unit)
    : words_(words), unit_(unit) {
  std::map<std::string, double> counts;
  std::map<std::string, bool> is_symbol;
  for (const CountedWord& word : words_) {
    const auto& symbols = symbols_.emplace_back(symbolsOf(word.text, unit));
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      std::string piece;
      is_symbol[symbols[i]] = true;
      for (std::size_t k = i; k < std::min(symbols.size(), i + kLongestPiece); ++k)
        counts[piece += symbols[k]] += static_cast<double>(word.count);
    }
  }
  if (unit == SymbolUnit::Bytes) unseen_ = 256 - static_cast<std::int64_t>(is_symbol.size());
  double all = 0;
  std::erase_if(counts, [&](const auto& piece) {
    return piece.second < 2 && !is_symbol.contains(piece.first);
  });
  for (const auto& [piece, count] : counts) all += count;
  for (const auto& [piece, count] : counts) log_p_[piece] = std::log(count / all);
}

std::map<std::string, double> UnigramPieces::expected() {
  std::map<std::string, double> counts;
  loss_ = 0;
  for (std::size_t w = 0; w < words_.size(); ++w) {
    const auto& symbols = symbols_[w];
    const std::size_t n = symbols.size();
    struct Piece {
      std::size_t begin, end;
      LogProbabilities::const_iterator known;
    };
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < n; ++i) {
      std::string text;
      for (std::size_t k = i; k < std::min(n, i + kLongestPiece); ++k)
        if (const auto known = log_p_.find(text += symbols[k]); known != log_p_.end())
          pieces.push_back({i, k + 1, known});
    }
    std::vector<double> forward(n + 1, kNever), backward(n + 1, kNever);
    forward[0] = backward[n] = 0;
    for (const Piece& p : pieces)  // by their beginnings, which then are complete
      forward[p.end] = logOfSum(forward[p.end], forward[p.begin] + p.known->second);
    for (auto p = pieces.rbegin(); p != pieces.rend(); ++p)
      backward[p->begin] = logOfSum(backward[p->begin], p->known->second + backward[p->end]);
    const auto times = static_cast<double>(words_[w].count);
    loss_ -= times * forward[n];
    for (const Piece& p : pieces)
      counts[p.known->first] +=
          times * std::exp(forward[p.begin] + p.known->second + backward[p.end] - forward[n]);
  }
  return counts;
}

void UnigramPieces::shrinkTo(std::int64_t size) {
  const auto counts = expected();
  double all = 0;
  for (const auto& [piece, count] : counts) all += count;
  for (auto& [piece, log_p] : log_p_) {
    const auto count = counts.find(piece);
    log_p = std::log(std::max(count == counts.end() ? 0 : count->second, 1e-9) / all);
  }
  struct Loss {
    double loss;
    std::string piece;
  };
  std::vector<Loss> losses;
  for (const auto& [piece, log_p] : log_p_) {
    const auto symbols = symbolsOf(piece, unit_);
    if (symbols.size() < 2) continue;
    losses.push_back({counts.at(piece) * (log_p - best(symbols, piece).log_p), piece});
  }
  std::ranges::stable_sort(losses, [](const Loss& a, const Loss& b) { return a.loss < b.loss; });
  for (const Loss& least : losses) {
    if (vocabulary() <= size) break;
    log_p_.erase(least.piece);
  }
}

UnigramPieces::Cut UnigramPieces::best(const std::vector<std::string>& symbols,
                                       const std::string& without) const {
  const std::size_t n = symbols.size();
  std::vector<double> log_p(n + 1, kNever);
  std::vector<std::size_t> from(n + 1, 0);
  log_p[0] = 0;
  for (std::size_t i = 0; i < n; ++i) {
    std::string piece;
    for (std::size_t k = i; k < std::min(n, i + kLongestPiece); ++k) {
      piece += symbols[k];
      const auto known = log_p_.find(piece);
      if (piece == without || (known == log_p_.end() && k > i)) continue;
      const double reached = log_p[i] + (known == log_p_.end() ? kUnseen : known->second);
      if (reached > log_p[k + 1]) log_p[k + 1] = reached, from[k + 1] = i;
    }
  }
  Cut cut{{}, log_p[n]};
  for (std::size_t end = n; end > 0; end = from[end]) {
    std::string piece;
    for (std::size_t i = from[end]; i < end; ++i) piece += symbols[i];
    cut.pieces.insert(cut.pieces.begin(), piece);
  }
  return cut;
}

std::int64_t UnigramPieces::tokens() const {
  std::int64_t tokens = 0;
  for (std::size_t w = 0; w < words_.size(); ++w)
    tokens += words_[w].count * static_cast<std::int64_t>(best(symbols_[w]).pieces.size());
  return tokens;
}

std::vector<std::string> UnigramPieces::encode(const std::string& text) const {
  std::vector<std::string> pieces;
  // countedWords would forget the order.
  for (const std::string& word : wordsOf(text, unit_))
    for (std::string& piece : encodedWord(word)) pieces.push_back(std::move(piece));
  return pieces;
}

std::vector<std::string> UnigramPieces::encodedWord(const std::string& word) const {
  return best(symbolsOf(word, unit_)).pieces;
}

}  // namespace viva
