// SPDX-License-Identifier: GPL-3.0-or-later
// Least squares on random ReLU features: a net whose first layer stays as it was drawn.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace viva {

/// Several draws of one regression, all in float64: inputs, first-layer weights, a linear rule of
/// length 1, and noise on the training targets alone.
struct RegressionDraws {
  torch::Tensor inputs, targets;            ///< [draws, n, 10], [draws, n, 1]
  torch::Tensor test_inputs, test_targets;  ///< [draws, 200, 10], [draws, 200, 1]
  torch::Tensor directions;                 ///< [draws, 10, widest]

  RegressionDraws(std::int64_t draws, std::int64_t samples, std::int64_t widest, double noise,
                  std::uint64_t seed);
};

inline constexpr std::int64_t kRegressionInputs = 10;

/// relu(x W) of the first `width` directions, over the square root of `width` so that a ridge
/// weighs the same at every width: [draws, samples, width].
torch::Tensor reluFeatures(const torch::Tensor& inputs, const torch::Tensor& directions,
                           std::int64_t width);

/// The weights [draws, width, 1] that minimise |F w - y|^2 + ridge |w|^2; without a ridge, the
/// shortest of those that minimise the first term. By the eigenvalues of the smaller of F'F and
/// FF', which is never larger than samples x samples.
torch::Tensor ridgeWeights(const torch::Tensor& features, const torch::Tensor& targets,
                           double ridge);

}  // namespace viva
