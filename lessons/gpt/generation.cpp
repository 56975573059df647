// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/generation.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

torch::Tensor rowOf(const std::vector<std::int64_t>& tokens, const Transformer& net) {
  return torch::tensor(tokens, torch::kLong).unsqueeze(0).to(net.weights().flat().device());
}

}  // namespace

torch::Tensor cachedLogits(const Transformer& net, const torch::Tensor& tokens) {
  const torch::NoGradGuard no_grad;
  KeyValueCache cache;
  Reading how;
  how.cache = &cache;
  std::vector<torch::Tensor> rows;
  for (std::int64_t i = 0; i < tokens.size(0); ++i)
    rows.push_back(net.forward(tokens.narrow(0, i, 1).unsqueeze(0), how)[0][0][0]);
  return torch::stack(rows);
}

std::vector<Written> continued(const Transformer& net, std::vector<std::int64_t> prompt,
                               std::int64_t count, const SamplingFilters& filters,
                               at::Generator generator) {
  const torch::NoGradGuard no_grad;
  const std::int64_t context = net.shape().context;
  const auto uniform = numbersOf(torch::rand({count}, generator, torch::kDouble));
  std::vector<std::int64_t> text = std::move(prompt), unread = text;
  std::vector<Written> written;
  KeyValueCache cache;
  for (std::int64_t i = 0; i < count; ++i) {
    if (cache.length + static_cast<std::int64_t>(unread.size()) > context) {
      cache = {};
      unread.assign(text.end() - std::max<std::int64_t>(1, context / 2), text.end());
    }
    Reading how;
    how.cache = &cache;
    const auto logits = numbersOf(net.forward(rowOf(unread, net), how)[0][0][-1]);
    const auto token =
        static_cast<std::int64_t>(tokenAt(samplingDistribution(logits, filters), uniform[i]));
    const auto free = samplingDistribution(logits, {});
    written.push_back({token, -std::log(free[token])});
    text.push_back(token);
    unread = {token};
  }
  return written;
}

}  // namespace viva
