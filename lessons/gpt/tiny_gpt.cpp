// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/tiny_gpt.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>
#include <span>

#include "lessons/core/error.h"
#include "lessons/data/characters.h"
#include "lessons/data/dataset.h"
#include "lessons/data/grammar_text.h"
#include "lessons/gpt/generation.h"
#include "lessons/gpt/gpt_streams.h"
#include "lessons/gpt/held_out.h"
#include "lessons/gpt/tiny_gpt_views.h"
#include "lessons/nn/attention_views.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr std::int64_t kGptEvaluateEvery = 10, kSampled = 120, kLongestPrompt = 32;
constexpr double kWeightDecay = 0.05, kSmallestRate = 0.1;
constexpr std::int64_t kRecentBatches = 20;

std::string textOf(const Parameters& p) {
  switch (p[kGptText]) {
    case GptText::English:
      return grammarText(GrammarLanguage::English);
    case GptText::Chinese:
      return grammarText(GrammarLanguage::Chinese);
    case GptText::File:
      break;
  }
  return readTextFile(p[kGptFile].path);
}

/// A window to learn from and one to be judged by, each with the character behind it.
std::optional<Message> problemWithLength(const CharacterText& text, std::int64_t context) {
  const std::int64_t needed = 2 * (context + 1);
  if (text.size() < needed)
    return Message{"error.gpt.short_text",
                   {{"found", text.size()}, {"needed", needed}, {"context", context}}};
  if (text.vocabulary() < 2 || text.vocabulary() > kMostCharacters)
    return Message{"error.gpt.alphabet",
                   {{"found", text.vocabulary()}, {"limit", kMostCharacters}}};
  return std::nullopt;
}

/// The characters of `prompt` that the text does not have, each once.
std::string unknownOf(const CharacterText& text, const std::string& prompt) {
  std::string unknown;
  for (const std::string& character : charactersOf(prompt))
    if (text.numberOf(character) < 0 && unknown.find(character) == std::string::npos)
      unknown += character;
  return unknown;
}

std::optional<Message> problemWithPrompt(const CharacterText& text, const Parameters& p) {
  const std::string& prompt = p[kPrompt].text;
  if (prompt.empty()) return std::nullopt;
  const auto length = static_cast<std::int64_t>(charactersOf(prompt).size());
  if (length > p[kGptContext])
    return Message{"error.gpt.long_prompt", {{"found", length}, {"limit", p[kGptContext]}}};
  if (length < 2) return Message{"error.gpt.short_prompt", {}};
  if (const std::string unknown = unknownOf(text, prompt); !unknown.empty())
    return Message{"error.gpt.unknown", {{"characters", unknown}}};
  return std::nullopt;
}

NgramLines linesOf(std::span<const std::int64_t> numbers, std::int64_t vocabulary) {
  return {ngramEntropy(numbers, vocabulary, 1), ngramEntropy(numbers, vocabulary, 2),
          ngramEntropy(numbers, vocabulary, 3)};
}

/// The same by probabilities of pairs and triples in maps, one after the other.
double countedEntropy(std::span<const std::int64_t> numbers, std::size_t order) {
  std::map<std::vector<std::int64_t>, double> grams, contexts;
  for (std::size_t i = 0; i + order <= numbers.size(); ++i) {
    const auto gram = numbers.subspan(i, order);
    grams[{gram.begin(), gram.end()}] += 1;
    contexts[{gram.begin(), gram.end() - 1}] += 1;
  }
  double sum = 0, total = 0;
  for (const auto& [gram, count] : grams) {
    sum -= count * std::log(count / contexts.at({gram.begin(), gram.end() - 1}));
    total += count;
  }
  return sum / total;
}

