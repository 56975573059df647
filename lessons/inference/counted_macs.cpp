// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/counted_macs.h"

#include <torch/types.h>

namespace viva {

CountedPass countedPass(const Transformer& net, const torch::Tensor& tokens, KeyValueCache* cache) {
  CountedPass pass;
  BlockHooks hooks;
  hooks.at = [&](std::int64_t, Site site, const torch::Tensor& input, const torch::Tensor& output) {
    if (site != Site::Activation) pass.macs += input.numel() * output.size(-1);
    return output;
  };
  std::vector<BlockTrace> traces;
  Reading how;
  how.hooks = &hooks;
  how.traces = &traces;
  how.cache = cache;
  const auto x = net.embedded(tokens.unsqueeze(0), cache ? cache->length : 0);
  const auto hidden = net.hidden(x, how);
  // q k^T, and the weights times v
  for (const BlockTrace& trace : traces)
    pass.macs += 2 * trace.self.scores.numel() * trace.self.q.size(-1);
  const auto last = hidden.narrow(2, hidden.size(2) - 1, 1);
  pass.logits = net.readOut(last)[0][0][0];
  pass.macs += last.numel() * pass.logits.size(-1);
  return pass;
}

std::int64_t macsByFormula(const TransformerShape& shape, std::int64_t queries, std::int64_t keys) {
  const std::int64_t d = shape.width;
  const std::int64_t weights = 4 * d * d + 2 * d * shape.hidden;
  return shape.layers * (weights * queries + 2 * queries * keys * d) + d * shape.vocabulary;
}

}  // namespace viva
