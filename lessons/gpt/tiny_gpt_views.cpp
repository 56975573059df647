// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/tiny_gpt_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lessons/nn/attention_views.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::size_t kMostBars = 12;

/// As a label: what has no ink gets some.
std::string label(const std::string& character) {
  if (character == " ") return "␣";
  if (character == "\n") return "↵";
  return character;
}

std::vector<std::string> labelsOf(const CharacterText& text,
                                  std::span<const std::int64_t> numbers) {
  std::vector<std::string> labels;
  for (const std::int64_t number : numbers)
    labels.push_back(label(text.alphabet[static_cast<std::size_t>(number)]));
  return labels;
}

double blindGuess(const CharacterText& text) {
  return std::log(static_cast<double>(text.vocabulary()));
}

/// The character after each of the prompt, as far as the prompt says; probabilities [layers + 1,
/// length - 1] of it, read out after k blocks.
MatrixData lensMatrix(const GptProbe& probe, const torch::Tensor& probabilities) {
  const auto length = static_cast<std::int64_t>(probe.prompt.size());
  const auto targets = torch::tensor(probe.prompt, torch::kLong).narrow(0, 1, length - 1);
  const auto index =
      targets.to(probabilities.device()).view({1, -1, 1}).expand({probabilities.size(0), -1, 1});
  const auto right = probabilities.narrow(1, 0, length - 1).gather(2, index).squeeze(2);
  std::vector<std::string> rows;
  for (std::int64_t k = 0; k < probabilities.size(0); ++k) rows.push_back(std::to_string(k));
  return attentionMatrix(right, rows, labelsOf(probe.text, std::span(probe.prompt).subspan(1)));
}

TokensData lensGuesses(const GptProbe& probe, const torch::Tensor& probabilities) {
  TokensData tokens;
  tokens.minimum = 0;
  tokens.maximum = 1;
  TokensData::Row read{"read", Word{"tiny-gpt.curve.read"}, {}};
  for (const std::int64_t number : probe.prompt)
    read.pieces.push_back({probe.text.alphabet[static_cast<std::size_t>(number)], std::nullopt});
  tokens.rows.push_back(std::move(read));
  const auto [largest, guess] = probabilities.max(2);
  const auto values = numbersOf(largest), numbers = numbersOf(guess);
  const std::size_t length = probe.prompt.size();
  for (std::int64_t k = 0; k < probabilities.size(0); ++k) {
    TokensData::Row row{std::to_string(k), Word{"tiny-gpt.curve." + std::to_string(k)}, {}};
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t at = static_cast<std::size_t>(k) * length + i;
      row.pieces.push_back(
          {probe.text.alphabet[static_cast<std::size_t>(numbers[at])], values[at]});
    }
    tokens.rows.push_back(std::move(row));
  }
  return tokens;
}

/// The likeliest characters after the prompt, as the net gives them and as the filters leave them.
BarsData nextCharacter(const CharacterText& text, const std::vector<double>& logits,
                       const SamplingFilters& filters) {
  const auto stages = samplingStages(logits, filters);
  const auto &given = stages.front().probabilities, &left = stages.back().probabilities;
  std::vector<std::size_t> order(given.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return given[a] > given[b]; });
  order.resize(std::min(order.size(), kMostBars));
  BarsData bars;
  BarsData::Group net{"net", Word{"tiny-gpt.curve.net"}, {}};
  BarsData::Group filtered{"filtered", Word{"tiny-gpt.curve.filtered"}, {}};
  for (const std::size_t i : order) {
    bars.categories.push_back(label(text.alphabet[i]));
    net.values.push_back(given[i]);
    filtered.values.push_back(left[i]);
  }
  bars.groups = {std::move(net), std::move(filtered)};
  return bars;
}

}  // namespace

TokensData surpriseTokens(const CharacterText& text, std::span<const std::int64_t> shown,
                          const std::vector<double>& surprise) {
  TokensData tokens;
  tokens.minimum = 0;
  tokens.maximum = blindGuess(text);
  TokensData::Row row{"held_out", Word{"tiny-gpt.curve.held_out"}, {}};
  for (std::size_t i = 0; i <= surprise.size(); ++i)
    row.pieces.push_back({text.alphabet[static_cast<std::size_t>(shown[i])],
                          i == 0 ? std::nullopt : std::optional(surprise[i - 1])});
  tokens.rows.push_back(std::move(row));
  return tokens;
}

TokensData sampleTokens(const GptProbe& probe, const std::vector<Written>& written) {
  TokensData tokens;
  tokens.minimum = 0;
  tokens.maximum = blindGuess(probe.text);
  const auto character = [&](std::int64_t number) {
    return probe.text.alphabet[static_cast<std::size_t>(number)];
  };
  TokensData::Row prompt{"prompt", Word{"tiny-gpt.curve.prompt"}, {}};
  for (const std::int64_t number : probe.prompt)
    prompt.pieces.push_back({character(number), std::nullopt});
  TokensData::Row row{"written", Word{"tiny-gpt.curve.written"}, {}};
  for (const Written& one : written) row.pieces.push_back({character(one.token), one.surprise});
  tokens.rows = {std::move(prompt), std::move(row)};
  return tokens;
}

void showProbe(Frame& frame, const GptProbe& probe, std::int64_t layer, std::int64_t head,
               const SamplingFilters& filters) {
  const torch::NoGradGuard no_grad;
  const auto tokens = torch::tensor(probe.prompt, torch::kLong)
                          .unsqueeze(0)
                          .to(probe.net.weights().flat().device());
  std::vector<BlockTrace> traces;
  Reading how;
  how.traces = &traces;
  const auto embedded = probe.net.embedded(tokens);
  const auto last = probe.net.hidden(embedded, how);
  std::vector<torch::Tensor> read{probe.net.readOut(embedded)[0][0]};
  for (const BlockTrace& trace : traces)
    read.push_back(probe.net.readOut(trace.hidden.view_as(last))[0][0]);
  const auto probabilities = torch::stack(read).softmax(2);
  frame.at<MatrixData>("logit_lens") = lensMatrix(probe, probabilities);
  frame.at<TokensData>("lens_guesses") = lensGuesses(probe, probabilities);
  const auto labels = labelsOf(probe.text, probe.prompt);
  frame.at<MatrixData>("attention") =
      attentionMatrix(traces[layer].self.weights[0][0][head], labels, labels);
  frame.at<BarsData>("next_character") =
      nextCharacter(probe.text, numbersOf(read.back()[-1]), filters);
}

}  // namespace viva