class TinyGpt : public Experiment {
 public:
  TinyGpt(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        seed_(context.seed),
        text_(numbered(textOf(parameters))),
        context_(parameters[kGptContext]),
        batches_(generatorFor(context.seed, kGptBatchStream)) {
    if (const auto problem = problemWithLength(text_, context_)) throw RequestError(*problem);
    if (parameters[kGptText] == GptText::File) file_ = parameters[kGptFile].path;
    const std::int64_t held_out_from = heldOutFrom(text_.size(), context_ + 1);
    const std::int64_t learned =
        std::min(held_out_from, std::max(parameters[kLearnedFrom], context_ + 1));
    const std::span<const std::int64_t> numbers(text_.numbers);
    learned_ = numbers.first(static_cast<std::size_t>(learned));
    held_out_ = numbers.subspan(static_cast<std::size_t>(held_out_from));
    state_.lines = linesOf(learned_, text_.vocabulary());
    stopIfAsked(context.stop);
    const auto onDevice = [&](std::span<const std::int64_t> some) {
      return torch::tensor(std::vector<std::int64_t>(some.begin(), some.end()), torch::kLong)
          .to(context.device);
    };
    training_ = onDevice(learned_);
    held_out_tokens_ = onDevice(held_out_);

    TransformerShape shape;
    shape.vocabulary = text_.vocabulary();
    shape.context = context_;
    shape.width = parameters[kGptWidth];
    shape.heads = parameters[kGptHeads];
    shape.layers = parameters[kGptLayers];
    net_ =
        std::make_unique<Transformer>(shape, std::vector{Manner{.is_causal = true}},
                                      generatorFor(context.seed, kGptWeightStream), context.device);
    apply(parameters);
    evaluate();
  }

  void apply(const Parameters& p) override {
    rate_ = p[kGptRate];
    warmup_ = p[kGptWarmup];
    decay_steps_ = p[kGptDecay];
    batch_size_ = p[kGptBatch];
    layer_ = std::min(p[kShownLayer], p[kGptLayers] - 1);
    head_ = std::min(p[kShownHead], p[kGptHeads] - 1);
    filters_ = filtersOf(p);
    if (const auto problem = problemWithPrompt(text_, p)) throw RequestError(*problem);
    const std::int64_t first = std::min({context_, kLongestPrompt, std::ssize(held_out_)});
    prompt_ = p[kPrompt].text.empty() ? std::vector(held_out_.begin(), held_out_.begin() + first)
                                      : text_.encoded(p[kPrompt].text);
    sampled_at_ = -1;
  }

  bool step(Recorder& recorder) override {
    const auto windows = drawWindows();                                 // [batch, context + 1]
    const auto logits = net_->forward(windows.narrow(1, 0, context_));  // [1, batch, context, V]
    const auto loss = tokenLoss(logits, windows.narrow(1, 1, context_));
    net_->weights().differentiate(loss);
    state_.step += 1;
    net_->weights().update(AdamW{rateNow(), 0.9, 0.95, kWeightDecay});

    recordLoss(recorder, loss.item<double>());
    if (state_.step % kGptEvaluateEvery == 0) {
      evaluate();
      recordEvaluation(recorder);
    }
    return true;
  }

  void initial(Recorder& recorder) override {
    recordLines(recorder);
    recordEvaluation(recorder);
  }

  void snapshot(Frame& frame) const override {
    const GptProbe probe{*net_, text_, prompt_};
    frame.at<TokensData>("text") = surpriseTokens(text_, held_out_, reading_.surprise);
    frame.at<TokensData>("sample") = sampleNow(probe);
    showProbe(frame, probe, layer_, head_, filters_);
    frame.at<VerdictData>("verdict") = gptVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    net_->save(sink);
    const auto tokens = promptTokens();
    saveProbe(sink, tokens, net_->forward(tokens.unsqueeze(0))[0][0]);
  }

  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto some = learned_.first(std::min<std::size_t>(learned_.size(), 5000));
    double off = 0;
    for (int order = 1; order <= 3; ++order)
      off = std::max(off, std::abs(ngramEntropy(some, text_.vocabulary(), order) -
                                   countedEntropy(some, static_cast<std::size_t>(order))));
    sink.compare("n-grams", off, 1e-9);
    const auto tokens = promptTokens();
    const auto whole = net_->forward(tokens.unsqueeze(0))[0][0];
    sink.compare("cached-logits", (cachedLogits(*net_, tokens) - whole).abs().max().item<double>(),
                 2e-4);
  }

  std::optional<Message> filesRead() const override {
    if (file_.empty()) return std::nullopt;
    return Message{"tiny-gpt.file_read",
                   {{"file", std::filesystem::path(file_).filename().string()},
                    {"characters", text_.size()},
                    {"different", text_.vocabulary()},
                    {"learned", std::ssize(learned_)},
                    {"held_out", std::ssize(held_out_)}}};
  }

