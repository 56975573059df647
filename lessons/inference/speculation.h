// SPDX-License-Identifier: GPL-3.0-or-later
// The rule of speculative decoding (arXiv 2211.17192, 2302.01318); without LibTorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace viva {

using TokenShares = std::vector<double>;  ///< probabilities of the tokens

/// softmax(logits / temperature); at 0 the first of the largest has all.
TokenShares sharesAt(const std::vector<double>& logits, double temperature);
/// The token whose part of [0, 1) `uniform` lies in.
std::size_t drawnToken(const TokenShares& shares, double uniform);

/// The sum of min(p, q): how probable it is that a token drawn from q is accepted; 1 - TV(p, q).
double acceptance(const TokenShares& p, const TokenShares& q);
/// max(p - q, 0), made to sum to 1: what a rejected token is replaced from. p where q is p.
TokenShares residual(const TokenShares& p, const TokenShares& q);

/// Tokens that one pass of the target gives, in the mean: (1 - alpha^(k+1)) / (1 - alpha), if every
/// position were accepted with the same probability, whatever the others.
double tokensPerPass(double alpha, std::int64_t k);
/// How many times as fast as the target alone: tokens / (c k + 1), where a pass of the draft costs
/// c passes of the target.
double speedUp(double tokens_per_pass, std::int64_t k, double cost_ratio);

struct Judged {
  bool is_accepted = false;
  std::size_t token = 0;  ///< the draft's, or its correction
};
/// Judges `drafted`, which was drawn from q: accepted with probability min(1, p / q).
Judged judgedToken(const TokenShares& p, const TokenShares& q, std::size_t drafted,
                   double uniform_accept, double uniform_correct);

}  // namespace viva
