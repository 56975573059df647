// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/bert/masked_writing.h"

#include <torch/utils.h>

#include <algorithm>

#include "lessons/data/agreement_grammar.h"

namespace viva {
namespace {

/// Draws what stands at `place` of `texts` [nets, count, length], of which the first `read` places
/// are read, all nets by the same chances.
void fill(const Transformer& nets, const MaskedText& text, torch::Tensor& texts, std::int64_t place,
          std::int64_t read, at::Generator generator) {
  texts.select(2, place).fill_(text.mask());
  // [MASK] is nothing that one writes.
  const auto logits = nets.forward(texts.narrow(2, 0, read)).select(2, place);
  const auto probabilities = torch::softmax(logits.narrow(-1, 0, text.mask()), -1);
  const auto chances = torch::rand({1, texts.size(1), 1}, generator).to(texts.device());
  const auto drawn = probabilities.cumsum(-1).lt(chances).sum(-1);
  texts.select(2, place).copy_(drawn.clamp_max(text.mask() - 1));
}

torch::Tensor allHidden(const Transformer& nets, const MaskedText& text, std::int64_t count) {
  return torch::full(
      {nets.copies(), count, text.length()}, text.mask(),
      torch::TensorOptions().dtype(torch::kLong).device(nets.weights().flat().device()));
}

}  // namespace

torch::Tensor writtenWordByWord(const Transformer& nets, const MaskedText& text, std::int64_t count,
                                at::Generator generator) {
  const torch::NoGradGuard no_grad;
  auto texts = allHidden(nets, text, count);
  for (std::int64_t place = 0; place < text.length(); ++place)
    fill(nets, text, texts, place, place + 1, generator);
  return texts;
}

torch::Tensor writtenFromTheLeft(const Transformer& nets, const MaskedText& text,
                                 std::int64_t count, at::Generator generator) {
  const torch::NoGradGuard no_grad;
  auto texts = allHidden(nets, text, count);
  for (std::int64_t place = 0; place < text.length(); ++place)
    fill(nets, text, texts, place, text.length(), generator);
  return texts;
}

torch::Tensor writtenBySweeps(const Transformer& nets, const MaskedText& text, std::int64_t count,
                              std::int64_t sweeps, at::Generator generator) {
  const torch::NoGradGuard no_grad;
  auto texts = allHidden(nets, text, count);
  for (std::int64_t sweep = 0; sweep < sweeps; ++sweep) {
    const auto order = torch::randperm(text.length(), generator, torch::kLong);
    for (std::int64_t i = 0; i < text.length(); ++i)
      fill(nets, text, texts, order[i].item<std::int64_t>(), text.length(), generator);
  }
  return texts;
}

double grammaticalShare(const torch::Tensor& sentences) {
  const auto host = sentences.to(torch::kCPU).contiguous();
  const auto* word = host.data_ptr<std::int64_t>();
  const std::int64_t count = host.size(0), length = host.size(1);
  std::int64_t without_fault = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto faults = agreement::faults({word + i * length, word + (i + 1) * length});
    without_fault += std::find(faults.begin(), faults.end(), true) == faults.end();
  }
  return static_cast<double>(without_fault) / static_cast<double>(count);
}

}  // namespace viva
