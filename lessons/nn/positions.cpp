// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/positions.h"

#include <torch/types.h>

#include <cmath>
#include <limits>

namespace viva {
namespace {

/// The angles position / 10000^(2i/width), [length, width / 2], in double.
torch::Tensor angles(std::int64_t length, std::int64_t width, std::int64_t first) {
  const auto positions = torch::arange(first, first + length, torch::kDouble);
  const auto exponents = torch::arange(0, width, 2, torch::kDouble) / static_cast<double>(width);
  return positions.unsqueeze(1) * torch::pow(10000.0, -exponents);
}

/// j - i for query i and key j, [queries, keys]; 0 where a query looks at itself.
torch::Tensor distances(std::int64_t queries, std::int64_t keys) {
  const auto of_queries = torch::arange(keys - queries, keys, torch::kFloat).unsqueeze(1);
  return torch::arange(keys, torch::kFloat).unsqueeze(0) - of_queries;
}

}  // namespace

torch::Tensor sinusoidalTable(std::int64_t length, std::int64_t width) {
  const auto turned = angles(length, width, 0);
  return torch::stack({turned.sin(), turned.cos()}, 2).flatten(1).to(torch::kFloat);
}

torch::Tensor rotaryTable(std::int64_t length, std::int64_t width, std::int64_t first) {
  const auto turned = angles(length, width, first).repeat({1, 2});
  return torch::stack({turned.cos(), turned.sin()}).to(torch::kFloat);
}

torch::Tensor rotated(const torch::Tensor& x, const torch::Tensor& table) {
  const auto halves = x.chunk(2, -1);
  return x * table[0] + torch::cat({-halves[1], halves[0]}, -1) * table[1];
}

std::vector<double> alibiSlopes(std::int64_t heads) {
  std::vector<double> slopes;
  for (std::int64_t head = 1; head <= heads; ++head)
    slopes.push_back(std::exp2(-8.0 * static_cast<double>(head) / static_cast<double>(heads)));
  return slopes;
}

torch::Tensor alibiBias(const std::vector<double>& slopes, std::int64_t queries,
                        std::int64_t keys) {
  const auto of_heads = torch::tensor(slopes, torch::kDouble).to(torch::kFloat).view({-1, 1, 1});
  return -of_heads * distances(queries, keys).abs();
}

torch::Tensor causalMask(std::int64_t queries, std::int64_t keys) {
  return torch::zeros({queries, keys})
      .masked_fill(distances(queries, keys) > 0, -std::numeric_limits<float>::infinity());
}

}  // namespace viva
