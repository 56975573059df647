// SPDX-License-Identifier: GPL-3.0-or-later
// The three nets that read digits, and what LeNet makes of an image on the way.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/nn/flat_weights.h"

namespace viva {

inline constexpr std::int64_t kReaderSide = 28;  ///< pixels of what the nets read, across and down

/// LeNet: convolutions, pools, then fully connected layers (LeCun et al. 1998, with ReLU, maximum
/// pooling and a linear end: 61,706 weights). Mlp: one hidden layer of 78, 62,020 weights. Pooled:
/// three convolutions, the mean over all places, one linear layer: 8,394 weights.
enum class DigitNet { LeNet, Mlp, Pooled };
inline constexpr DigitNet kDigitNets[] = {DigitNet::LeNet, DigitNet::Mlp, DigitNet::Pooled};

/// `lenet`, `mlp`, `pooled`: as records and curves spell it.
std::string nameOf(DigitNet net);
/// The weights as torch.nn.Sequential names them: `0.weight`, `0.bias`, `3.weight`, ...
std::vector<WeightShape> shapesOf(DigitNet net, std::int64_t classes);
/// Multiply-accumulates for one image, of convolutions and linear layers.
std::int64_t macsOf(DigitNet net, std::int64_t classes);

/// The weights of one net in the order of its shapes, without the dimension of copies.
using NetWeights = std::vector<torch::Tensor>;
/// Views of a row [parameters] that was kept.
NetWeights weightsOf(const std::vector<WeightShape>& shapes, const torch::Tensor& row);
/// The same, recording no gradients.
NetWeights detached(const NetWeights& weights);

/// Logits [images, classes] for images [images, 1, 28, 28], ink from 0 to 1.
torch::Tensor logitsOf(DigitNet net, const NetWeights& weights, const torch::Tensor& images);

/// What LeNet makes of images on the way.
struct LeNetPass {
  torch::Tensor first;   ///< of convolution 1, before ReLU [images, 6, 28, 28]
  torch::Tensor pooled;  ///< behind ReLU and pool [images, 6, 14, 14]
  torch::Tensor second;  ///< of convolution 2, before ReLU [images, 16, 10, 10]
};
LeNetPass lenetPass(const NetWeights& weights, const torch::Tensor& images);
/// What follows convolution 2 behind its ReLU: [images, 16, 10, 10] to logits [images, classes].
/// `relu` is what all further ReLUs do.
torch::Tensor readOut(const NetWeights& weights, const torch::Tensor& maps,
                      torch::Tensor (*relu)(const torch::Tensor&));

/// The same weights in the library's own modules: the independent way.
torch::Tensor logitsByModules(const NetWeights& weights, const torch::Tensor& images);

}  // namespace viva
