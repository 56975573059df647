// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `bpe-trainer` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/multimodal/byte_pair_encoding.h"

namespace viva {

enum class BpeText { Example, English, Chinese, Mixed, File };
/// In what the tokenizers differ that learn side by side.
enum class BpeRival { None, Ties, Method, Mix };

/// The ids of the tokenizers in records.
inline const std::string kFirstTie = "first", kLastTie = "sorted-last", kBpe = "bpe",
                         kWordPiece = "wordpiece", kUnigram = "unigram",
                         kMostlyEnglish = "mostly-english", kHalfAndHalf = "half-and-half";

inline constexpr std::int64_t kMostMerges = 2000;

const auto kBpeText = choice<BpeText>("text",
                                      {{BpeText::Example, "example"},
                                       {BpeText::English, "english"},
                                       {BpeText::Chinese, "chinese"},
                                       {BpeText::Mixed, "mixed"},
                                       {BpeText::File, "file"}},
                                      BpeText::Mixed)
                          .grouped("data");
const auto kBpeFile = file("data_file").grouped("data").onlyWhen(kBpeText, {BpeText::File});
/// Of the sentences of the mixed text, those that are Chinese.
const auto kChineseShare = real("chinese_share", 0.5)
                               .range(0, 1)
                               .stepping(0.05)
                               .grouped("data")
                               .onlyWhen(kBpeText, {BpeText::Mixed});
const auto kBpeUnit = choice<SymbolUnit>("unit", {{SymbolUnit::Bytes, "bytes"},
                                                  {SymbolUnit::Characters, "characters"}})
                          .grouped("tokenizer");
const auto kTies =
    choice<TieRule>("ties", {{TieRule::First, "first"}, {TieRule::SortedLast, "sorted-last"}})
        .grouped("tokenizer");
const auto kMerges =
    integer("merges", 150).range(1, kMostMerges).logarithmic().grouped("tokenizer");
const auto kBpeCompare = choice<BpeRival>("compare",
                                          {{BpeRival::None, "none"},
                                           {BpeRival::Ties, "ties"},
                                           {BpeRival::Method, "method"},
                                           {BpeRival::Mix, "mix"}},
                                          BpeRival::Mix)
                             .grouped("tokenizer");
const auto kBpeProbe = text("probe", "lowest newer wider slow").live().grouped("probe");
/// Of the probe's pieces, the one whose merges are drawn.
const auto kBpePiece = integer("piece", 0).range(0, 999).live().grouped("probe");

/// How a tokenizer does. What a run does not measure is absent.
struct BpeStanding {
  std::string id;
  std::int64_t tokens = 0, vocabulary = 0;
  double bytes_per_token = 0;
  std::int64_t probe_pieces = 0;
  /// Mean tokens of a held-out sentence, in either language.
  std::optional<double> english{}, chinese{};
};

/// What the claims look at.
struct BpeState {
  std::int64_t step = 0, merges = 0, probe_words = 0;
  std::vector<BpeStanding> standings{};
  std::int64_t first_tokens = 0;  ///< before the first merge
  std::int64_t piece_at = 0;      ///< the byte of the probe at which the shown token begins
  std::string merged{};           ///< the last one, as `es + t`
  std::int64_t count = 0, tied = 0;
  std::int64_t ties = 0;  ///< merges so far that were tied
  /// Of two that merge side by side: pieces of the first vocabulary that the second has not.
  std::int64_t only_here = 0;

  const BpeStanding& own() const { return standings.front(); }
  const BpeStanding* find(std::string_view id) const;
};
VerdictData bpeVerdict(const std::string& preset, const BpeState& state);

/// The ids of the tokenizers that learn, the one that is set first; one empty id for it alone.
std::vector<std::string> tokenizersOf(const Parameters& parameters);
/// Whether the tokens of held-out sentences are records.
bool measuresSentences(const Parameters& parameters);

std::unique_ptr<Experiment> makeBpeTrainer(const Parameters& parameters, const RunContext& context);

}  // namespace viva
