// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/repeated_strings.h"

#include <torch/types.h>

#include "lessons/nn/transformer.h"

namespace viva {
namespace {

/// The next token at the queries from `begin` to `end`, both [batch, 1].
torch::Tensor targetsBetween(const torch::Tensor& tokens, const torch::Tensor& begin,
                             const torch::Tensor& end) {
  const auto next = tokens.narrow(1, 1, tokens.size(1) - 1);
  const auto places = torch::arange(next.size(1), tokens.options());
  const auto asked = (places >= begin).logical_and(places < end);
  return torch::where(asked, next, torch::full_like(next, kIgnored));
}

}  // namespace

torch::Tensor RepeatedStrings::second() const {
  const auto period = periods.unsqueeze(1);
  const std::int64_t length = tokens.size(1);
  return targetsBetween(tokens, length - period, torch::full_like(period, length - 1));
}

torch::Tensor RepeatedStrings::first() const {
  const auto period = periods.unsqueeze(1);
  const std::int64_t length = tokens.size(1);
  return targetsBetween(tokens, length - 2 * period, length - 1 - period);
}

RepeatedStrings RepeatedStrings::to(torch::Device device) const {
  return {tokens.to(device), periods.to(device)};
}

RepeatedStrings drawStrings(std::int64_t batch, std::int64_t length, std::int64_t vocabulary,
                            at::Generator generator) {
  const auto periods = torch::randint(length / 4, length / 2 + 1, {batch}, generator, torch::kLong);
  const auto random = torch::randint(vocabulary, {batch, length}, generator, torch::kLong);
  const auto places = torch::arange(length).expand({batch, length});
  const auto period = periods.unsqueeze(1);
  // The last period says again what the one before it said.
  const auto source = torch::where(places >= length - period, places - period, places);
  return {random.gather(1, source), periods};
}

HeadScores headScores(const torch::Tensor& weights, const RepeatedStrings& strings) {
  const auto asked = strings.second() != kIgnored;
  const std::int64_t queries = weights.size(2);
  const auto places = torch::arange(queries, strings.tokens.options());
  const auto meanAt = [&](const torch::Tensor& keys) {
    const auto index = keys.clamp(0, queries - 1)
                           .view({-1, 1, queries, 1})
                           .expand({-1, weights.size(1), queries, 1});
    const auto at = weights.gather(3, index).squeeze(3);
    const auto counted = asked.unsqueeze(1).to(at.scalar_type());
    return (at * counted).sum(torch::IntArrayRef({0, 2})) / counted.sum();
  };
  const std::int64_t batch = weights.size(0);
  return {meanAt(places - strings.periods.unsqueeze(1) + 1),
          meanAt((places - 1).expand({batch, queries}).contiguous())};
}

}  // namespace viva
