// SPDX-License-Identifier: GPL-3.0-or-later
// A vocabulary grows by a merge a step: alone, or beside others that differ in the rule for ties,
// in the method, or in the languages that they learn from.
#include "lessons/multimodal/bpe_trainer.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lessons/core/file_name.h"
#include "lessons/data/characters.h"
#include "lessons/data/dataset.h"
#include "lessons/multimodal/bpe_views.h"
#include "lessons/multimodal/multimodal_streams.h"
#include "lessons/multimodal/parallel_sentences.h"
#include "lessons/multimodal/unigram_pieces.h"

namespace viva {
namespace {

constexpr std::int64_t kSentences = 600, kHeldOutSentences = 100;
constexpr std::size_t kLongestLearned = 500'000;  ///< bytes of a file: a merge stays quick
constexpr double kLittleChinese = 0.05;

std::string exampleText() {
  std::string text;
  for (const auto& [word, times] : std::vector<std::pair<std::string, int>>{
           {"low", 5}, {"lower", 2}, {"newest", 6}, {"widest", 3}})
    for (int i = 0; i < times; ++i) text += word + " ";
  text.pop_back();
  return text;
}

/// `share` of the sentences in Chinese, spread evenly.
std::string mixedText(const std::vector<ParallelSentence>& sentences, double share) {
  std::string text;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const auto chinese = [&](std::size_t n) { return std::floor(share * static_cast<double>(n)); };
    text += (chinese(i + 1) > chinese(i) ? sentences[i].chinese : sentences[i].english) + "\n";
  }
  return text;
}

class BpeTrainer : public Experiment {
 public:
  BpeTrainer(const Parameters& p, const RunContext& context)
      : preset_(context.preset), merges_(p[kMerges]), unit_(p[kBpeUnit]) {
    const auto drawn =
        torch::randint(0, 1 << 30, {kSentences + kHeldOutSentences, kNumbersASentence},
                       generatorFor(context.seed, kSentenceStream), torch::kLong);
    const auto* numbers = drawn.data_ptr<std::int64_t>();
    auto sentences = parallelSentences({numbers, static_cast<std::size_t>(drawn.numel())});
    std::string english, chinese;
    for (auto sentence = sentences.begin() + kSentences; sentence != sentences.end(); ++sentence) {
      english += sentence->english + "\n";
      chinese += sentence->chinese + "\n";
    }
    held_out_english_ = countedWords(english, unit_);
    held_out_chinese_ = countedWords(chinese, unit_);
    sentences.resize(kSentences);
    if (p[kBpeText] == BpeText::File) file_ = fileName(p[kBpeFile]);
    makeTokenizers(p, sentences);
    state_.first_tokens = mergers_.front().tokens();
    apply(p);
  }

  void apply(const Parameters& p) override {
    probe_ = p[kBpeProbe].text;
    piece_ = p[kBpePiece];
    measure();
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    const std::int64_t tied = mergers_.front().tied();
    bool merged = false;
    for (PairMerger& merger : mergers_) merged |= merger.merge();  // the best pair, everywhere
    state_.step += 1;
    if (unigram_) shrinkUnigram();
    if (merged && !mergers_.front().merges().empty()) {
      const Merge& last = mergers_.front().merges().back();
      state_.merged = shownPiece(last.pair.left) + " + " + shownPiece(last.pair.right);
      state_.count = last.pair.count;
      state_.tied = last.tied;
      state_.ties += tied > 0 ? 1 : 0;
    }
    measure();
    record(recorder);
    return merged && state_.step < merges_;
  }

  void snapshot(Frame& frame) const override {
    std::vector<EncodedProbe> probes;
    for (std::size_t i = 0; i < ids_.size(); ++i) probes.push_back({ids_[i], encoded(i, probe_)});
    showPieces(frame, probes);
    const auto& pieces = probes.front().pieces;
    const auto shown = std::min<std::size_t>(static_cast<std::size_t>(piece_),
                                             pieces.empty() ? 0 : pieces.size() - 1);
    showMergeTree(frame, mergers_.front(), pieces.empty() ? "" : pieces[shown], unit_);
    showPairs(frame, mergers_.front());
    showMerges(frame, mergers_.front());
    showWords(frame, mergers_.front());
    showBpeStandings(frame, state_);
    frame.at<VerdictData>("verdict") = bpeVerdict(preset_, state_);
  }

