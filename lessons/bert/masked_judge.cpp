// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/bert/masked_judge.h"

#include <torch/utils.h>

#include <cmath>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kSentences = 64;

}  // namespace

MaskedJudge::MaskedJudge(const MaskedText& text, double rate, at::Generator generator,
                         const std::string& device)
    : text_(text) {
  if (text.isGrammar()) {
    sentences_ = agreement::draw(kSentences, generator);
    plain_ = sentences_.words;
  } else {
    plain_ = text.drawHeldOut(kSentences, generator);
  }
  blanks_ = hide(text, plain_, {{rate, Replacement::MaskOnly}}, generator);
  std::vector<torch::Tensor> read{blanks_.inputs, plain_};
  if (text.isGrammar())
    for (const auto kind : agreement::kDecided)
      read.push_back(plain_.scatter(1, sentences_.placeOf(kind).unsqueeze(1), text.mask()));
  all_ = torch::cat(read).to(device);
  plain_targets_ = plain_.to(device);
  blank_targets_ = blanks_.targets.to(device);
}

std::vector<MaskedJudge::Finding> MaskedJudge::judge(const Transformer& nets) const {
  const torch::NoGradGuard no_grad;
  const auto logits = nets.forward(all_);  // [nets, everything, length, V]
  const auto part = [&](std::int64_t index) {
    return logits.narrow(1, index * kSentences, kSentences);
  };
  std::vector<Finding> found(nets.copies());
  const auto losses = numbersOf(tokenLoss(part(0), blank_targets_));
  const auto right = numbersOf(tokenAccuracy(part(0), blank_targets_));
  const auto seen = numbersOf(tokenAccuracy(part(1), plain_targets_));
  for (std::size_t net = 0; net < found.size(); ++net)
    found[net] = {losses[net], right[net], seen[net]};
  if (!text_.isGrammar()) return found;
  const auto rows = torch::arange(kSentences);
  for (std::size_t i = 0; i < agreement::kDecided.size(); ++i) {
    const auto kind = agreement::kDecided[i];
    const auto at_blank = part(2 + static_cast<std::int64_t>(i))
                              .to(torch::kCPU)
                              .index({torch::indexing::Slice(), rows, sentences_.placeOf(kind)})
                              .softmax(-1);  // [nets, sentences, V]
    std::vector<torch::Tensor> forms;
    for (std::int64_t form = 0; form < agreement::formsOf(kind); ++form) {
      const auto [first, end] = agreement::wordsOf(kind, form);
      forms.push_back(at_blank.narrow(-1, first, end - first).sum(-1));
    }
    const auto named = torch::stack(forms, -1).argmax(-1).eq(sentences_.formOf(kind));
    const auto shares = numbersOf(named.to(torch::kFloat).mean(-1));
    for (std::size_t net = 0; net < found.size(); ++net) found[net].decided[i] = shares[net];
  }
  return found;
}

double MaskedJudge::bestLoss(bool sees_the_right) const {
  const auto inputs = blanks_.inputs.accessor<std::int64_t, 2>();
  const auto targets = blanks_.targets.accessor<std::int64_t, 2>();
  double sum = 0;
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < kSentences; ++row)
    for (std::int64_t blank = 0; blank < text_.length(); ++blank) {
      if (targets[row][blank] == kIgnored) continue;
      std::vector<std::int64_t> seen(text_.length(), agreement::kUnseen);
      for (std::int64_t place = 0; place < (sees_the_right ? text_.length() : blank); ++place)
        if (inputs[row][place] != text_.mask()) seen[place] = inputs[row][place];
      sum -= std::log(agreement::answer(seen, blank)[targets[row][blank]]);
      ++count;
    }
  return sum / static_cast<double>(count);
}

}  // namespace viva
