// SPDX-License-Identifier: GPL-3.0-or-later
// How far two sets of features are apart, each seen as a Gaussian.
#pragma once

#include <torch/types.h>

namespace viva {

/// The squared Fréchet distance of the Gaussians with the means and (unbiased) covariances of `one`
/// [n, d] and `other` [m, d], computed in float64; n and m at least 2. With the features of an
/// Inception net it is FID (Heusel et al., arXiv 1706.08500).
double frechetDistance(const torch::Tensor& one, const torch::Tensor& other);

}  // namespace viva