  /// Each merge takes its count off the tokens, less what overlaps; and cutting the text anew by
  /// the merges, from single symbols, gives what the training holds.
  void check(CheckSink& sink) const override {
    const PairMerger& own = mergers_.front();
    const auto segments = own.segmented();
    double differing = 0;
    for (std::size_t w = 0; w < segments.size(); ++w) {
      std::vector<std::string> symbols = symbolsOf(own.words()[w].text, unit_);
      for (const Merge& merge : own.merges())
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i)
          if (symbols[i] == merge.pair.left && symbols[i + 1] == merge.pair.right) {
            symbols[i] = merge.pair.both();
            symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
          }
      if (symbols != segments[w]) differing += 1;
    }
    sink.compare("anew", differing, 0);
    std::string joined, original;
    for (const auto& segment : segments)
      for (const std::string& piece : segment) joined += piece;
    for (const CountedWord& word : own.words()) original += word.text;
    sink.compare("lossless", joined == original ? 0 : 1, 0);
  }

  std::optional<Message> filesRead() const override {
    if (file_.empty()) return std::nullopt;
    return Message{"bpe-trainer.file_read",
                   {{"file", file_},
                    {"bytes", text_bytes_},
                    {"words", static_cast<std::int64_t>(mergers_.front().words().size())}}};
  }

 private:
  void makeTokenizers(const Parameters& p, const std::vector<ParallelSentence>& sentences) {
    ids_ = tokenizersOf(p);
    std::string text;
    switch (p[kBpeText]) {
      case BpeText::Example:
        text = exampleText();
        break;
      case BpeText::English:
        text = mixedText(sentences, 0);
        break;
      case BpeText::Chinese:
        text = mixedText(sentences, 1);
        break;
      case BpeText::Mixed:
        text = mixedText(sentences, p[kChineseShare]);
        break;
      case BpeText::File:
        text = readTextFile(p[kBpeFile].path).substr(0, kLongestLearned);
        break;
    }
    text_bytes_ = static_cast<std::int64_t>(text.size());
    const auto words = countedWords(text, unit_);
    switch (p[kBpeCompare]) {
      case BpeRival::None:
        mergers_.emplace_back(words, unit_, p[kTies]);
        break;
      case BpeRival::Ties:
        mergers_.emplace_back(words, unit_, TieRule::First);
        mergers_.emplace_back(words, unit_, TieRule::SortedLast);
        break;
      case BpeRival::Method:
        mergers_.emplace_back(words, unit_, p[kTies]);
        mergers_.emplace_back(words, unit_, p[kTies], MergeScore::Likelihood);
        unigram_.emplace(words, unit_);
        unigram_begins_ = unigram_->vocabulary();
        unigram_ends_ = mergers_.front().vocabulary() + merges_;
        break;
      case BpeRival::Mix:
        for (const double share : {kLittleChinese, 0.5})
          mergers_.emplace_back(countedWords(mixedText(sentences, share), unit_), unit_, p[kTies]);
        break;
    }
    measures_sentences_ = measuresSentences(p);
  }

  /// In equal ratios, so that after the last merge all three have as many pieces.
  void shrinkUnigram() {
    const double done = static_cast<double>(state_.step) / static_cast<double>(merges_);
    const auto from = static_cast<double>(unigram_begins_), to = static_cast<double>(unigram_ends_);
    unigram_->shrinkTo(static_cast<std::int64_t>(std::llround(from * std::pow(to / from, done))));
  }

  std::vector<std::string> encoded(std::size_t tokenizer, const std::string& text) const {
    return tokenizer < mergers_.size() ? mergers_[tokenizer].encode(text) : unigram_->encode(text);
  }

