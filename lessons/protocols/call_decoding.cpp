// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/call_decoding.h"

#include <torch/utils.h>

#include <algorithm>

namespace viva {

std::vector<DecodedCall> decodedCalls(const Transformer& net,
                                      const std::vector<std::vector<std::int64_t>>& requests,
                                      const std::vector<Constraint>& constraints) {
  const torch::NoGradGuard no_grad;
  const auto rows = static_cast<std::int64_t>(requests.size());
  const auto device = net.weights().flat().device();
  std::vector<CallWriting> writings(constraints.begin(), constraints.end());
  std::vector<DecodedCall> decoded(requests.size());
  std::vector<std::int64_t> unread;
  for (const auto& request : requests) unread.insert(unread.end(), request.begin(), request.end());
  std::int64_t width = kRequestTokens;
  KeyValueCache cache;
  Reading how;
  how.cache = &cache;
  for (std::int64_t position = 0; position < kCallTokens; ++position) {
    const auto tokens = torch::tensor(unread, torch::kLong).view({rows, width}).to(device);
    const auto p = net.forward(tokens, how)[0]
                       .select(1, width - 1)
                       .softmax(-1)
                       .to(torch::kCPU, torch::kDouble)
                       .contiguous();  // [rows, V]
    const std::int64_t vocabulary = p.size(1);
    unread.clear();
    for (std::int64_t row = 0; row < rows; ++row) {
      const double* const chances = p.data_ptr<double>() + row * vocabulary;
      CallWriting& writing = writings[row];
      const std::vector<bool> allowed = writing.allowed();
      std::int64_t best = -1;
      for (std::int64_t token = 0; token < vocabulary; ++token)
        if (allowed[token] && (best < 0 || chances[token] > chances[best])) best = token;
      if (!writing.isOver()) decoded[row].probabilities.push_back(chances[best]);
      writing.add(best);
      unread.push_back(best);
    }
    width = 1;
    if (std::ranges::all_of(writings, &CallWriting::isOver)) break;
  }
  for (std::size_t row = 0; row < decoded.size(); ++row)
    decoded[row].tokens = writings[row].tokens();
  return decoded;
}

}  // namespace viva