 private:
  torch::Tensor drawWindows() {
    const auto first =
        torch::randint(0, training_.size(0) - context_, {batch_size_, 1}, batches_, torch::kLong);
    return training_.index({(first + torch::arange(context_ + 1)).to(training_.device())});
  }

  /// Up to the rate in a straight line, then down to a tenth of it along half a cosine.
  double rateNow() const {
    const auto t = static_cast<double>(state_.step);
    const double done = std::min(1.0, t / static_cast<double>(decay_steps_));
    const double down = (1 + std::cos(std::numbers::pi * done)) / 2;
    return rate_ * warmUpShare(state_.step, warmup_) * (kSmallestRate + (1 - kSmallestRate) * down);
  }

  void evaluate() {
    reading_ = readHeldOut(*net_, held_out_tokens_);
    state_.held_out = reading_.loss();
    state_.concentration = reading_.concentration();
    state_.lens = reading_.lens;
    if (state_.step == 0 || state_.held_out < state_.lowest) {
      state_.lowest = state_.held_out;
      state_.lowest_at = state_.step;
    }
    const auto follow = [&](double line, std::optional<std::int64_t>& since) {
      if (!(state_.held_out < line))
        since.reset();
      else if (!since)
        since = state_.step;
    };
    follow(state_.lines.bigram, state_.below_pairs_since);
    follow(state_.lines.trigram, state_.below_since);
  }

  void recordLines(Recorder& recorder) const {
    recorder.add("unigram", state_.lines.unigram);
    recorder.add("bigram", state_.lines.bigram);
    recorder.add("trigram", state_.lines.trigram);
  }

  void recordLoss(Recorder& recorder, double loss) {
    recorder.add("loss", loss);
    recordLines(recorder);
    const auto weight = static_cast<double>(std::min(state_.step, kRecentBatches));
    state_.loss += (loss - state_.loss) / weight;
  }

  void recordEvaluation(Recorder& recorder) const {
    recorder.add("validation_loss", state_.held_out);
    recorder.add("concentration", state_.concentration);
    for (std::size_t k = 0; k < state_.lens.size(); ++k)
      recorder.add("lens/" + std::to_string(k), state_.lens[k]);
  }

  torch::Tensor promptTokens() const {
    return torch::tensor(prompt_, torch::kLong).to(training_.device());
  }

  /// What the net would write now; from one evaluation to the next it stays, for it takes longer
  /// than an update.
  const TokensData& sampleNow(const GptProbe& probe) const {
    const std::int64_t at = state_.step / kGptEvaluateEvery;
    if (sampled_at_ != at) {
      sample_ = sampleTokens(
          probe, surpriseOf(*net_, prompt_),
          continued(*net_, prompt_, kSampled, filters_, generatorFor(seed_, kGptSampleStream)));
      sampled_at_ = at;
    }
    return sample_;
  }

  std::string preset_, file_;
  std::uint64_t seed_;
  CharacterText text_;
  std::int64_t context_;
  at::Generator batches_;
  std::span<const std::int64_t> learned_, held_out_;  ///< parts of text_
  torch::Tensor training_, held_out_tokens_;          ///< [characters]
  std::unique_ptr<Transformer> net_;
  double rate_ = 0;
  std::int64_t warmup_ = 0, decay_steps_ = 1, batch_size_ = 1, layer_ = 0, head_ = 0;
  SamplingFilters filters_;
  std::vector<std::int64_t> prompt_;
  HeldOutReading reading_;
  GptState state_;
  mutable TokensData sample_;
  mutable std::int64_t sampled_at_ = -1;
};

}  // namespace

SamplingFilters filtersOf(const Parameters& p) {
  SamplingFilters filters;
  filters.temperature = p[kGptTemperature];
  filters.top_k = p[kGptTopK];
  filters.top_p = p[kGptTopP];
  return filters;
}

std::optional<Message> problemWithText(const Parameters& p) {
  const bool is_file = p[kGptText] == GptText::File;
  if (is_file && p[kPrompt].text.empty()) return std::nullopt;
  CharacterText text;
  try {
    text = numbered(textOf(p));
  } catch (const FileError&) {
    return std::nullopt;  // said by whoever makes the experiment, as an error of a file
  }
  if (auto problem = problemWithLength(text, p[kGptContext])) return problem;
  return problemWithPrompt(text, p);
}

std::unique_ptr<Experiment> makeTinyGpt(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<TinyGpt>(parameters, context);
}

}  // namespace viva
