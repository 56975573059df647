// SPDX-License-Identifier: GPL-3.0-or-later
// Scores of samples from the outputs of a net; higher is more like the training data.
#pragma once

#include <torch/types.h>

#include <functional>

namespace viva {

/// Logits [samples, classes] -> [samples]; Hendrycks and Gimpel (arXiv 1610.02136).
torch::Tensor maxSoftmax(const torch::Tensor& logits);
/// T logsumexp(z / T), which is minus the energy; Liu et al. (arXiv 2010.03759).
torch::Tensor negativeEnergy(const torch::Tensor& logits, double temperature = 1);
/// The largest softmax at T after a small step of the inputs that raises it; Liang et al.
/// (arXiv 1706.02690).
torch::Tensor odin(const std::function<torch::Tensor(const torch::Tensor&)>& logits,
                   const torch::Tensor& inputs, double temperature, double epsilon);

/// Class means and one shared covariance of features; Lee et al. (arXiv 1807.03888).
struct ClassGaussians {
  torch::Tensor means;      ///< [classes, features]
  torch::Tensor precision;  ///< [features, features]
  /// Squared distances [samples, classes].
  torch::Tensor distances(const torch::Tensor& features) const;
  /// Minus the smallest: [samples].
  torch::Tensor score(const torch::Tensor& features) const;
};
/// Training features of length 1; Sun et al. (arXiv 2204.06507).
struct NearestFeatures {
  torch::Tensor directions;  ///< [samples, features]
  /// Minus the distance of `features` [n, features], made as long, to the k-th nearest: [n].
  torch::Tensor score(const torch::Tensor& features, std::int64_t k) const;
};
NearestFeatures nearestFeatures(const torch::Tensor& features);

/// A little of the identity is added to the covariance, so that dead features do no harm.
ClassGaussians classGaussians(const torch::Tensor& features, const torch::Tensor& labels,
                              std::int64_t classes);

}  // namespace viva
