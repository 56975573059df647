// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/speculation.h"

#include <algorithm>
#include <cmath>

namespace viva {

TokenShares sharesAt(const std::vector<double>& logits, double temperature) {
  const auto largest = std::max_element(logits.begin(), logits.end());
  TokenShares shares(logits.size(), 0);
  if (temperature <= 0) {
    shares[static_cast<std::size_t>(largest - logits.begin())] = 1;
    return shares;
  }
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    sum += shares[i] = std::exp((logits[i] - *largest) / temperature);
  for (double& share : shares) share /= sum;
  return shares;
}

std::size_t drawnToken(const TokenShares& shares, double uniform) {
  std::size_t last = 0;  // of those that can be drawn, where rounding leaves a gap at the end
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!(shares[i] > 0)) continue;
    last = i;
    uniform -= shares[i];
    if (uniform < 0) break;
  }
  return last;
}

double acceptance(const TokenShares& p, const TokenShares& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += std::min(p[i], q[i]);
  return sum;
}

TokenShares residual(const TokenShares& p, const TokenShares& q) {
  TokenShares rest(p.size());
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += rest[i] = std::max(p[i] - q[i], 0.0);
  if (!(sum > 0)) return p;
  for (double& share : rest) share /= sum;
  return rest;
}

double tokensPerPass(double alpha, std::int64_t k) {
  const auto most = static_cast<double>(k + 1);
  return alpha >= 1 ? most : (1 - std::pow(alpha, most)) / (1 - alpha);
}

double speedUp(double tokens_per_pass, std::int64_t k, double cost_ratio) {
  return tokens_per_pass / (cost_ratio * static_cast<double>(k) + 1);
}

Judged judgedToken(const TokenShares& p, const TokenShares& q, std::size_t drafted,
                   double uniform_accept, double uniform_correct) {
  if (uniform_accept * q[drafted] < p[drafted]) return {true, drafted};
  return {false, drawnToken(residual(p, q), uniform_correct)};
}

}  // namespace viva
