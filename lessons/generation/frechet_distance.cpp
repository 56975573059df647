// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/frechet_distance.h"

#include <torch/utils.h>

#include <utility>

namespace viva {
namespace {

/// The mean [d] and the covariance [d, d] of rows.
std::pair<torch::Tensor, torch::Tensor> gaussianOf(const torch::Tensor& rows) {
  const auto x = rows.to(torch::kCPU, torch::kDouble);
  const auto mean = x.mean(0), centred = x - mean;
  return {mean, centred.t().matmul(centred) / static_cast<double>(x.size(0) - 1)};
}

/// The symmetric root of a matrix without negative eigenvalues.
torch::Tensor rootOf(const torch::Tensor& matrix) {
  const auto [values, vectors] = torch::linalg_eigh(matrix, "L");
  return vectors.matmul((values.clamp_min(0).sqrt()).unsqueeze(1) * vectors.t());
}

}  // namespace

double frechetDistance(const torch::Tensor& one, const torch::Tensor& other) {
  const torch::NoGradGuard no_grad;
  const auto [mean, covariance] = gaussianOf(one);
  const auto [other_mean, other_covariance] = gaussianOf(other);
  // The eigenvalues of C1 C2 are those of R C2 R with the root R of C1, which is symmetric.
  const auto root = rootOf(covariance);
  const auto product = root.matmul(other_covariance).matmul(root);
  const auto cross =
      torch::linalg_eigvalsh((product + product.t()) / 2, "L").clamp_min(0).sqrt().sum();
  return ((mean - other_mean).square().sum() + covariance.trace() + other_covariance.trace() -
          2 * cross)
      .item<double>();
}

}  // namespace viva
