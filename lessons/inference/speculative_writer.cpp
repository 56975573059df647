// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/speculative_writer.h"

#include <torch/utils.h>

#include <utility>

#include "lessons/inference/grouped_cache.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kPromptLength = 16;

torch::Tensor lineOf(const std::vector<std::int64_t>& text, std::int64_t from,
                     const Transformer& net) {
  return torch::tensor(std::vector<std::int64_t>(text.begin() + from, text.end()), torch::kLong)
      .unsqueeze(0)
      .to(net.weights().flat().device());
}

}  // namespace

SpeculativeWriter::SpeculativeWriter(const Transformer& target, const Transformer& draft,
                                     std::vector<std::int64_t> prompts, std::int64_t k,
                                     double temperature, at::Generator generator)
    : target_(target),
      draft_(draft),
      prompts_(std::move(prompts)),
      k_(k),
      temperature_(temperature),
      generator_(std::move(generator)) {
  begin();
}

void SpeculativeWriter::begin() {
  passage_.clear();
  target_cache_ = {};
  draft_cache_ = {};
  if (next_prompt_ + kPromptLength > prompts_.size()) next_prompt_ = 0;
  for (std::int64_t i = 0; i < kPromptLength; ++i) passage_.push_back({prompts_[next_prompt_++]});
}

/// The net reads what of `text` is not in its cache yet; the shares after each of the `last`
/// tokens.
std::vector<TokenShares> SpeculativeWriter::readOn(const Transformer& net, KeyValueCache& cache,
                                                   const std::vector<std::int64_t>& text,
                                                   std::int64_t last) const {
  Reading how;
  how.cache = &cache;
  const auto logits = net.forward(lineOf(text, cache.length, net), how)[0][0];
  std::vector<TokenShares> shares;
  for (std::int64_t i = logits.size(0) - last; i < logits.size(0); ++i)
    shares.push_back(sharesAt(numbersOf(logits[i]), temperature_));
  return shares;
}

SpeculativeRound SpeculativeWriter::round(SpeculationTimes* times) {
  const torch::NoGradGuard no_grad;
  const auto before = static_cast<std::int64_t>(passage_.size());
  if (before + k_ + 1 > target_.shape().context) begin();
  const auto timed = [](MeasuredTimes* clock, auto&& work) {
    return clock ? clock->measure(work) : work();
  };
  const auto uniform = numbersOf(torch::rand({2 * k_ + 2}, generator_, torch::kDouble));
  std::vector<std::int64_t> text;
  for (const SpeculatedToken& one : passage_) text.push_back(one.token);
  const auto kept = static_cast<std::int64_t>(text.size());

  // The draft writes k tokens, one pass each.
  std::vector<TokenShares> q;
  for (std::int64_t i = 0; i < k_; ++i) {
    const auto pass = [&] { return readOn(draft_, draft_cache_, text, 1)[0]; };
    q.push_back(timed(times ? &times->draft : nullptr, pass));
    text.push_back(static_cast<std::int64_t>(drawnToken(q.back(), uniform[i])));
  }
  // The target judges all of them in one.
  const auto pass = [&] { return readOn(target_, target_cache_, text, k_ + 1); };
  const auto p = timed(times ? &times->target : nullptr, pass);

  SpeculativeRound round;
  for (std::int64_t i = 0; i < k_; ++i) {
    const auto drafted = static_cast<std::size_t>(text[kept + i]);
    const Judged judged = judgedToken(p[i], q[i], drafted, uniform[k_ + i], uniform[2 * k_]);
    round.judged += 1;
    round.alpha += acceptance(p[i], q[i]);
    const auto token = static_cast<std::int64_t>(judged.token);
    if (!judged.is_accepted) {
      passage_.push_back({token, TokenOrigin::Corrected, text[kept + i]});
      break;
    }
    round.accepted += 1;
    passage_.push_back({token, TokenOrigin::Accepted});
  }
  if (round.accepted == k_) {
    const auto extra = static_cast<std::int64_t>(drawnToken(p[k_], uniform[2 * k_ + 1]));
    passage_.push_back({extra, TokenOrigin::Extra});
  }
  round.tokens = round.accepted + 1;
  // Neither has read the last token; what was refused leaves both caches.
  const auto read = static_cast<std::int64_t>(passage_.size()) - 1;
  target_cache_ = firstOf(target_cache_, std::min(read, target_cache_.length));
  draft_cache_ = firstOf(draft_cache_, std::min(read, draft_cache_.length));
  if (times) {
    KeyValueCache cache = target_cache_;
    std::vector<std::int64_t> one{passage_.back().token};
    Reading how;
    how.cache = &cache;
    times->alone.measure([&] { return target_.forward(lineOf(one, 0, target_), how).defined(); });
  }
  return round;
}

TokenShares nextShares(const Transformer& net, const std::vector<std::int64_t>& text,
                       double temperature) {
  const torch::NoGradGuard no_grad;
  return sharesAt(numbersOf(net.forward(lineOf(text, 0, net))[0][0][-1]), temperature);
}

}  // namespace viva
