// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/induction_heads_views.h"

#include <torch/utils.h>

#include <string>

#include "lessons/nn/attention_views.h"
#include "lessons/nn/head_list.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

std::vector<std::string> lettersOf(const torch::Tensor& tokens) {
  std::vector<std::string> letters;
  for (const double number : numbersOf(tokens))
    letters.emplace_back(1, static_cast<char>('a' + static_cast<int>(number)));
  return letters;
}

}  // namespace

void showString(Frame& frame, const Transformer& net, const RepeatedStrings& string,
                const torch::Tensor& gain, std::int64_t layer, std::int64_t head) {
  const torch::NoGradGuard no_grad;
  const std::int64_t length = string.tokens.size(1);
  std::vector<BlockTrace> traces;
  Reading how;
  how.gain = gain;
  how.traces = &traces;
  const auto logits = net.forward(string.tokens.narrow(1, 0, length - 1), how);
  const auto weights = traces[layer].self.weights[0][0][head];
  const auto letters = lettersOf(string.tokens[0]);
  const std::vector<std::string> read(letters.begin(), letters.end() - 1);
  frame.at<MatrixData>("attention") = attentionMatrix(weights, read, read);

  const auto next = string.tokens.narrow(1, 1, length - 1);
  const auto given =
      numbersOf(logits[0].softmax(-1).gather(-1, next.unsqueeze(-1)).squeeze(-1).flatten());
  TokensData tokens;
  tokens.minimum = 0;
  tokens.maximum = 1;
  TokensData::Row row{"string", Word{"induction-heads.curve.string"}, {}};
  for (std::int64_t i = 0; i < length; ++i)
    row.pieces.push_back({letters[i], i == 0 ? std::nullopt : std::optional(given[i - 1])});
  tokens.rows.push_back(std::move(row));
  // Where the string is said again; the arcs of what was random would hide these.
  const std::int64_t again = length - string.periods[0].item<std::int64_t>();
  auto of_second = weights.clone();
  of_second.narrow(0, 0, again).zero_();
  addArcs(tokens, of_second, 0, 0, -1, headName(layer, head), 0.3);
  frame.at<TokensData>("arcs") = std::move(tokens);
}

}  // namespace viva
