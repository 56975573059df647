// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/tone_words.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr double kBandWidth = 0.7, kCentreJitter = 0.25;

/// Numbers of one kind are drawn together: a tensor of one is slow.
class ToneDraw {
 public:
  explicit ToneDraw(at::Generator generator) : generator_(std::move(generator)) {}

  double uniform() {
    if (next_ == uniform_.size()) {
      uniform_ = numbersOf(torch::rand({512}, generator_, torch::kDouble));
      next_ = 0;
    }
    return uniform_[next_++];
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(uniform() * static_cast<double>(high - low + 1));
  }
  /// Normal, by Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * M_PI * uniform());
  }
  const at::Generator& generator() const { return generator_; }

 private:
  at::Generator generator_;
  std::vector<double> uniform_;
  std::size_t next_ = 0;
};

void addGap(std::vector<float>& frames, ToneDraw& draw) {
  frames.resize(frames.size() + static_cast<std::size_t>(draw.between(1, 3) * kToneBands), 0);
}

/// [time * bands], without noise.
std::vector<float> sung(const ToneWord& word, ToneDraw& draw) {
  std::vector<float> frames;
  addGap(frames, draw);
  for (const std::int64_t letter : word) {
    const double centre = 2 * static_cast<double>(letter - 1) + 0.5 + kCentreJitter * draw.normal();
    const double level = 0.7 + 0.5 * draw.uniform();
    for (std::int64_t frame = draw.between(4, 8); frame > 0; --frame)
      for (std::int64_t band = 0; band < kToneBands; ++band) {
        const double away = (static_cast<double>(band) - centre) / kBandWidth;
        frames.push_back(static_cast<float>(level * std::exp(-away * away / 2)));
      }
    addGap(frames, draw);
  }
  return frames;
}

ToneWordBatch batchOf(std::vector<ToneWord> words, double noise, ToneDraw& draw) {
  ToneWordBatch batch;
  std::vector<std::vector<float>> all;
  std::int64_t longest = 0;
  for (const ToneWord& word : words) {
    all.push_back(sung(word, draw));
    batch.lengths.push_back(static_cast<std::int64_t>(all.back().size()) / kToneBands);
    longest = std::max(longest, batch.lengths.back());
  }
  const auto count = static_cast<std::int64_t>(words.size());
  batch.frames = torch::zeros({count, longest, kToneBands});
  for (std::int64_t i = 0; i < count; ++i)
    batch.frames[i].narrow(0, 0, batch.lengths[i]) =
        torch::tensor(all[i]).view({batch.lengths[i], kToneBands});
  batch.frames += noise * torch::randn(batch.frames.sizes(), draw.generator());
  batch.words = std::move(words);
  return batch;
}

}  // namespace

std::string spelled(const ToneWord& word) {
  std::string letters;
  for (const std::int64_t letter : word) letters += static_cast<char>('a' + letter - 1);
  return letters;
}

ToneWord toneWord(const std::string& letters) {
  ToneWord word;
  for (const char letter : letters)
    if (letter >= 'a' && letter < 'a' + kToneLetters) word.push_back(letter - 'a' + 1);
  return word;
}

torch::Tensor ToneWordBatch::labels() const {
  std::vector<std::int64_t> letters;
  for (const ToneWord& word : words) letters.insert(letters.end(), word.begin(), word.end());
  return torch::tensor(letters, torch::kLong);
}

torch::Tensor ToneWordBatch::labelLengths() const {
  std::vector<std::int64_t> counts;
  for (const ToneWord& word : words) counts.push_back(static_cast<std::int64_t>(word.size()));
  return torch::tensor(counts, torch::kLong);
}

ToneWordBatch drawToneWords(std::int64_t count, const ToneManner& manner, at::Generator generator) {
  ToneDraw draw(std::move(generator));
  std::vector<ToneWord> words;
  for (std::int64_t i = 0; i < count; ++i) {
    ToneWord& word = words.emplace_back();
    for (std::int64_t left = draw.between(3, 6); left > 0; --left) {
      const bool repeats = !word.empty() && draw.uniform() < manner.repeat_share;
      std::int64_t letter = draw.between(1, kToneLetters - (word.empty() ? 0 : 1));
      if (!word.empty() && letter >= word.back()) letter += 1;  // another one than before
      word.push_back(repeats ? word.back() : letter);
    }
  }
  return batchOf(std::move(words), manner.noise, draw);
}

ToneWordBatch sungToneWords(const std::vector<ToneWord>& words, double noise,
                            at::Generator generator) {
  ToneDraw draw(std::move(generator));
  return batchOf(words, noise, draw);
}

}  // namespace viva