  /// Of a held-out sentence; `words` are those of all of them.
  double meanTokens(std::size_t tokenizer, const std::vector<CountedWord>& words) const {
    std::int64_t tokens = 0;
    for (const CountedWord& word : words) {
      const auto pieces = tokenizer < mergers_.size() ? mergers_[tokenizer].encodedWord(word.text)
                                                      : unigram_->encodedWord(word.text);
      tokens += word.count * static_cast<std::int64_t>(pieces.size());
    }
    return static_cast<double>(tokens) / kHeldOutSentences;
  }

  void measure() {
    state_.merges = static_cast<std::int64_t>(mergers_.front().merges().size());
    state_.probe_words = static_cast<std::int64_t>(wordsOf(probe_, unit_).size());
    state_.standings.clear();
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const bool merges = i < mergers_.size();
      BpeStanding& standing = state_.standings.emplace_back();
      standing.id = ids_[i];
      standing.tokens = merges ? mergers_[i].tokens() : unigram_->tokens();
      standing.vocabulary = merges ? mergers_[i].vocabulary() : unigram_->vocabulary();
      double bytes = 0;
      for (const CountedWord& word : mergers_[merges ? i : 0].words())
        bytes += static_cast<double>(word.count) * bytesIn(word.text);
      standing.bytes_per_token = bytes / static_cast<double>(standing.tokens);
      standing.probe_pieces = static_cast<std::int64_t>(encoded(i, probe_).size());
      if (measures_sentences_) {
        standing.english = meanTokens(i, held_out_english_);
        standing.chinese = meanTokens(i, held_out_chinese_);
      }
    }
    if (mergers_.size() > 1) state_.only_here = differing(mergers_[0], mergers_[1]);
    state_.piece_at = 0;
    const auto pieces = encoded(0, probe_);
    for (std::size_t i = 0; i < std::min(pieces.size(), static_cast<std::size_t>(piece_)); ++i)
      state_.piece_at += static_cast<std::int64_t>(pieces[i].size());
  }

  /// Of the text; kWordEnd stands for a space.
  static double bytesIn(const std::string& word) {
    return static_cast<double>(word.ends_with(kWordEnd) ? word.size() - kWordEnd.size() + 1
                                                        : word.size());
  }

  /// Pieces that the first has and the second has not.
  static std::int64_t differing(const PairMerger& first, const PairMerger& second) {
    std::set<std::string> others;
    for (const Merge& merge : second.merges()) others.insert(merge.pair.both());
    return std::ranges::count_if(
        first.merges(), [&](const Merge& merge) { return !others.contains(merge.pair.both()); });
  }

  void record(Recorder& recorder) const {
    const auto add = [&](const std::string& prefix, const BpeStanding& standing) {
      recorder.add(prefix + "tokens", static_cast<double>(standing.tokens));
      recorder.add(prefix + "vocabulary", static_cast<double>(standing.vocabulary));
      recorder.add(prefix + "bytes_per_token", standing.bytes_per_token);
      recorder.add(prefix + "probe_pieces", static_cast<double>(standing.probe_pieces));
      if (!measures_sentences_) return;
      recorder.add(prefix + "english", *standing.english);
      recorder.add(prefix + "chinese", *standing.chinese);
    };
    add("", state_.own());
    recorder.add("piece_at", static_cast<double>(state_.piece_at));
    recorder.add("tied", static_cast<double>(mergers_.front().tied()));
    if (ids_.size() == 1) return;
    recorder.add("differing", static_cast<double>(state_.only_here));
    for (const BpeStanding& standing : state_.standings) add(standing.id + "/", standing);
  }

  std::string preset_, file_;
  std::int64_t merges_, piece_ = 0, text_bytes_ = 0;
  SymbolUnit unit_;
  std::vector<std::string> ids_;
  std::vector<PairMerger> mergers_;
  std::optional<UnigramPieces> unigram_;
  std::int64_t unigram_begins_ = 0, unigram_ends_ = 0;
  std::vector<CountedWord> held_out_english_, held_out_chinese_;
  bool measures_sentences_ = false;
  std::string probe_;
  BpeState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeBpeTrainer(const Parameters& parameters,
                                           const RunContext& context) {
  return std::make_unique<BpeTrainer>(parameters, context);
}

}  // namespace viva
