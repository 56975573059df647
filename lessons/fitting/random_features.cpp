// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fitting/random_features.h"

#include <torch/types.h>

#include <cmath>

#include "lessons/data/dataset.h"

namespace viva {
namespace {

constexpr std::uint64_t kSampleStream = 0, kNoiseStream = 1, kDirectionStream = 2, kRuleStream = 3,
                        kTestStream = 4;
constexpr std::int64_t kTestSamples = 200;

torch::Tensor normal(at::IntArrayRef shape, std::uint64_t seed, std::uint64_t stream) {
  return torch::randn(shape, generatorFor(seed, stream), torch::kFloat64);
}

}  // namespace

RegressionDraws::RegressionDraws(std::int64_t draws, std::int64_t samples, std::int64_t widest,
                                 double noise, std::uint64_t seed)
    : inputs(normal({draws, samples, kRegressionInputs}, seed, kSampleStream)),
      test_inputs(normal({draws, kTestSamples, kRegressionInputs}, seed, kTestStream)),
      directions(normal({draws, kRegressionInputs, widest}, seed, kDirectionStream)) {
  auto rule = normal({draws, kRegressionInputs, 1}, seed, kRuleStream);
  rule /= rule.norm(2, 1, true);
  targets = torch::bmm(inputs, rule) + noise * normal({draws, samples, 1}, seed, kNoiseStream);
  test_targets = torch::bmm(test_inputs, rule);
}

torch::Tensor reluFeatures(const torch::Tensor& inputs, const torch::Tensor& directions,
                           std::int64_t width) {
  return torch::bmm(inputs, directions.slice(2, 0, width)).relu() /
         std::sqrt(static_cast<double>(width));
}

torch::Tensor ridgeWeights(const torch::Tensor& features, const torch::Tensor& targets,
                           double ridge) {
  const auto transposed = features.transpose(1, 2);
  const bool is_wide = features.size(2) > features.size(1);
  const auto gram = is_wide ? torch::bmm(features, transposed) : torch::bmm(transposed, features);
  const auto [values, vectors] = torch::linalg_eigh(gram);
  auto inverse = 1 / (values + ridge);
  // Directions that hold nothing but rounding are left at zero.
  if (ridge == 0) inverse = inverse.masked_fill(values <= 1e-13 * values.amax(1, true), 0.0);
  const auto solve = [&](const torch::Tensor& right) {
    return torch::bmm(vectors, inverse.unsqueeze(2) * torch::bmm(vectors.transpose(1, 2), right));
  };
  if (is_wide) return torch::bmm(transposed, solve(targets));
  return solve(torch::bmm(transposed, targets));
}

}  // namespace viva
