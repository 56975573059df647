// SPDX-License-Identifier: GPL-3.0-or-later
// Four answers to "which pixels made the net say so", and how much two of them agree.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/convolution/digit_nets.h"

namespace viva {

/// The side of the grid on which maps are compared: cells of 2 x 2 pixels.
inline constexpr std::int64_t kHeatSide = 14;
/// What covers the image in `occlusion`: 4 x 4 pixels of blank paper, moved by 2.
inline constexpr std::int64_t kPatch = 4;

/// Grad-CAM (Selvaraju et al., arXiv 1610.02391) on convolution 2 behind its ReLU:
/// ReLU(sum_k a_k A_k) with a_k the mean gradient of the logit of `digit` over map k. Laid over the
/// pixels above which its 10 x 10 cells stand (bilinear, twice as large, 4 pixels of margin):
/// [28, 28]. `image` [1, 1, 28, 28].
torch::Tensor gradCam(const NetWeights& lenet, const torch::Tensor& image, std::int64_t digit);

/// How far the logit of `digit` falls when a patch of paper covers the cell (Zeiler and Fergus,
/// arXiv 1311.2901); below zero where it rises: [14, 14].
torch::Tensor occlusion(const NetWeights& lenet, const torch::Tensor& image, std::int64_t digit);

/// |d logit / d pixel| by guided backpropagation (Springenberg et al., arXiv 1412.6806), where each
/// ReLU lets only positive gradients back: [28, 28].
torch::Tensor guidedBackpropagation(const NetWeights& lenet, const torch::Tensor& image,
                                    std::int64_t digit);

/// Means over the cells of the grid of a map [28, 28] or [14, 14]: [14, 14].
torch::Tensor onHeatGrid(const torch::Tensor& map);
/// Spearman's rank correlation, equal values with their mean rank; 0 where a map is constant.
double rankCorrelation(const torch::Tensor& one, const torch::Tensor& other);

struct HeatMaps {
  torch::Tensor occlusion, grad_cam, guided;
};
HeatMaps heatMaps(const NetWeights& lenet, const torch::Tensor& image, std::int64_t digit);

/// Rank correlations: of Grad-CAM with occlusion, and of each map with the same map of a net whose
/// weights were randomised (Adebayo et al., arXiv 1810.03292).
struct HeatAgreement {
  double rank_correlation = 0;
  double kept_occlusion = 0, kept_grad_cam = 0, kept_guided = 0;
};
HeatAgreement agreementOf(const HeatMaps& trained, const HeatMaps& randomised);

}  // namespace viva
